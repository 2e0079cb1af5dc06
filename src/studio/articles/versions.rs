//! What an article's text was: the list, what changed, bringing one back.

use axum::{extract::State, response::Response};
use chrono::{DateTime, FixedOffset};
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use super::own;
use crate::{
    accounts::{Author, flash},
    app::App,
    articles::{self, SaveError, Text},
    web::{Error, Path, Result},
};

#[derive(Serialize)]
struct Row {
    #[serde(flatten)]
    version: articles::Version,
    at: DateTime<FixedOffset>,
    /// Whether its text is the article's now.
    is_current: bool,
}

/// `GET /studio/articles/{id}/versions`
pub async fn versions(
    State(app): State<App>,
    author: Author,
    Path(id): Path<Uuid>,
) -> Result<Response> {
    let row = own(&app, &author, id).await?;
    let history = articles::history(&app.db, id).await?;
    let current = history.iter().find(|version| version.is_in_force());
    let current = current.map(|version| version.id);
    let rows = history.into_iter().map(|version| Row {
        at: app.config.publication.local(version.created_at),
        is_current: current == Some(version.id),
        version,
    });
    let rows: Vec<Row> = rows.collect();
    let page = json!({ "id": id, "title": row.title, "versions": rows });
    author.visitor.page(&app, "studio/versions.html", &page)
}

/// `GET /studio/articles/{id}/versions/{version}`: what differs between it and the article now.
pub async fn compare(
    State(app): State<App>,
    author: Author,
    Path((id, version)): Path<(Uuid, Uuid)>,
) -> Result<Response> {
    let row = own(&app, &author, id).await?;
    let version = articles::version(&app.db, id, version).await?;
    let version = version.ok_or(Error::NotFound)?;
    let (then, now) = (Text::of_version(&version), Text::of_article(&row));
    let page = json!({
        "id": id,
        "version": version.id,
        "at": app.config.publication.local(version.created_at),
        "title": articles::compare(&then.title, &now.title),
        "standfirst": articles::compare(&then.standfirst, &now.standfirst),
        "body": articles::compare(&then.body, &now.body),
        "is_same": then == now,
        "text": then,
    });
    author.visitor.page(&app, "studio/version.html", &page)
}

/// `POST /studio/articles/{id}/versions/{version}/restore`
pub async fn restore(
    State(app): State<App>,
    author: Author,
    Path((id, version)): Path<(Uuid, Uuid)>,
) -> Result<Response> {
    own(&app, &author, id).await?;
    match articles::restore(&app, id, version, author.account.id).await {
        Ok(_) => {
            let path = format!("/studio/articles/{id}");
            Ok(flash(&app, &path, "flash-version-restored"))
        }
        Err(SaveError::Db(error)) => Err(error.into()),
        Err(_) => Err(Error::NotFound),
    }
}
