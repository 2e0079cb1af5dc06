//! Whether going on with a membership would leave its reader with two of one author.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr};

use super::standing::{Support, standing_of};
use crate::entities::membership;

/// Whether resuming `row` would make two. One that gives nothing now is not resumed beside any that is in
/// force; one that is in force still, only not beside one that goes on: of two that both end she may choose.
/// `all` may hold memberships of other authors, and the row itself.
pub(super) fn would_double(
    row: &membership::Model,
    all: &[membership::Model],
    now: DateTime<Utc>,
    grace_days: u32,
) -> bool {
    let of =
        |row: &membership::Model| standing_of(std::slice::from_ref(row), &[], &[], now, grace_days);
    let standing = of(row);
    let can_go_on = match standing.support {
        Support::Former | Support::None => false,
        Support::Paused | Support::Leaving => true,
        _ => row.collection_paused.is_some(),
    };
    let mut others = all.iter().filter(|other| {
        let is_same_author = other.author_id == row.author_id;
        other.id != row.id && is_same_author && other.account_id == row.account_id
    });
    can_go_on
        && others.any(|other| {
            let beside = of(other);
            let goes_on = beside.support != Support::Leaving && other.collection_paused.is_none();
            beside.is_patron() && (goes_on || !standing.is_patron())
        })
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
) -> Result<bool, DbErr> {
    let between = membership::Entity::between(row.account_id, row.author_id);
    let all = between.all(db).await?;
    Ok(would_double(row, &all, now, grace_days))
}
