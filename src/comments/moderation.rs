//! Keeping the conversation civil: hiding a comment, and showing it again.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::Set;
use uuid::Uuid;

use super::{place::Held, posting};
use crate::{
    accounts::Reader,
    app::App,
    entities::comment,
    web::{Error, Result},
};

/// `POST /articles/{slug}/comments/{id}/hide`: by the article's author or the owner.
pub async fn hide(
    State(app): State<App>,
    reader: Reader,
    Path((slug, id)): Path<(String, Uuid)>,
) -> Result<Response> {
    let now = app.clock.now();
    set_hidden(&app, &reader, (&slug, id), Some(now)).await
}

/// `POST /articles/{slug}/comments/{id}/show`: takes hiding back.
pub async fn show(
    State(app): State<App>,
    reader: Reader,
    Path((slug, id)): Path<(String, Uuid)>,
) -> Result<Response> {
    set_hidden(&app, &reader, (&slug, id), None).await
}

async fn set_hidden(
    app: &App,
    reader: &Reader,
    (slug, id): (&str, Uuid),
    at: Option<DateTime<Utc>>,
) -> Result<Response> {
    let held = Held::find(app, &reader.account, slug, id).await?;
    let held = held.for_moderators()?;
    let (viewer, author) = (reader.account.id, held.place.author.account_id);
    if at.is_none() && !may_show(viewer, author, held.comment.hidden_by) {
        return Err(Error::Forbidden);
    }
    let change = comment::ActiveModel {
        hidden_at: Set(at),
        hidden_by: Set(at.map(|_| reader.account.id)),
        ..Default::default()
    };
    posting::write(app, id, change).await?;
    Ok(Redirect::to(&held.place.anchor(id)).into_response())
}

/// What the owner hid, the author cannot show again.
pub(super) fn may_show(viewer: Uuid, author: Uuid, hidden_by: Option<Uuid>) -> bool {
    viewer != author || hidden_by.is_none_or(|by| by == viewer)
}
