//! Addresses that are not written to: for `All` mail after a hard bounce or many soft ones, for `Notices`
//! after a complaint or an unsubscribe. Kept by a keyed hash of the address, so that neither deleting an
//! account nor joining again undoes it; lifted by the reader or the owner.

mod whom;

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter,
    sea_query::{Expr, OnConflict},
};
use uuid::Uuid;

pub use self::whom::{Fingerprint, Purpose};
use crate::entities::suppression::{Column, Entity, Model, Reason};

/// One soft bounce, in the unit scores are kept in.
const SOFT: i32 = 100;
/// At this score an address is no longer written to: five soft bounces at once, or more over time.
const TOO_MANY: i32 = 5 * SOFT;
/// After so many days a soft bounce counts half.
const HALF_LIFE_DAYS: f64 = 14.0;
/// Fingerprints a query, below both databases' limits.
const ASKED_AT_ONCE: usize = 1_000;

/// Writes no more of this purpose to an address; `words` is what the server or the person said. Returns
/// whether that is new.
///
/// # Errors
/// If the database fails.
pub async fn suppress(
    db: &impl ConnectionTrait,
    now: DateTime<Utc>,
    whom: &Fingerprint,
    purpose: Purpose,
    (reason, words): (Reason, &str),
) -> Result<bool, DbErr> {
    count(db, now, whom, purpose).await?;
    let changed = Entity::update_many()
        .col_expr(Column::SuppressedAt, Expr::value(Some(now)))
        .col_expr(Column::Reason, Expr::value(Some(reason)))
        .col_expr(Column::Words, Expr::value(words))
        .filter(of(whom, purpose))
        .filter(Column::SuppressedAt.is_null())
        .exec(db)
        .await?;
    if changed.rows_affected > 0 {
        let to = &whom.masked;
        tracing::info!(to, ?purpose, ?reason, words, "no longer written to");
    }
    Ok(changed.rows_affected > 0)
}

/// Counts a soft bounce; enough of them in a short time suppress the address for all mail. Returns
/// whether it is suppressed with this one.
///
/// # Errors
/// If the database fails.
pub async fn soft_bounce(
    db: &impl ConnectionTrait,
    now: DateTime<Utc>,
    whom: &Fingerprint,
    words: &str,
) -> Result<bool, DbErr> {
    loop {
        count(db, now, whom, Purpose::All).await?;
        let of_all = of(whom, Purpose::All);
        let row = Entity::find().filter(of_all.clone()).one(db).await?;
        let Some(row) = row else { continue };
        let score = decayed(row.score, now - row.scored_at).saturating_add(SOFT);
        // Another one may have been counted meanwhile.
        let counted = Entity::update_many()
            .col_expr(Column::Score, Expr::value(score))
            .col_expr(Column::ScoredAt, Expr::value(now))
            .filter(of_all)
            .filter(Column::Score.eq(row.score))
            .filter(Column::ScoredAt.eq(row.scored_at))
            .exec(db)
            .await?;
        if counted.rows_affected == 0 {
            continue;
        }
        if score < TOO_MANY {
            return Ok(false);
        }
        return suppress(db, now, whom, Purpose::All, (Reason::SoftBounces, words)).await;
    }
}

/// Writes to an address again, for just this purpose. Returns whether it was suppressed.
///
/// # Errors
/// If the database fails.
pub async fn lift(
    db: &impl ConnectionTrait,
    whom: &Fingerprint,
    purpose: Purpose,
) -> Result<bool, DbErr> {
    let lifted = Entity::delete_many().filter(of(whom, purpose)).exec(db);
    Ok(lifted.await?.rows_affected > 0)
}

/// What keeps mail of this purpose from an address, if anything does: the widest first.
///
/// # Errors
/// If the database fails.
pub async fn is_suppressed(
    db: &impl ConnectionTrait,
    whom: &Fingerprint,
    purpose: Purpose,
) -> Result<Option<Model>, DbErr> {
    Entity::find()
        .filter(Column::Fingerprint.eq(&whom.hash))
        .filter(Column::Purpose.is_in(purpose.held_by()))
        .filter(Column::SuppressedAt.is_not_null())
        .one(db)
        .await
}

/// Of these, those that mail of this purpose is kept from, with the reason; by [`Fingerprint::as_str`].
///
/// # Errors
/// If the database fails.
pub async fn suppressed_among(
    db: &impl ConnectionTrait,
    whom: &[Fingerprint],
    purpose: Purpose,
) -> Result<HashMap<String, Model>, DbErr> {
    let mut found = HashMap::new();
    for some in whom.chunks(ASKED_AT_ONCE) {
        let rows = Entity::find()
            .filter(Column::Fingerprint.is_in(some.iter().map(Fingerprint::as_str)))
            .filter(Column::Purpose.is_in(purpose.held_by()))
            .filter(Column::SuppressedAt.is_not_null())
            .all(db)
            .await?;
        found.extend(rows.into_iter().map(|row| (row.fingerprint.clone(), row)));
    }
    Ok(found)
}

/// Everything that is kept from these addresses, by fingerprint.
pub(super) async fn of_these(
    db: &impl ConnectionTrait,
    whom: &[Fingerprint],
) -> Result<HashMap<String, Vec<Model>>, DbErr> {
    let mut found: HashMap<String, Vec<Model>> = HashMap::new();
    for some in whom.chunks(ASKED_AT_ONCE) {
        let rows = Entity::find()
            .filter(Column::Fingerprint.is_in(some.iter().map(Fingerprint::as_str)))
            .filter(Column::SuppressedAt.is_not_null());
        for row in rows.all(db).await? {
            found.entry(row.fingerprint.clone()).or_default().push(row);
        }
    }
    Ok(found)
}

/// Of what is kept from an address, what holds mail of this purpose back.
pub(super) fn holding_back(found: &[Model], purpose: Purpose) -> Option<&Model> {
    let held_by = purpose.held_by();
    found.iter().find(|row| held_by.contains(&row.purpose))
}

/// Why a mail was not sent, for whoever looks after it.
pub(super) fn sentence(row: &Model) -> String {
    let what = match row.reason {
        Some(Reason::HardBounce) => "there is no such mailbox",
        Some(Reason::SoftBounces) => "its mailbox took no mail for too long",
        Some(Reason::Complaint) => "its reader reported our mail",
        Some(Reason::Unsubscribed) => "its reader left",
        Some(Reason::Owner) | None => "the owner wished it",
    };
    match row.words.as_str() {
        "" => format!("this address is not written to: {what}"),
        words => format!("this address is not written to: {what} ({words})"),
    }
}

fn of(whom: &Fingerprint, purpose: Purpose) -> Condition {
    Condition::all()
        .add(Column::Fingerprint.eq(&whom.hash))
        .add(Column::Purpose.eq(purpose.word()))
}

/// Makes the row that counts, if there is none.
async fn count(
    db: &impl ConnectionTrait,
    now: DateTime<Utc>,
    whom: &Fingerprint,
    purpose: Purpose,
) -> Result<(), DbErr> {
    let row = crate::entities::suppression::ActiveModel {
        id: Set(Uuid::now_v7()),
        fingerprint: Set(whom.hash.clone()),
        purpose: Set(purpose.word()),
        masked: Set(whom.masked.clone()),
        reason: Set(None),
        words: Set(String::new()),
        score: Set(0),
        scored_at: Set(now),
        suppressed_at: Set(None),
        created_at: Set(now),
    };
    let once = OnConflict::columns([Column::Fingerprint, Column::Purpose])
        .do_nothing()
        .to_owned();
    let insert = Entity::insert(row).on_conflict(once);
    insert.exec_without_returning(db).await.map(drop)
}

/// A score after so long.
fn decayed(score: i32, age: chrono::TimeDelta) -> i32 {
    let days = age.num_seconds().max(0) as f64 / 86_400.0;
    (f64::from(score) * 0.5_f64.powf(days / HALF_LIFE_DAYS)) as i32
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;

    #[test]
    fn soft_bounces_count_half_after_a_fortnight() {
        for (days, left) in [(0, 400), (14, 200), (28, 100), (365, 0)] {
            assert_eq!(decayed(400, TimeDelta::days(days)), left, "{days}");
        }
    }
}
