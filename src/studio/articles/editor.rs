//! The editor: writing, saving, looking at it first; while somebody types, what she typed is kept.

use axum::{
    Json,
    extract::{Query, State},
    response::{Html, IntoResponse as _, Response},
};
use axum_extra::extract::Form;
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::{
    form::Typed,
    is_lead, own,
    page::{Told, crossed, editor},
    tiers_of,
};
use crate::{
    accounts::{Author, flash},
    app::App,
    articles::{self, Hand, SaveError, Text},
    entities::article,
    web::{Error, Path, Result},
};

/// What the editor's address may say.
#[derive(Debug, Default, Deserialize)]
pub struct Wanted {
    /// A version whose text stands in the form.
    text: Option<Uuid>,
}

/// `GET /studio/articles/new`
pub async fn start(State(app): State<App>, author: Author) -> Result<Response> {
    editor(&app, &author, None, (&Typed::new(&app), Told::default())).await
}

/// `GET /studio/articles/{id}`
pub async fn open(
    State(app): State<App>,
    author: Author,
    Path(id): Path<Uuid>,
    Query(wanted): Query<Wanted>,
) -> Result<Response> {
    let row = own(&app, &author, id).await?;
    let mut typed = Typed::of(&app, &row).await?;
    if let Some(version) = wanted.text {
        let version = articles::version(&app.db, id, version).await?;
        typed = typed.with(Text::of_version(&version.ok_or(Error::NotFound)?));
    }
    editor(&app, &author, Some(&row), (&typed, Told::default())).await
}

/// `POST /studio/articles/new`
pub async fn save_new(
    State(app): State<App>,
    author: Author,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    if typed.wanted == "preview" {
        return looked_at(&app, &author, None, &typed).await;
    }
    let saved = create(&app, &author, &typed).await;
    answer(&app, &author, None, &typed, saved).await
}

/// `POST /studio/articles/{id}`
pub async fn save(
    State(app): State<App>,
    author: Author,
    Path(id): Path<Uuid>,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let row = own(&app, &author, id).await?;
    if typed.wanted == "preview" {
        return looked_at(&app, &author, Some(&row), &typed).await;
    }
    let hand = Hand {
        by: Some(author.account.id),
        seen: Some(typed.version),
    };
    let draft = match is_lead(&author, &row) {
        true => {
            let tiers = tiers_of(&app, &author).await?;
            typed.draft(&app, Some(&row), &tiers)
        }
        false => Ok(typed.text_alone(&row)),
    };
    let saved = match draft {
        Ok(draft) => articles::update(&app, row.id, draft, hand)
            .await
            .map_err(Problem::Save),
        Err(flaw) => Err(Problem::Said(flaw.key())),
    };
    answer(&app, &author, Some(&row), &typed, saved).await
}

/// Why it was not saved.
enum Problem {
    Save(SaveError),
    Said(&'static str),
    Failed(Error),
}

async fn create(app: &App, author: &Author, typed: &Typed) -> Result<article::Model, Problem> {
    let tiers = tiers_of(app, author).await;
    let tiers = tiers.map_err(Problem::Failed)?;
    let draft = typed.draft(app, None, &tiers);
    let draft = draft.map_err(|flaw| Problem::Said(flaw.key()))?;
    let created = articles::create(app, author.author.id, draft).await;
    created.map_err(Problem::Save)
}

async fn answer(
    app: &App,
    author: &Author,
    row: Option<&article::Model>,
    typed: &Typed,
    saved: Result<article::Model, Problem>,
) -> Result<Response> {
    let mut about = None;
    let problem = match saved {
        Ok(saved) => {
            let path = format!("/studio/articles/{}", saved.id);
            return Ok(flash(app, &path, "flash-article-saved"));
        }
        Err(Problem::Said(key)) => key,
        Err(Problem::Failed(error)) => return Err(error),
        Err(Problem::Save(SaveError::Db(error))) => return Err(error.into()),
        Err(Problem::Save(SaveError::Failed(error))) => return Err(error.into()),
        Err(Problem::Save(SaveError::Crossed(kept))) => {
            return twice_written(app, author, typed, (row, kept)).await;
        }
        Err(Problem::Save(problem)) => {
            about = problem.about().map(str::to_owned);
            problem.key().ok_or(Error::NotFound)?
        }
    };
    let told = Told {
        problem: Some(problem),
        about,
        ..Told::default()
    };
    editor(app, author, row, (typed, told)).await
}

/// Her text stands in the form again, now upon what the other has saved: pressing once more is her word.
async fn twice_written(
    app: &App,
    author: &Author,
    typed: &Typed,
    (row, kept): (Option<&article::Model>, Option<Uuid>),
) -> Result<Response> {
    let id = row.ok_or(Error::NotFound)?.id;
    let row = own(app, author, id).await?;
    let told = Told {
        crossed: Some(crossed(app, &row, typed, kept).await?),
        ..Told::default()
    };
    let typed = Typed {
        version: row.version,
        ..typed.clone()
    };
    editor(app, author, Some(&row), (&typed, told)).await
}

async fn looked_at(
    app: &App,
    author: &Author,
    row: Option<&article::Model>,
    typed: &Typed,
) -> Result<Response> {
    let told = Told {
        preview: Some(drawn(app, author, &typed.body)?),
        ..Told::default()
    };
    editor(app, author, row, (typed, told)).await
}

/// `POST /studio/articles/preview`: the text alone, for the page's script.
pub async fn preview(
    State(app): State<App>,
    author: Author,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    Ok(Html(drawn(&app, &author, &typed.body)?).into_response())
}

/// The text as readers would see it, and what its author should know of it.
fn drawn(app: &App, author: &Author, body: &str) -> Result<String> {
    let (html, undescribed) = articles::rendered(app, body);
    let values = json!({ "html": html, "undescribed": undescribed });
    let language = author.visitor.language(app);
    let drawn = app
        .templates
        .render("studio/_preview.html", language, &values);
    Ok(drawn?)
}

/// `POST /studio/articles/{id}/autosave`: keeps what is being typed, beside the article.
pub async fn autosave(
    State(app): State<App>,
    author: Author,
    Path(id): Path<Uuid>,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let row = own(&app, &author, id).await?;
    let draft = typed.text_alone(&row);
    match articles::keep_unsaved(&app, row.id, author.account.id, draft).await {
        Ok(()) => Ok(kept(row.id, typed.version)),
        Err(error) => refused(error),
    }
}

/// `POST /studio/articles/new/autosave`: the first words with a headline become a draft.
pub async fn autosave_new(
    State(app): State<App>,
    author: Author,
    Form(mut typed): Form<Typed>,
) -> Result<Response> {
    // Half a time or half a name is no reason to lose the text.
    for half in [
        &mut typed.opens_to,
        &mut typed.opens_at,
        &mut typed.co_authors,
        &mut typed.slug,
        &mut typed.days,
    ] {
        half.clear();
    }
    match create(&app, &author, &typed).await {
        Ok(article) => Ok(kept(article.id, article.version)),
        Err(Problem::Save(error)) => refused(error),
        Err(Problem::Said(key)) => Err(Error::BadRequest(key)),
        Err(Problem::Failed(error)) => Err(error),
    }
}

fn kept(id: Uuid, version: i32) -> Response {
    let path = format!("/studio/articles/{id}");
    Json(json!({ "path": path, "version": version })).into_response()
}

fn refused(error: SaveError) -> Result<Response> {
    match error {
        SaveError::Db(error) => Err(error.into()),
        SaveError::Failed(error) => Err(error.into()),
        problem => Err(problem.key().map_or(Error::NotFound, Error::BadRequest)),
    }
}
