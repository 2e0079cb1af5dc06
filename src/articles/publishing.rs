//! Putting an article before readers, and taking it back.

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, DbErr, EntityTrait,
    QueryFilter, QuerySelect, sea_query::Expr,
};
use uuid::Uuid;

use crate::{
    app::App,
    db,
    entities::{article, site},
    notices,
};

/// How an article comes out.
#[derive(Clone, Copy, Debug, Default)]
pub struct Publication {
    /// The date it bears, which may lie ahead; `None` is now.
    pub at: Option<DateTime<Utc>>,
    /// Sends no notices.
    pub quiet: bool,
}

/// Why an article was not published.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    #[error("there is no such article")]
    NotFound,
    #[error("the article has no text yet")]
    Empty,
    #[error(transparent)]
    Db(#[from] DbErr),
    /// The notice could not be written, so nothing is published.
    #[error(transparent)]
    Notice(#[from] anyhow::Error),
}

/// Brings an article out and tells those who want to know. One that is out already stays as it is.
///
/// # Errors
/// If there is no such article, or nothing in it.
pub async fn publish(
    app: &App,
    article: Uuid,
    how: Publication,
) -> Result<article::Model, PublishError> {
    let tx = db::begin(&app.db).await?;
    let article = bring_out(&tx, app, article, how).await?;
    tx.commit().await?;
    app.work.notify_one();
    Ok(article)
}

/// Takes an article back; it becomes a draft.
///
/// # Errors
/// If there is no such article.
pub async fn unpublish(app: &App, article: Uuid) -> Result<article::Model, PublishError> {
    let tx = db::begin(&app.db).await?;
    let found = article::Entity::find_by_id(article)
        .lock_exclusive()
        .one(&tx)
        .await?;
    let mut row: article::ActiveModel = found.ok_or(PublishError::NotFound)?.into();
    row.published_at = Set(None);
    let now = app.clock.now();
    row.updated_at = Set(now);
    let article = row.update(&tx).await?;
    notices::stop(&tx, now, article.id).await?;
    site::Entity::touch(&tx).await?;
    tx.commit().await?;
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
    if !how.quiet {
        notices::announce(app, tx, &article).await?;
    }
    site::Entity::touch(tx).await?;
    Ok(article)
}
