//! Whether going on with a membership would leave its reader with two of one author, or let a gift run out unused.

use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _,
};
use serde::Serialize;
use uuid::Uuid;

use super::standing::{Support, standing_of};
use crate::entities::{grant, membership};

/// What stands in the way of going on with a membership.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Beside {
    /// Another with the same author is in force.
    InForce,
    /// The first payment for another is on its way from her bank.
    OnItsWay,
}

impl Beside {
    /// What is said where she would go on with it all the same.
    pub fn instead_of_resuming(self) -> &'static str {
        match self {
            Self::InForce => "flash-has-other",
            Self::OnItsWay => "flash-has-other-on-its-way",
        }
    }

    /// What is said where she would pay what it owes.
    pub fn instead_of_paying(self) -> &'static str {
        match self {
            Self::InForce => "flash-owed-beside",
            Self::OnItsWay => "flash-owed-beside-on-its-way",
        }
    }
}

/// Whether going on with `row`, by resuming it or by paying what it owes, would make two. One that gives nothing now
/// does not go on beside any that is in force or is being paid for; one that is in force still, only not beside one
/// that goes on: of two that both end she may choose. `all` may hold memberships of other authors, and the row itself.
pub(super) fn would_double(
    row: &membership::Model,
    all: &[membership::Model],
    now: DateTime<Utc>,
    grace_days: u32,
) -> Option<Beside> {
    let of =
        |row: &membership::Model| standing_of(std::slice::from_ref(row), &[], &[], now, grace_days);
    let standing = of(row);
    let can_go_on = match standing.support {
        Support::Former | Support::Helped | Support::None => false,
        Support::Paused | Support::Leaving | Support::Grace | Support::Lapsed => true,
        _ => row.collection_paused.is_some(),
    };
    let others = all.iter().filter(|other| {
        let is_same_author = other.author_id == row.author_id;
        other.id != row.id && is_same_author && other.account_id == row.account_id
    });
    let beside = others.filter_map(|other| {
        let beside = of(other);
        let goes_on = beside.support != Support::Leaving && other.collection_paused.is_none();
        // One that is not finished at Checkout is `incomplete`, and may never come to anything.
        let is_coming = beside.support == Support::Pending && other.stripe_status != "incomplete";
        match beside.is_patron() && (goes_on || !standing.is_patron()) {
            true => Some(Beside::InForce),
            false => is_coming.then_some(Beside::OnItsWay),
        }
    });
    beside
        .filter(|_| can_go_on)
        .min_by_key(|beside| *beside == Beside::OnItsWay)
}

/// The same, asked of the database.
///
/// # Errors
/// If the database fails.
pub(super) async fn is_doubled(
    db: &impl ConnectionTrait,
    row: &membership::Model,
    now: DateTime<Utc>,
    grace_days: u32,
) -> Result<Option<Beside>, DbErr> {
    let between = membership::Entity::between(row.account_id, row.author_id);
    let all = between.all(db).await?;
    Ok(would_double(row, &all, now, grace_days))
}

/// The gifts of a reader that have not begun: each was taken to begin when what she has is over, and would run out
/// beside a membership that goes on. The first to begin comes first.
///
/// # Errors
/// If the database fails.
pub(super) async fn waiting_gifts(
    db: &impl ConnectionTrait,
    account: Uuid,
    now: DateTime<Utc>,
) -> Result<Vec<grant::Model>, DbErr> {
    grant::Entity::find()
        .filter(grant::Column::AccountId.eq(account))
        .filter(grant::Column::RevokedAt.is_null())
        .filter(grant::Column::StartsAt.gt(now))
        .order_by_asc(grant::Column::StartsAt)
        .all(db)
        .await
}

/// Whether one of them is for the author of `row`.
///
/// # Errors
/// If the database fails.
pub(super) async fn has_waiting_gift(
    db: &impl ConnectionTrait,
    row: &membership::Model,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let waiting = waiting_gifts(db, row.account_id, now).await?;
    Ok(waiting.iter().any(|gift| gift.author_id == row.author_id))
}

/// A gift that has not begun.
#[derive(Debug, Serialize)]
pub(super) struct Waits {
    begins: DateTime<Utc>,
    ends: DateTime<Utc>,
}

/// The gift for which a membership that ends or rests does not go on. `gifts` may be for other authors.
pub(super) fn waits(row: &membership::Model, gifts: &[grant::Model]) -> Option<Waits> {
    let is_resting = row.cancel_at.is_some() || row.collection_paused.is_some();
    let mut of_author = gifts.iter().filter(|gift| gift.author_id == row.author_id);
    let gift = of_author.next().filter(|_| is_resting)?;
    Some(Waits {
        begins: gift.starts_at?,
        ends: gift.ends_at?,
    })
}
