//! Taking part: posting, editing while it is fresh.

use chrono::{DateTime, Duration, Utc};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, DbErr, EntityTrait,
    QueryFilter, QueryOrder as _, QuerySelect, Select,
};
use uuid::Uuid;

use super::{
    body::Body,
    rules::{self, Verdict},
    standing::rank,
};
use crate::{
    app::App,
    db,
    entities::{account, article, author, ban, comment, site},
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

/// What was posted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Posted {
    pub id: Uuid,
    /// Whether somebody has to look it over first.
    pub is_held: bool,
}

/// Why a comment was not posted or changed.
#[derive(Debug, thiserror::Error)]
pub enum PostError {
    #[error("what it answers is gone")]
    ParentGone,
    #[error("this account may not comment: {}", .0.reason)]
    Banned(Box<ban::Model>),
    #[error("it has words that are not taken here")]
    Refused,
    #[error("what this address writes is not taken here")]
    Unwanted,
    #[error("there is no such article or account")]
    NotFound,
    #[error(transparent)]
    Db(#[from] DbErr),
}

/// Posts a comment; a button pressed twice posts once. Whom it concerns is told by the worker, once
/// everybody sees it.
///
/// # Errors
/// If what it answers is gone, its writer or its words are not wanted here, or the database fails.
pub async fn post(app: &App, new: NewComment) -> Result<Posted, PostError> {
    let now = app.clock.now();
    let tx = db::begin(&app.db).await?;
    let (article_id, account_id) = (new.article_id, new.account_id);
    let writer = one_at_a_time(&tx, account_id).await?;
    let author = author_of(&tx, article_id).await?;
    let thread_id = match new.parent {
        Some(parent) => Some(thread_of(&tx, article_id, parent).await?),
        None => None,
    };
    if let Some(comment) = same_words(&new, now).one(&tx).await? {
        let is_held = comment.held_at.is_some();
        let id = comment.id;
        return Ok(Posted { id, is_held });
    }
    let held_for = judged(&tx, now, &author, &writer, &new.body, true).await?;
    let comment = comment::ActiveModel {
        id: Set(Uuid::now_v7()),
        article_id: Set(article_id),
        account_id: Set(account_id),
        parent_id: Set(new.parent),
        thread_id: Set(thread_id),
        body_markdown: Set(new.body.markdown),
        body_html: Set(new.body.html),
        created_at: Set(now),
        held_at: Set(held_for.map(|_| now)),
        held_for: Set(held_for.map(str::to_owned)),
        telling_at: Set(Some(now)),
        ..Default::default()
    };
    let comment = comment.insert(&tx).await?;
    site::Entity::touch(&tx).await?;
    tx.commit().await?;
    app.work.notify_one();
    Ok(Posted {
        id: comment.id,
        is_held: held_for.is_some(),
    })
}

/// Whether a comment posted then can still be edited.
pub(super) fn is_fresh(posted: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    now < posted + Duration::minutes(EDIT_MINUTES)
}

/// Gives a comment other words, which are judged as the first ones were: nothing comes in by the back door.
///
/// # Errors
/// If its writer or the words are not wanted here, or the database fails.
pub(super) async fn edit(
    app: &App,
    comment: &comment::Model,
    body: Body,
) -> Result<bool, PostError> {
    let is_held = comment.held_at.is_some();
    if comment.body_markdown == body.markdown {
        return Ok(is_held);
    }
    let now = app.clock.now();
    let tx = db::begin(&app.db).await?;
    let writer = one_at_a_time(&tx, comment.account_id).await?;
    let author = author_of(&tx, comment.article_id).await?;
    let held_for = judged(&tx, now, &author, &writer, &body, false).await?;
    let mut change = comment::ActiveModel {
        body_markdown: Set(body.markdown),
        body_html: Set(body.html),
        edited_at: Set(Some(now)),
        ..Default::default()
    };
    if let Some(held_for) = held_for.filter(|_| !is_held) {
        change.held_at = Set(Some(now));
        change.held_for = Set(Some(held_for.to_owned()));
        change.telling_at = Set(Some(now));
    }
    write(&tx, comment.id, change).await?;
    tx.commit().await?;
    app.work.notify_one();
    Ok(is_held || held_for.is_some())
}

/// Changes a comment that is not deleted, as part of an act. Returns whether it was there.
pub(super) async fn write(
    tx: &DatabaseTransaction,
    comment: Uuid,
    change: comment::ActiveModel,
) -> Result<bool, DbErr> {
    let changed = comment::Entity::update_many()
        .set(change)
        .filter(comment::Column::Id.eq(comment))
        .filter(comment::Column::DeletedAt.is_null())
        .exec(tx)
        .await?;
    site::Entity::touch(tx).await?;
    Ok(changed.rows_affected > 0)
}

/// Holds the reader's row to the end of the transaction, so that her second press waits for the
/// first.
async fn one_at_a_time(
    tx: &DatabaseTransaction,
    reader: Uuid,
) -> Result<account::Model, PostError> {
    let row = account::Entity::find_by_id(reader).lock_exclusive();
    row.one(tx).await?.ok_or(PostError::NotFound)
}

async fn author_of(tx: &DatabaseTransaction, article: Uuid) -> Result<author::Model, PostError> {
    let id: Option<Uuid> = article::Entity::find_by_id(article)
        .select_only()
        .column(article::Column::AuthorId)
        .into_tuple()
        .one(tx)
        .await?;
    let author = author::Entity::find_by_id(id.ok_or(PostError::NotFound)?);
    author.one(tx).await?.ok_or(PostError::NotFound)
}

/// Why it is held, if it is. Those who keep the conversation civil are not held to it.
async fn judged(
    tx: &DatabaseTransaction,
    now: DateTime<Utc>,
    author: &author::Model,
    writer: &account::Model,
    body: &Body,
    is_new: bool,
) -> Result<Option<&'static str>, PostError> {
    if rank(tx, writer, author).await?.moderates() {
        return Ok(None);
    }
    let ban = ban::Entity::in_force(author.id, now)
        .filter(ban::Column::AccountId.eq(writer.id))
        .order_by_desc(ban::Column::CreatedAt)
        .one(tx)
        .await?;
    if let Some(ban) = ban {
        return Err(PostError::Banned(Box::new(ban)));
    }
    match rules::judge(tx, author.id, writer, body, is_new).await? {
        Verdict::Shown => Ok(None),
        Verdict::Held(why) => Ok(Some(why)),
        Verdict::Refused => Err(PostError::Refused),
        Verdict::Unwanted => Err(PostError::Unwanted),
    }
}

/// The comment at the head of the thread `parent` stands in, if that can be answered.
async fn thread_of(
    tx: &DatabaseTransaction,
    article: Uuid,
    parent: Uuid,
) -> Result<Uuid, PostError> {
    let parent = comment::Entity::public()
        .filter(comment::Column::Id.eq(parent))
        .filter(comment::Column::ArticleId.eq(article))
        .one(tx)
        .await?;
    Ok(parent.ok_or(PostError::ParentGone)?.thread())
}

fn same_words(new: &NewComment, now: DateTime<Utc>) -> Select<comment::Entity> {
    let found = comment::Entity::find()
        .filter(comment::Column::AccountId.eq(new.account_id))
        .filter(comment::Column::ArticleId.eq(new.article_id))
        .filter(comment::Column::CreatedAt.gt(now - Duration::seconds(TWICE_SECONDS)))
        .filter(comment::Column::DeletedAt.is_null())
        .filter(comment::Column::BodyMarkdown.eq(new.body.markdown.as_str()));
    match new.parent {
        Some(parent) => found.filter(comment::Column::ParentId.eq(parent)),
        None => found.filter(comment::Column::ParentId.is_null()),
    }
}
