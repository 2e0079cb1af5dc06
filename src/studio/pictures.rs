//! `/studio/pictures`: what an author has uploaded, with the Markdown to copy; and an article's cover.

use axum::{
    Json,
    extract::{Multipart, Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::articles::own;
use crate::{
    accounts::{Author, flash},
    app::App,
    articles::{self, Cover, PictureError, Upload},
    entities::picture,
    media::{Picture, Refused, Shown},
    web::{Error, Path, Posted, Result, posted},
};

/// What the page's address may say.
#[derive(Debug, Default, Deserialize)]
pub struct Wanted {
    /// The article to go back to.
    article: Option<Uuid>,
}

/// A picture and its words, as sent.
fn upload(posted: Posted) -> Upload {
    Upload {
        alt: posted.word("alt").to_owned(),
        credit: posted.word("credit").to_owned(),
        bytes: posted.file,
    }
}

#[derive(Serialize)]
struct Row {
    #[serde(flatten)]
    shown: Shown,
    alt: String,
    credit: String,
    markdown: String,
}

/// `GET /studio/pictures`
pub async fn list(
    State(app): State<App>,
    author: Author,
    Query(wanted): Query<Wanted>,
) -> Result<Response> {
    page(&app, &author, wanted.article, None).await
}

/// `POST /studio/pictures`: keeps a picture. To the editor's script it answers with the Markdown.
pub async fn add(
    State(app): State<App>,
    author: Author,
    headers: HeaderMap,
    form: Multipart,
) -> Result<Response> {
    let posted = posted(form).await?;
    let article: Option<Uuid> = posted.word("article").parse().ok();
    let upload = upload(posted);
    match articles::add_picture(&app, author.author.id, upload.clone()).await {
        Ok(kept) if is_script(&headers) => {
            Ok(Json(json!({ "markdown": markdown(&kept) })).into_response())
        }
        Ok(_) => {
            let article = article.map(|id| format!("?article={id}"));
            let path = format!("/studio/pictures{}", article.unwrap_or_default());
            Ok(flash(&app, &path, "flash-picture-added"))
        }
        Err(error) => {
            let refused = (problem(error)?, &upload);
            page(&app, &author, article, Some(refused)).await
        }
    }
}

/// `POST /studio/articles/{id}/cover`: puts a picture above it, changes its words, or takes it away.
pub async fn cover(
    State(app): State<App>,
    author: Author,
    Path(id): Path<Uuid>,
    form: Multipart,
) -> Result<Response> {
    let row = own(&app, &author, id).await?;
    let posted = posted(form).await?;
    let what = posted.word("what").to_owned();
    let upload = upload(posted);
    let words = upload.clone();
    let done = match (what.as_str(), row.cover) {
        ("remove", _) => articles::set_cover(&app, id, None).await,
        (_, Some(path)) if upload.bytes.is_empty() => {
            let Upload { alt, credit, .. } = upload;
            articles::set_cover(&app, id, Some(Cover { path, alt, credit })).await
        }
        _ => match articles::add_picture(&app, row.author_id, upload).await {
            Ok(picture::Model {
                path, alt, credit, ..
            }) => articles::set_cover(&app, id, Some(Cover { path, alt, credit })).await,
            Err(error) => Err(error),
        },
    };
    match done {
        Ok(()) => Ok(flash(
            &app,
            &format!("/studio/articles/{id}"),
            "flash-cover-saved",
        )),
        Err(error) => refused_cover(&app, &author, id, (problem(error)?, &words)),
    }
}

fn refused_cover(
    app: &App,
    author: &Author,
    id: Uuid,
    (problem, words): (&str, &Upload),
) -> Result<Response> {
    let (alt, credit) = (&words.alt, &words.credit);
    let page = json!({ "id": id, "problem": problem, "alt": alt, "credit": credit });
    let page = author.visitor.page(app, "studio/cover.html", &page)?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

/// The key of what a person can mend.
fn problem(error: PictureError) -> Result<&'static str> {
    match error {
        PictureError::Db(error) => Err(error.into()),
        PictureError::Refused(Refused::Failed(error)) => Err(Error::Unavailable(error)),
        error => error.key().ok_or(Error::NotFound),
    }
}

fn is_script(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT);
    accept.is_some_and(|accept| accept == "application/json")
}

async fn page(
    app: &App,
    author: &Author,
    article: Option<Uuid>,
    refused: Option<(&str, &Upload)>,
) -> Result<Response> {
    let rows = articles::pictures(&app.db, author.author.id).await?;
    let rows: Vec<Row> = rows.iter().filter_map(row).collect();
    let page = json!({
        "pictures": rows,
        "article": article,
        "problem": refused.map(|(problem, _)| problem),
        "alt": refused.map(|(_, words)| &words.alt),
        "credit": refused.map(|(_, words)| &words.credit),
    });
    let page = author.visitor.page(app, "studio/pictures.html", &page)?;
    let status = match refused {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    Ok((status, page).into_response())
}

fn row(kept: &picture::Model) -> Option<Row> {
    Some(Row {
        shown: Picture::parse(&kept.path)?.shown(),
        alt: kept.alt.clone(),
        credit: kept.credit.clone(),
        markdown: markdown(kept),
    })
}

/// How the picture is written in a text.
fn markdown(kept: &picture::Model) -> String {
    let mut alt = String::new();
    for c in kept.alt.chars() {
        // So that none of it is read as Markdown.
        if c.is_ascii_punctuation() {
            alt.push('\\');
        }
        alt.push(c);
    }
    let credit = match kept.credit.replace('"', "”") {
        credit if credit.is_empty() => String::new(),
        credit => format!(" \"{credit}\""),
    };
    format!("![{alt}](/media/{}{credit})", kept.path)
}
