//! The places of a tier: how many there are, and who has one. Whoever has the tier now or is promised it keeps a
//! place: a membership in force, one that rests, one whose first payment is on its way, one that changes to this tier
//! when its paid time ends or its reader has confirmed it to her bank, a gift from its payment on, and what the house has given. Somebody at Checkout, or whose
//! change is being made, has one for a while, so that the last is not sold twice.

use std::collections::HashMap;

use chrono::{DateTime, Duration, Utc};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait,
    ExprTrait as _, JoinType, QueryFilter, QuerySelect as _, RelationDef, sea_query::Expr,
};
use serde::Serialize;
use uuid::Uuid;

use super::keeping;
use crate::{
    app::App,
    entities::{checkout, grant, membership, price, tier},
    membership::in_force::in_force,
};

/// How long a place is kept for whoever is at Checkout; Stripe closes the session then, which takes half an hour at
/// least. Source: <https://docs.stripe.com/api/checkout/sessions/create#create_checkout_session-expires_at>
pub const KEPT: Duration = Duration::minutes(35);

/// The places of one tier.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Seats {
    pub limit: i64,
    /// Had or promised.
    pub taken: i64,
    /// Of others who are at Checkout now, or whose change to it is being made.
    pub kept: i64,
}

impl Seats {
    pub fn left(self) -> i64 {
        Ord::max(self.limit - self.taken - self.kept, 0)
    }

    /// How many more have it than there are places.
    pub fn over(self) -> i64 {
        Ord::max(self.taken - self.limit, 0)
    }

    /// Whether there is none, not even when those at Checkout turn back.
    pub fn all_taken(self) -> bool {
        self.taken >= self.limit
    }
}

/// How many left are few enough to be said, at most.
const FEW: i64 = 10;

/// What readers are told of places.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Places {
    limit: i64,
    left: i64,
    /// Whether so few are left that it is said.
    are_few: bool,
    /// Whether none is left only because others are at Checkout.
    are_kept: bool,
}

impl Places {
    pub fn of(seats: Seats) -> Self {
        Self {
            limit: seats.limit,
            left: seats.left(),
            are_few: seats.left() <= FEW,
            are_kept: seats.left() == 0 && !seats.all_taken(),
        }
    }

    pub fn are_gone(self) -> bool {
        self.left == 0
    }
}

/// The places of those of these tiers that have a limit. What `but` has open at Checkout does not count: she is
/// the one who asks.
///
/// # Errors
/// If the database fails.
pub async fn seats<'a>(
    app: &App,
    db: &impl ConnectionTrait,
    tiers: impl IntoIterator<Item = &'a tier::Model>,
    but: Option<Uuid>,
) -> Result<HashMap<Uuid, Seats>, DbErr> {
    let limits = tiers.into_iter().filter_map(|tier| {
        let limit = i64::from(tier.seats?);
        Some((
            tier.id,
            Seats {
                limit,
                ..Seats::default()
            },
        ))
    });
    let mut found: HashMap<Uuid, Seats> = limits.collect();
    if found.is_empty() {
        return Ok(found);
    }
    let (now, grace) = (app.clock.now(), app.config.membership.grace_days);
    let ids: Vec<Uuid> = found.keys().copied().collect();
    // Checkouts and changes first: one that is paid or made meanwhile is then counted twice, and never not at all.
    let at_checkout = at_checkout(db, &ids, but, now).await?;
    let changing = keeping::kept(db, &ids, but, now).await?;
    for (tier, number) in at_checkout.into_iter().chain(changing) {
        found.entry(tier).or_default().kept += number;
    }
    let members = members(db, &ids, now, grace).await?;
    let booked = coming(db, &ids, membership::Column::NextPriceId, keeps(now, grace)).await?;
    let can_be_confirmed = Condition::all()
        .add(keeps(now, grace))
        .add(membership::Column::UnconfirmedUntil.gt(now));
    let confirmed = membership::Column::UnconfirmedPriceId;
    let confirmed = coming(db, &ids, confirmed, can_be_confirmed).await?;
    let coming = booked.into_iter().chain(confirmed);
    let granted = granted(db, &ids, now).await?;
    for (tier, number) in members.into_iter().chain(coming).chain(granted) {
        found.entry(tier).or_default().taken += number;
    }
    Ok(found)
}

/// The places of one tier, nobody else deciding on them until the transaction ends; `None` without a limit.
///
/// # Errors
/// If the database fails.
pub async fn held(
    app: &App,
    tx: &DatabaseTransaction,
    tier: Uuid,
    but: Option<Uuid>,
) -> Result<Option<Seats>, DbErr> {
    let limited = tier::Entity::find_by_id(tier)
        .filter(tier::Column::Seats.is_not_null())
        .lock_exclusive()
        .one(tx)
        .await?;
    Ok(seats(app, tx, &limited, but).await?.remove(&tier))
}

/// By tier.
pub(super) type Counted = Vec<(Uuid, i64)>;

async fn at_checkout(
    db: &impl ConnectionTrait,
    tiers: &[Uuid],
    but: Option<Uuid>,
    now: DateTime<Utc>,
) -> Result<Counted, DbErr> {
    use checkout::{Column, State};
    let is_open = Column::State
        .eq(State::Open)
        .and(Column::CreatedAt.gt(now - KEPT));
    let mut counted = checkout::Entity::find()
        .select_only()
        .column(Column::TierId)
        .column_as(Column::Id.count(), "number")
        .filter(Column::TierId.is_in(tiers.iter().copied()))
        .filter(Column::State.eq(State::Pending).or(is_open));
    if let Some(but) = but {
        let of_others = Column::AccountId.is_null().or(Column::AccountId.ne(but));
        counted = counted.filter(of_others);
    }
    counted.group_by(Column::TierId).into_tuple().all(db).await
}

/// What keeps a place in its tier.
fn keeps(now: DateTime<Utc>, grace_days: u32) -> Condition {
    use membership::{Column, State};
    let rests = [State::Pending, State::Trial, State::Active, State::Paused];
    in_force(now, grace_days).add(Column::State.is_in(rests))
}

async fn members(
    db: &impl ConnectionTrait,
    tiers: &[Uuid],
    now: DateTime<Utc>,
    grace_days: u32,
) -> Result<Counted, DbErr> {
    use membership::Column;
    membership::Entity::find()
        .select_only()
        .column(Column::TierId)
        .column_as(Column::Id.count(), "number")
        .filter(Column::TierId.is_in(tiers.iter().copied()))
        .filter(keeps(now, grace_days))
        .group_by(Column::TierId)
        .into_tuple()
        .all(db)
        .await
}

/// Those who have another tier still and, by the price in this column, are to have this one.
async fn coming(
    db: &impl ConnectionTrait,
    tiers: &[Uuid],
    price: membership::Column,
    which: Condition,
) -> Result<Counted, DbErr> {
    let next: RelationDef = membership::Entity::belongs_to(price::Entity)
        .from(price)
        .to(price::Column::Id)
        .into();
    let elsewhere = Expr::col((membership::Entity, membership::Column::TierId))
        .ne(Expr::col((price::Entity, price::Column::TierId)));
    membership::Entity::find()
        .select_only()
        .column(price::Column::TierId)
        .column_as(membership::Column::Id.count(), "number")
        .join(JoinType::InnerJoin, next)
        .filter(price::Column::TierId.is_in(tiers.iter().copied()))
        .filter(elsewhere)
        .filter(which)
        .group_by(price::Column::TierId)
        .into_tuple()
        .all(db)
        .await
}

async fn granted(
    db: &impl ConnectionTrait,
    tiers: &[Uuid],
    now: DateTime<Utc>,
) -> Result<Counted, DbErr> {
    use grant::Column;
    grant::Entity::find()
        .select_only()
        .column(Column::TierId)
        .column_as(Column::Id.count(), "number")
        .filter(Column::TierId.is_in(tiers.iter().copied()))
        .filter(Column::ReadyAt.is_not_null())
        .filter(Column::RevokedAt.is_null().or(Column::RevokedAt.gt(now)))
        .filter(Column::EndsAt.is_null().or(Column::EndsAt.gt(now)))
        .group_by(Column::TierId)
        .into_tuple()
        .all(db)
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_never_fewer_than_none() {
        for (limit, taken, kept, left, over, all_taken) in [
            (2, 0, 0, 2, 0, false),
            (2, 1, 1, 0, 0, false),
            (2, 2, 0, 0, 0, true),
            (2, 3, 1, 0, 1, true),
        ] {
            let seats = Seats { limit, taken, kept };
            let found = (seats.left(), seats.over(), seats.all_taken());
            assert_eq!(found, (left, over, all_taken), "{seats:?}");
        }
    }
}
