//! Putting an article before readers, and taking it back.

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, DbErr, EntityTrait,
    QueryFilter, QuerySelect, sea_query::Expr,
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::times::{is_too_far, opens_before};
use crate::{
    app::App,
    db,
    entities::{account, article, audit_entry, site},
    notices,
};

/// How an article comes out.
#[derive(Clone, Copy, Debug, Default)]
pub struct Publication {
    /// The date it bears, which may lie ahead; `None` is now.
    pub at: Option<DateTime<Utc>>,
    /// Sends no notices.
    pub quiet: bool,
    /// Who brings it out; `None` for a command.
    pub by: Option<Uuid>,
}

/// Why an article was not published.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    #[error("there is no such article")]
    NotFound,
    #[error("the article has no text yet")]
    Empty,
    #[error("it opens to more people before that moment")]
    OpensBefore,
    #[error("that moment is past")]
    Past,
    #[error("that moment is more than ten years away")]
    TooFar,
    #[error(transparent)]
    Db(#[from] DbErr),
    /// The notice could not be written, so nothing is published.
    #[error(transparent)]
    Notice(#[from] anyhow::Error),
}

/// Brings an article out and tells those who want to know. One that is out already stays as it is; one
/// that was to come out later gets the new date.
///
/// # Errors
/// If there is no such article, or nothing in it.
pub async fn publish(
    app: &App,
    article: Uuid,
    how: Publication,
) -> Result<article::Model, PublishError> {
    let tx = db::begin(&app.db).await?;
    let waiting = held(&tx, article).await?;
    if waiting.published_at.is_some_and(|at| at > app.clock.now()) {
        take_back(&tx, app, waiting).await?;
    }
    let article = bring_out(&tx, app, article, how).await?;
    tx.commit().await?;
    app.work.notify_one();
    Ok(article)
}

/// Publishes later, at a moment that lies ahead.
///
/// # Errors
/// If it lies behind, too far ahead, or after the moment from which the article is for more people, and as [`publish`].
pub async fn schedule(
    app: &App,
    article: Uuid,
    at: DateTime<Utc>,
    how: Publication,
) -> Result<article::Model, PublishError> {
    let now = app.clock.now();
    if at <= now {
        return Err(PublishError::Past);
    }
    if is_too_far(at, now) {
        return Err(PublishError::TooFar);
    }
    let how = Publication {
        at: Some(at),
        ..how
    };
    publish(app, article, how).await
}

/// Takes an article back; readers find it no more. One that was to come out later is a draft again.
///
/// # Errors
/// If there is no such article.
pub async fn unpublish(
    app: &App,
    article: Uuid,
    by: Option<Uuid>,
) -> Result<article::Model, PublishError> {
    let tx = db::begin(&app.db).await?;
    let found = held(&tx, article).await?;
    let was_to_be_read = found.published_at.is_some();
    let article = take_back(&tx, app, found).await?;
    if was_to_be_read {
        note(&tx, app, by, "unpublish", &article, &json!({})).await?;
    }
    tx.commit().await?;
    Ok(article)
}

/// Sends the notice of an article to its writer alone, as a patron would get it.
///
/// # Errors
/// If there is no such article, or nothing in it.
pub async fn send_test_notice(
    app: &App,
    article: Uuid,
    to: &account::Model,
) -> Result<(), PublishError> {
    let tx = db::begin(&app.db).await?;
    let article = held(&tx, article).await?;
    if article.body_html.trim().is_empty() {
        return Err(PublishError::Empty);
    }
    notices::send_test(app, &tx, &article, to).await?;
    tx.commit().await?;
    app.work.notify_one();
    Ok(())
}

async fn held(tx: &DatabaseTransaction, article: Uuid) -> Result<article::Model, PublishError> {
    let found = article::Entity::find_by_id(article).lock_exclusive();
    found.one(tx).await?.ok_or(PublishError::NotFound)
}

async fn take_back(
    tx: &DatabaseTransaction,
    app: &App,
    article: article::Model,
) -> Result<article::Model, DbErr> {
    let now = app.clock.now();
    let was_out = article.published_at.is_some_and(|at| at <= now);
    let withdrawn_at = match was_out {
        true => Some(now),
        false => article.withdrawn_at,
    };
    let mut row: article::ActiveModel = article.into();
    row.published_at = Set(None);
    row.withdrawn_at = Set(withdrawn_at);
    row.updated_at = Set(now);
    let article = row.update(tx).await?;
    notices::stop(tx, now, article.id).await?;
    site::Entity::touch(tx).await?;
    Ok(article)
}

/// The part of [`publish`] inside a transaction.
pub(super) async fn bring_out(
    tx: &DatabaseTransaction,
    app: &App,
    article: Uuid,
    how: Publication,
) -> Result<article::Model, PublishError> {
    let now = app.clock.now();
    let came_out = article::Entity::update_many()
        .col_expr(
            article::Column::PublishedAt,
            Expr::value(how.at.unwrap_or(now)),
        )
        .col_expr(
            article::Column::WithdrawnAt,
            Expr::value(Option::<DateTime<Utc>>::None),
        )
        .col_expr(article::Column::UpdatedAt, Expr::value(now))
        .filter(article::Column::Id.eq(article))
        .filter(article::Column::PublishedAt.is_null())
        .exec(tx)
        .await?;
    let article = article::Entity::find_by_id(article).one(tx).await?;
    let article = article.ok_or(PublishError::NotFound)?;
    if came_out.rows_affected == 0 {
        return Ok(article);
    }
    if article.body_html.trim().is_empty() {
        return Err(PublishError::Empty);
    }
    if opens_before(article.opens_at, how.at, now) {
        return Err(PublishError::OpensBefore);
    }
    if !how.quiet {
        notices::announce(app, tx, &article).await?;
    }
    let (act, at) = match how.at.filter(|at| *at > now) {
        Some(at) => ("schedule", Some(at)),
        None => ("publish", None),
    };
    let detail = json!({ "at": at, "quiet": how.quiet.then_some(true) });
    note(tx, app, how.by, act, &article, &detail).await?;
    site::Entity::touch(tx).await?;
    Ok(article)
}

async fn note(
    tx: &DatabaseTransaction,
    app: &App,
    by: Option<Uuid>,
    act: &str,
    article: &article::Model,
    detail: &Value,
) -> Result<(), DbErr> {
    let (now, subject) = (app.clock.now(), article.id.to_string());
    audit_entry::Entity::note(tx, now, by, act, &subject, detail).await
}
