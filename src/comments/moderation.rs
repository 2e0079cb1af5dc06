//! Keeping the conversation civil: what those who moderate do with one comment, each act written down.

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter, QuerySelect as _,
    sea_query::Expr,
};
use serde_json::json;
use uuid::Uuid;

use super::{deleting::gone, posting, standing::Rank};
use crate::{
    app::App,
    db,
    entities::{audit_entry, comment, report},
};

/// What can be done with a comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    Approve,
    Hide,
    Show,
    /// Deletes it with its words, for good.
    Remove,
    Pin,
    Unpin,
    Pick,
    Unpick,
}

/// Why it was not done.
#[derive(Debug, thiserror::Error)]
pub(super) enum ActError {
    #[error("there is no such comment any more")]
    Gone,
    #[error("not theirs to decide")]
    Forbidden,
    #[error(transparent)]
    Db(#[from] DbErr),
}

impl Act {
    const ALL: [(Self, &'static str); 8] = [
        (Self::Approve, "approve"),
        (Self::Hide, "hide"),
        (Self::Show, "show"),
        (Self::Remove, "remove"),
        (Self::Pin, "pin"),
        (Self::Unpin, "unpin"),
        (Self::Pick, "pick"),
        (Self::Unpick, "unpick"),
    ];

    /// The act an address names.
    pub fn named(word: &str) -> Option<Self> {
        let mut all = Self::ALL.into_iter();
        all.find_map(|(act, name)| (name == word).then_some(act))
    }

    /// The word addresses name it by.
    pub fn word(self) -> &'static str {
        let mut all = Self::ALL.into_iter();
        all.find_map(|(act, name)| (act == self).then_some(name))
            .unwrap_or_default()
    }

    /// The least one has to be to do it.
    fn needs(self) -> Rank {
        match self {
            Self::Approve | Self::Hide | Self::Show | Self::Remove => Rank::Moderator,
            Self::Pin | Self::Unpin | Self::Pick | Self::Unpick => Rank::Author,
        }
    }

    /// Whether it answers what readers reported.
    fn settles(self) -> bool {
        matches!(self, Self::Approve | Self::Hide | Self::Remove)
    }
}

/// What the owner hid, others cannot show again.
pub(super) fn may_show(rank: Rank, hidden_above: bool) -> bool {
    rank == Rank::Owner || (rank.moderates() && !hidden_above)
}

/// Does it, and writes down that `by` did. Doing it twice is doing it.
///
/// # Errors
/// If the comment is gone, it is not theirs to decide, or the database fails.
pub(super) async fn moderate(
    app: &App,
    by: Uuid,
    rank: Rank,
    comment: Uuid,
    act: Act,
) -> Result<(), ActError> {
    if rank < act.needs() {
        return Err(ActError::Forbidden);
    }
    let now = app.clock.now();
    let tx = db::begin(&app.db).await?;
    let found = comment::Entity::find_by_id(comment).lock_exclusive();
    let found = found.one(&tx).await?.ok_or(ActError::Gone)?;
    if found.deleted_at.is_some() {
        return Err(ActError::Gone);
    }
    if act.settles() {
        settle_reports(&tx, now, comment).await?;
    }
    let Some(change) = change(&found, act, by, rank, now)? else {
        tx.commit().await?;
        return Ok(());
    };
    if act == Act::Pin {
        unpin_others(&tx, found.article_id).await?;
    }
    posting::write(&tx, comment, change).await?;
    let verb = format!("comment_{}", act.word());
    let detail = json!({ "article": found.article_id, "writer": found.account_id });
    audit_entry::Entity::note(&tx, now, Some(by), &verb, &comment.to_string(), &detail).await?;
    tx.commit().await?;
    app.work.notify_one();
    Ok(())
}

/// What the act makes of the comment; `None` where it is so already.
fn change(
    found: &comment::Model,
    act: Act,
    by: Uuid,
    rank: Rank,
    now: DateTime<Utc>,
) -> Result<Option<comment::ActiveModel>, ActError> {
    let none = comment::ActiveModel::default();
    let is_hidden = found.hidden_at.is_some();
    Ok(match act {
        Act::Approve => found.held_at.is_some().then_some(comment::ActiveModel {
            held_at: Set(None),
            approved_at: Set(Some(now)),
            telling_at: Set(Some(now)),
            ..none
        }),
        // The owner's word stands over one that was there before.
        Act::Hide if is_hidden && (rank < Rank::Owner || found.hidden_above) => None,
        Act::Hide => Some(comment::ActiveModel {
            hidden_at: Set(Some(now)),
            hidden_by: Set(Some(by)),
            hidden_above: Set(rank == Rank::Owner),
            telling_at: Set(None),
            ..none
        }),
        Act::Show if !is_hidden => None,
        Act::Show if !may_show(rank, found.hidden_above) => return Err(ActError::Forbidden),
        Act::Show => Some(comment::ActiveModel {
            hidden_at: Set(None),
            hidden_by: Set(None),
            hidden_above: Set(false),
            // What never was told is told now; the letters' keys keep it from being told twice.
            telling_at: match found.held_at {
                None => Set(Some(now)),
                Some(_) => NotSet,
            },
            ..none
        }),
        Act::Remove => Some(comment::ActiveModel {
            deleted_by: Set(Some(by)),
            ..gone(now)
        }),
        Act::Pin | Act::Unpin => Some(comment::ActiveModel {
            pinned_at: Set((act == Act::Pin).then_some(now)),
            ..none
        }),
        Act::Pick | Act::Unpick => Some(comment::ActiveModel {
            picked_at: Set((act == Act::Pick).then_some(now)),
            ..none
        }),
    })
}

async fn settle_reports(
    tx: &DatabaseTransaction,
    now: DateTime<Utc>,
    comment: Uuid,
) -> Result<(), DbErr> {
    report::Entity::update_many()
        .col_expr(report::Column::SettledAt, Expr::value(now))
        .filter(report::Column::CommentId.eq(comment))
        .filter(report::Column::SettledAt.is_null())
        .exec(tx)
        .await
        .map(drop)
}

/// One comment is pinned under an article.
async fn unpin_others(tx: &DatabaseTransaction, article: Uuid) -> Result<(), DbErr> {
    comment::Entity::update_many()
        .col_expr(
            comment::Column::PinnedAt,
            Expr::value(Option::<DateTime<Utc>>::None),
        )
        .filter(comment::Column::ArticleId.eq(article))
        .exec(tx)
        .await
        .map(drop)
}
