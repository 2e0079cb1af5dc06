//! The comments under an article as threads of one level, as one pair of eyes sees them.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, JoinType, QueryFilter,
    QueryOrder, QuerySelect, RelationTrait,
};
use serde::Serialize;
use uuid::Uuid;

use super::{moderation::may_show, posting::is_fresh};
use crate::entities::{account, comment};

/// A comment with its writer's name.
#[derive(Clone, Debug, FromQueryResult)]
pub(super) struct Row {
    pub id: Uuid,
    pub account_id: Uuid,
    pub parent_id: Option<Uuid>,
    pub body_html: String,
    pub created_at: DateTime<Utc>,
    pub edited_at: Option<DateTime<Utc>>,
    pub deleted_at: Option<DateTime<Utc>>,
    pub hidden_at: Option<DateTime<Utc>>,
    pub hidden_by: Option<Uuid>,
    pub writer: String,
    pub writer_deleted_at: Option<DateTime<Utc>>,
}

/// Who looks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Eyes {
    pub account: Option<Uuid>,
    /// The article's author or the owner.
    pub own: bool,
    pub may_comment: bool,
    pub now: DateTime<Utc>,
}

/// Who wears which badge.
#[derive(Clone, Debug)]
pub(super) struct Badges {
    /// The account of the article's author.
    pub author: Uuid,
    pub patrons: HashSet<Uuid>,
}

/// A comment and its replies, oldest first.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Thread {
    pub comment: Shown,
    pub replies: Vec<Shown>,
}

/// A comment as it is shown.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Shown {
    pub id: Uuid,
    /// `whole`; `hidden` for those who still see it; `deleted` or `withheld` where only its place
    /// is kept, for the replies under it.
    pub kind: &'static str,
    /// `None` where the writer's account is gone.
    pub name: Option<String>,
    pub is_author: bool,
    pub is_patron: bool,
    pub created_at: DateTime<Utc>,
    pub edited_at: Option<DateTime<Utc>>,
    pub body: String,
    pub may_reply: bool,
    pub may_edit: bool,
    pub may_delete: bool,
    pub may_hide: bool,
    pub may_show: bool,
}

impl Row {
    /// Whether everybody sees it.
    pub fn is_public(&self) -> bool {
        self.deleted_at.is_none() && self.hidden_at.is_none()
    }

    /// The writer's name, while there is an account.
    pub fn name(&self) -> Option<String> {
        (self.writer_deleted_at.is_none()).then(|| self.writer.clone())
    }
}

/// Every comment ever posted under an article, oldest first, in one query.
pub(super) async fn rows(db: &impl ConnectionTrait, article: Uuid) -> Result<Vec<Row>, DbErr> {
    use comment::Column;
    comment::Entity::find()
        .select_only()
        .columns([
            Column::Id,
            Column::AccountId,
            Column::ParentId,
            Column::BodyHtml,
            Column::CreatedAt,
            Column::EditedAt,
            Column::DeletedAt,
            Column::HiddenAt,
            Column::HiddenBy,
        ])
        .column_as(account::Column::Name, "writer")
        .column_as(account::Column::DeletedAt, "writer_deleted_at")
        .join(JoinType::InnerJoin, comment::Relation::Account.def())
        .filter(Column::ArticleId.eq(article))
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::Id)
        .into_model()
        .all(db)
        .await
}

/// Puts replies under what they answer and leaves out what these eyes may not see.
pub(super) fn threads(rows: &[Row], badges: &Badges, eyes: Eyes) -> Vec<Thread> {
    let mut replies: HashMap<Uuid, Vec<Shown>> = HashMap::new();
    for row in rows {
        if let (Some(parent), Some(reply)) = (row.parent_id, shown(row, badges, eyes)) {
            replies.entry(parent).or_default().push(reply);
        }
    }
    let tops = rows.iter().filter(|row| row.parent_id.is_none());
    tops.filter_map(|row| {
        let replies = replies.remove(&row.id).unwrap_or_default();
        let kept = (!replies.is_empty()).then(|| kept_place(row));
        let comment = shown(row, badges, eyes).or(kept)?;
        Some(Thread { comment, replies })
    })
    .collect()
}

fn shown(row: &Row, badges: &Badges, eyes: Eyes) -> Option<Shown> {
    let is_writer = eyes.account == Some(row.account_id);
    let is_hidden = row.hidden_at.is_some();
    if row.deleted_at.is_some() || (is_hidden && !is_writer && !eyes.own) {
        return None;
    }
    let is_author = row.account_id == badges.author;
    Some(Shown {
        kind: if is_hidden { "hidden" } else { "whole" },
        name: row.name(),
        is_author,
        is_patron: !is_author && badges.patrons.contains(&row.account_id),
        edited_at: row.edited_at,
        body: row.body_html.clone(),
        may_reply: eyes.may_comment && !is_hidden,
        may_edit: is_writer && is_fresh(row.created_at, eyes.now),
        may_delete: is_writer,
        may_hide: eyes.own && !is_writer && !is_hidden,
        may_show: eyes.own
            && is_hidden
            && eyes
                .account
                .is_some_and(|viewer| may_show(viewer, badges.author, row.hidden_by)),
        ..kept_place(row)
    })
}

/// What stays of a comment that is not shown but was answered.
fn kept_place(row: &Row) -> Shown {
    Shown {
        id: row.id,
        kind: if row.deleted_at.is_some() {
            "deleted"
        } else {
            "withheld"
        },
        name: None,
        is_author: false,
        is_patron: false,
        created_at: row.created_at,
        edited_at: None,
        body: String::new(),
        may_reply: false,
        may_edit: false,
        may_delete: false,
        may_hide: false,
        may_show: false,
    }
}

#[cfg(test)]
mod tests;
