//! The comments of one page as threads of two levels, as one pair of eyes sees them.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, JoinType, QueryFilter,
    QuerySelect, RelationTrait,
};
use serde::Serialize;
use uuid::Uuid;

use super::{
    deleting::can_come_back,
    moderation::may_show,
    outline::{Eyes, Spot},
    posting::is_fresh,
    standing::Rank,
};
use crate::entities::{account, comment, heart};

/// A comment with its writer's name.
#[derive(Clone, Debug, FromQueryResult)]
pub(super) struct Row {
    pub id: Uuid,
    pub account_id: Uuid,
    pub parent_id: Option<Uuid>,
    pub thread_id: Option<Uuid>,
    pub body_html: String,
    pub created_at: DateTime<Utc>,
    pub edited_at: Option<DateTime<Utc>>,
    pub deleted_at: Option<DateTime<Utc>>,
    pub deleted_by: Option<Uuid>,
    pub hidden_at: Option<DateTime<Utc>>,
    pub hidden_above: bool,
    pub held_at: Option<DateTime<Utc>>,
    pub picked_at: Option<DateTime<Utc>>,
    pub pinned_at: Option<DateTime<Utc>>,
    pub hearts: i32,
    pub guest_name: Option<String>,
    pub writer: String,
    pub writer_deleted_at: Option<DateTime<Utc>>,
}

/// Who wears which badge, and who liked what.
#[derive(Clone, Debug, Default)]
pub(super) struct Badges {
    /// The account of the article's author.
    pub author: Uuid,
    pub patrons: HashSet<Uuid>,
    /// What whoever looks has given a heart.
    pub liked: HashSet<Uuid>,
}

/// A comment and its replies, oldest first.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Thread {
    /// `None` where it stands on a page before.
    pub comment: Option<Shown>,
    /// The head of the thread, where that is on a page before.
    pub continues: Option<Uuid>,
    pub replies: Vec<Shown>,
}

/// A comment as it is shown.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Shown {
    pub id: Uuid,
    /// `whole`; `held` or `hidden` for those who still see it; `deleted`, `removed` or `withheld` where
    /// only its place is kept, for the replies under it; `undoable` for her who has just deleted it.
    pub kind: &'static str,
    /// `None` where the writer's account is gone.
    pub name: Option<String>,
    pub is_author: bool,
    pub is_patron: bool,
    /// Brought here from elsewhere.
    pub is_guest: bool,
    pub is_picked: bool,
    pub is_pinned: bool,
    pub created_at: DateTime<Utc>,
    pub edited_at: Option<DateTime<Utc>>,
    /// Whom it answers, where that is not the head of the thread.
    pub answers: Option<Answered>,
    pub body: String,
    pub hearts: i32,
    /// Whether whoever looks has given one; `None` where she cannot.
    pub liked: Option<bool>,
    pub may_reply: bool,
    pub may_report: bool,
    pub may_edit: bool,
    pub may_delete: bool,
    pub may_approve: bool,
    pub may_hide: bool,
    pub may_show: bool,
    /// Whether she may pin and pick it.
    pub may_praise: bool,
}

/// The comment that another one answers.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Answered {
    pub id: Uuid,
    pub name: Option<String>,
}

impl Row {
    /// The writer's name, while there is an account, or the one a guest went by.
    pub fn name(&self) -> Option<String> {
        let name = (self.writer_deleted_at.is_none()).then(|| self.writer.clone());
        name.or_else(|| self.guest_name.clone())
    }
}

/// These comments, by id, in one query.
pub(super) async fn rows(
    db: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, Row>, DbErr> {
    use comment::Column;
    let rows: Vec<Row> = comment::Entity::find()
        .select_only()
        .columns([
            Column::Id,
            Column::AccountId,
            Column::ParentId,
            Column::ThreadId,
            Column::BodyHtml,
            Column::CreatedAt,
            Column::EditedAt,
            Column::DeletedAt,
            Column::DeletedBy,
            Column::HiddenAt,
            Column::HiddenAbove,
            Column::HeldAt,
            Column::PickedAt,
            Column::PinnedAt,
            Column::Hearts,
            Column::GuestName,
        ])
        .column_as(account::Column::Name, "writer")
        .column_as(account::Column::DeletedAt, "writer_deleted_at")
        .join(JoinType::InnerJoin, comment::Relation::Account.def())
        .filter(Column::Id.is_in(ids))
        .into_model()
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

/// Who has given which of these comments a heart.
pub(super) async fn hearts(
    db: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<Vec<heart::Model>, DbErr> {
    heart::Entity::find()
        .filter(heart::Column::CommentId.is_in(ids))
        .all(db)
        .await
}

/// Puts the comments of a page under the heads of their threads.
pub(super) fn threads(
    spots: &[Spot],
    rows: &HashMap<Uuid, Row>,
    badges: &Badges,
    eyes: Eyes,
) -> Vec<Thread> {
    let mut threads: Vec<Thread> = Vec::new();
    let mut last = None;
    for spot in spots {
        let Some(row) = rows.get(&spot.line.id) else {
            continue;
        };
        let mut one = match spot.is_seen {
            true => shown(row, badges, eyes),
            false => kept_place(row, eyes),
        };
        let Some(head) = row.thread_id else {
            last = Some(row.id);
            threads.push(Thread {
                comment: Some(one),
                continues: None,
                replies: Vec::new(),
            });
            continue;
        };
        one.answers = answered(row, head, rows);
        match threads.last_mut().filter(|_| last == Some(head)) {
            Some(thread) => thread.replies.push(one),
            None => {
                last = Some(head);
                threads.push(Thread {
                    comment: None,
                    continues: Some(head),
                    replies: vec![one],
                });
            }
        }
    }
    threads
}

fn answered(row: &Row, head: Uuid, rows: &HashMap<Uuid, Row>) -> Option<Answered> {
    let parent = row.parent_id.filter(|parent| *parent != head)?;
    let seen = rows.get(&parent).filter(|row| row.deleted_at.is_none());
    let seen = seen.filter(|row| row.hidden_at.is_none());
    Some(Answered {
        id: parent,
        name: seen.and_then(Row::name),
    })
}

/// A comment whole, with all that these eyes may do with it.
pub(super) fn shown(row: &Row, badges: &Badges, eyes: Eyes) -> Shown {
    let is_writer = eyes.account == Some(row.account_id);
    let (is_hidden, is_held) = (row.hidden_at.is_some(), row.held_at.is_some());
    let is_public = !is_hidden && !is_held;
    let is_author = row.account_id == badges.author;
    let moderates = eyes.rank.moderates();
    Shown {
        kind: match (is_hidden, is_held) {
            (true, _) => "hidden",
            (_, true) => "held",
            _ => "whole",
        },
        name: row.name(),
        is_author,
        is_patron: !is_author && badges.patrons.contains(&row.account_id),
        is_guest: row.guest_name.is_some(),
        is_picked: row.picked_at.is_some(),
        is_pinned: row.pinned_at.is_some(),
        edited_at: row.edited_at,
        body: row.body_html.clone(),
        hearts: row.hearts,
        liked: (eyes.account.is_some() && !is_writer && is_public)
            .then(|| badges.liked.contains(&row.id)),
        may_reply: eyes.may_comment && is_public,
        may_report: eyes.account.is_some() && !is_writer && !moderates && is_public,
        may_edit: is_writer && is_fresh(row.created_at, eyes.now),
        may_delete: is_writer,
        may_approve: moderates && is_held && !is_hidden,
        may_hide: moderates && !is_writer && !is_hidden,
        may_show: moderates && is_hidden && may_show(eyes.rank, row.hidden_above),
        may_praise: eyes.rank >= Rank::Author && is_public,
        ..kept_place(row, eyes)
    }
}

/// What stays of a comment that is not shown but was answered, or can come back.
fn kept_place(row: &Row, eyes: Eyes) -> Shown {
    let is_hers = eyes.account == Some(row.account_id);
    Shown {
        id: row.id,
        kind: match (row.deleted_at, row.deleted_by) {
            (Some(_), Some(_)) => "removed",
            (Some(at), None) if is_hers && can_come_back(at, eyes.now) => "undoable",
            (Some(_), None) => "deleted",
            (None, _) => "withheld",
        },
        created_at: row.created_at,
        ..Shown::default()
    }
}

#[cfg(test)]
mod tests;
