//! Whether going on with a membership would leave its reader with two of one author.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr};
use serde::Serialize;

use super::standing::{Support, standing_of};
use crate::entities::membership;

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
        Support::Former | Support::None => false,
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
