//! Taking part: posting, editing while it is fresh, deleting.

use chrono::{DateTime, Duration, Utc};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, DbErr, EntityTrait,
    QueryFilter, QuerySelect, Select,
};
use uuid::Uuid;

use super::body::Body;
use crate::{
    app::App,
    db,
    entities::{account, comment, site},
};

/// How long a comment can be edited, in minutes from when it was posted.
pub(super) const EDIT_MINUTES: i64 = 15;
/// Within how many seconds the same words of the same reader are a button pressed twice.
const TWICE_SECONDS: i64 = 60;

/// What is to be posted, and under what.
#[derive(Clone, Debug)]
pub struct NewComment {
    pub article_id: Uuid,
    pub account_id: Uuid,
    /// What it answers.
    pub parent: Option<Uuid>,
    pub body: Body,
}

/// Why a comment was not posted.
#[derive(Debug, thiserror::Error)]
pub enum PostError {
    #[error("what it answers is gone")]
    ParentGone,
    #[error(transparent)]
    Db(#[from] DbErr),
}

/// Posts a comment and gives its id; a button pressed twice posts once. What answers a reply
/// stands beside it, since threads are one level deep.
///
/// # Errors
/// If what it answers is gone, or the database fails.
pub async fn post(app: &App, new: NewComment) -> Result<Uuid, PostError> {
    let now = app.clock.now();
    let tx = db::begin(&app.db).await?;
    let (article_id, account_id) = (new.article_id, new.account_id);
    one_at_a_time(&tx, account_id).await?;
    let parent_id = match new.parent {
        Some(parent) => Some(top_of(&tx, article_id, parent).await?),
        None => None,
    };
    let posted_before = same_words(&new, parent_id, now).one(&tx).await?;
    if let Some(comment) = posted_before {
        return Ok(comment.id);
    }
    let comment = comment::ActiveModel {
        id: Set(Uuid::now_v7()),
        article_id: Set(article_id),
        account_id: Set(account_id),
        parent_id: Set(parent_id),
        body_markdown: Set(new.body.markdown),
        body_html: Set(new.body.html),
        created_at: Set(now),
        edited_at: Set(None),
        deleted_at: Set(None),
        hidden_at: Set(None),
        hidden_by: Set(None),
    };
    let comment = comment.insert(&tx).await?;
    site::Entity::touch(&tx).await?;
    tx.commit().await?;
    Ok(comment.id)
}

/// Whether a comment posted then can still be edited.
pub(super) fn is_fresh(posted: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    now < posted + Duration::minutes(EDIT_MINUTES)
}

/// Gives a comment other words.
///
/// # Errors
/// If the database fails.
pub(super) async fn edit(app: &App, comment: &comment::Model, body: Body) -> Result<(), DbErr> {
    if comment.body_markdown == body.markdown {
        return Ok(());
    }
    let change = comment::ActiveModel {
        body_markdown: Set(body.markdown),
        body_html: Set(body.html),
        edited_at: Set(Some(app.clock.now())),
        ..Default::default()
    };
    write(app, comment.id, change).await
}

/// Deletes a comment and its words with it. Deleting twice is deleting.
///
/// # Errors
/// If the database fails.
pub(super) async fn delete(app: &App, comment: &comment::Model) -> Result<(), DbErr> {
    let change = comment::ActiveModel {
        body_markdown: Set(String::new()),
        body_html: Set(String::new()),
        deleted_at: Set(Some(app.clock.now())),
        ..Default::default()
    };
    write(app, comment.id, change).await
}

/// Changes a comment that is not deleted.
pub(super) async fn write(
    app: &App,
    comment: Uuid,
    change: comment::ActiveModel,
) -> Result<(), DbErr> {
    let tx = db::begin(&app.db).await?;
    comment::Entity::update_many()
        .set(change)
        .filter(comment::Column::Id.eq(comment))
        .filter(comment::Column::DeletedAt.is_null())
        .exec(&tx)
        .await?;
    site::Entity::touch(&tx).await?;
    tx.commit().await
}

/// Holds the reader's row to the end of the transaction, so that her second press waits for the
/// first.
async fn one_at_a_time(tx: &DatabaseTransaction, reader: Uuid) -> Result<(), DbErr> {
    account::Entity::find_by_id(reader)
        .lock_exclusive()
        .one(tx)
        .await
        .map(drop)
}

/// The comment at the head of the thread `parent` stands in.
async fn top_of(tx: &DatabaseTransaction, article: Uuid, parent: Uuid) -> Result<Uuid, PostError> {
    let parent = comment::Entity::find_by_id(parent)
        .filter(comment::Column::ArticleId.eq(article))
        .filter(comment::Column::DeletedAt.is_null())
        .filter(comment::Column::HiddenAt.is_null())
        .one(tx)
        .await?
        .ok_or(PostError::ParentGone)?;
    Ok(parent.parent_id.unwrap_or(parent.id))
}

fn same_words(
    new: &NewComment,
    parent: Option<Uuid>,
    now: DateTime<Utc>,
) -> Select<comment::Entity> {
    let found = comment::Entity::find()
        .filter(comment::Column::AccountId.eq(new.account_id))
        .filter(comment::Column::ArticleId.eq(new.article_id))
        .filter(comment::Column::CreatedAt.gt(now - Duration::seconds(TWICE_SECONDS)))
        .filter(comment::Column::DeletedAt.is_null())
        .filter(comment::Column::BodyMarkdown.eq(new.body.markdown.as_str()));
    match parent {
        Some(parent) => found.filter(comment::Column::ParentId.eq(parent)),
        None => found.filter(comment::Column::ParentId.is_null()),
    }
}
