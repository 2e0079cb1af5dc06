//! Who is a patron now, asked of the database: the SQL twins of the standing.

use std::collections::HashSet;

use chrono::{DateTime, Duration, Utc};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect as _,
};
use uuid::Uuid;

use crate::entities::{
    grant,
    membership::{self, State},
    tip,
};

/// Which of these accounts are patrons of the author now: the SQL twin of [`super::standing_of`], for
/// badges, audiences and counts.
///
/// # Errors
/// If the database fails.
pub async fn patrons_among(
    db: &impl ConnectionTrait,
    author: Uuid,
    accounts: &[Uuid],
    now: DateTime<Utc>,
    grace_days: u32,
) -> Result<HashSet<Uuid>, DbErr> {
    let members: Vec<Uuid> = membership::Entity::of(author)
        .select_only()
        .column(membership::Column::AccountId)
        .filter(membership::Column::AccountId.is_in(accounts.iter().copied()))
        .filter(in_force(now, grace_days))
        .into_tuple()
        .all(db)
        .await?;
    let tippers: Vec<Uuid> = tip::Entity::find()
        .select_only()
        .column(tip::Column::AccountId)
        .filter(tip::Column::AuthorId.eq(author))
        .filter(tip::Column::AccountId.is_in(accounts.iter().copied()))
        .filter(tip_in_force(now))
        .into_tuple()
        .all(db)
        .await?;
    let granted: Vec<Uuid> = grant::Entity::find()
        .select_only()
        .column(grant::Column::AccountId)
        .filter(grant::Column::AuthorId.eq(author))
        .filter(grant::Column::AccountId.is_in(accounts.iter().copied()))
        .filter(grant_in_force(now))
        .into_tuple()
        .all(db)
        .await?;
    Ok(members.into_iter().chain(tippers).chain(granted).collect())
}

/// The memberships that make a patron at `now`, as a condition on the `membership` table.
pub fn in_force(now: DateTime<Utc>, grace_days: u32) -> Condition {
    use membership::Column;
    let grace_began = now - Duration::days(i64::from(grace_days));
    Condition::any()
        .add(
            Condition::all()
                .add(Column::State.is_in([State::Trial, State::Active]))
                .add(
                    Condition::any()
                        .add(Column::CollectionPaused.is_null())
                        .add(Column::CollectionPaused.ne(membership::VOID))
                        .add(Column::CurrentPeriodEnd.is_null())
                        .add(Column::CurrentPeriodEnd.gt(now)),
                ),
        )
        .add(
            Condition::all()
                .add(Column::State.eq(State::Cancelling))
                .add(
                    Condition::any()
                        .add(Column::CancelAt.is_null())
                        .add(Column::CancelAt.gt(now)),
                ),
        )
        .add(
            Condition::all()
                .add(Column::State.eq(State::Grace))
                .add(Column::PastDueSince.gt(grace_began)),
        )
}

/// The tips that make a patron at `now`, as a condition on the `tip` table.
pub fn tip_in_force(now: DateTime<Utc>) -> Condition {
    Condition::all()
        .add(tip::Column::State.eq(tip::State::Paid))
        .add(tip::Column::PatronUntil.gt(now))
}

/// The grants that make a patron at `now`, as a condition on the `membership_grant` table. Whose they
/// are not known yet make nobody one.
pub fn grant_in_force(now: DateTime<Utc>) -> Condition {
    use grant::Column;
    Condition::all()
        .add(Column::AccountId.is_not_null())
        .add(Column::StartsAt.lte(now))
        .add(Column::EndsAt.gt(now))
        .add(
            Condition::any()
                .add(Column::RevokedAt.is_null())
                .add(Column::RevokedAt.gt(now)),
        )
}
