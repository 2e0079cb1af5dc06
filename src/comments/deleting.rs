//! Deleting one's own comment, and taking that back while its words are still there.

use chrono::{DateTime, Duration, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter,
};
use uuid::Uuid;

use super::posting::write;
use crate::{
    app::App,
    db,
    entities::{comment, site},
};

/// For how long one can take it back that one has deleted a comment, in minutes.
const UNDO_MINUTES: i64 = 15;
/// A comment older than this has been told of, or came from elsewhere and is no news.
const NEWS_HOURS: i64 = 24;

/// Whether a comment its writer deleted then can still come back.
pub(super) fn can_come_back(deleted: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    now < deleted + Duration::minutes(UNDO_MINUTES)
}

/// Deletes a comment. Nobody sees it from now on, and nobody is told of it; its words follow when that can
/// no longer be taken back, which is when the worker looks at it again. Deleting twice is deleting.
///
/// # Errors
/// If the database fails.
pub(super) async fn delete(app: &App, comment: &comment::Model) -> Result<(), DbErr> {
    let now = app.clock.now();
    let tx = db::begin(&app.db).await?;
    let change = comment::ActiveModel {
        deleted_at: Set(Some(now)),
        telling_at: Set(Some(now + Duration::minutes(UNDO_MINUTES))),
        ..Default::default()
    };
    write(&tx, comment.id, change).await?;
    tx.commit().await
}

/// Takes it back that its writer has deleted a comment. Returns whether there was time.
///
/// # Errors
/// If the database fails.
pub(super) async fn restore(app: &App, comment: &comment::Model) -> Result<bool, DbErr> {
    let now = app.clock.now();
    let is_news = now < comment.created_at + Duration::hours(NEWS_HOURS);
    let change = comment::ActiveModel {
        deleted_at: Set(None),
        // What was told already is not told twice: a letter's key is its own.
        telling_at: Set(is_news.then_some(now)),
        ..Default::default()
    };
    let tx = db::begin(&app.db).await?;
    let changed = comment::Entity::update_many()
        .set(change)
        .filter(comment::Column::Id.eq(comment.id))
        .filter(comment::Column::DeletedAt.gt(now - Duration::minutes(UNDO_MINUTES)))
        .filter(comment::Column::DeletedBy.is_null())
        .filter(comment::Column::BodyMarkdown.ne(""))
        .exec(&tx)
        .await?;
    site::Entity::touch(&tx).await?;
    tx.commit().await?;
    app.work.notify_one();
    Ok(changed.rows_affected > 0)
}

/// Lets the words of a deleted comment follow it, as part of an act.
pub(super) async fn erase(tx: &DatabaseTransaction, comment: Uuid) -> Result<(), DbErr> {
    comment::Entity::update_many()
        .set(nothing())
        .filter(comment::Column::Id.eq(comment))
        .filter(comment::Column::DeletedAt.is_not_null())
        .exec(tx)
        .await?;
    site::Entity::touch(tx).await
}

/// What is left of a comment that is deleted for good.
pub(super) fn gone(now: DateTime<Utc>) -> comment::ActiveModel {
    comment::ActiveModel {
        deleted_at: Set(Some(now)),
        ..nothing()
    }
}

fn nothing() -> comment::ActiveModel {
    comment::ActiveModel {
        body_markdown: Set(String::new()),
        body_html: Set(String::new()),
        picked_at: Set(None),
        pinned_at: Set(None),
        telling_at: Set(None),
        ..Default::default()
    }
}
