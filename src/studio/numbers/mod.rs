//! The numbers of a dashboard, added up from the roll and from what was paid. Right to the cent.

mod cohorts;
mod money;
mod moves;
mod now;
mod span;

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ConnectionTrait, DbErr, QueryOrder as _, QuerySelect as _};
use serde::Serialize;
use uuid::Uuid;

use crate::entities::supporter;

use cohorts::Cohort;
use money::{Paid, Won};
pub(super) use moves::{Moves, Step};
use now::Now;
pub(super) use span::Span;

/// An author's numbers for a span.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Numbers {
    pub now: Now,
    pub moves: Moves,
    pub paid: Vec<Paid>,
    /// By the article whose support call won them.
    pub won: Vec<Won>,
    pub cohorts: Vec<Cohort>,
    pub from: NaiveDate,
}

/// Reads them.
///
/// # Errors
/// If the database fails.
pub(super) async fn read(
    db: &impl ConnectionTrait,
    author: Uuid,
    span: Span,
    now: DateTime<Utc>,
) -> Result<Numbers, DbErr> {
    let first: Option<DateTime<Utc>> = supporter::Entity::of(author)
        .select_only()
        .column(supporter::Column::FirstAt)
        .order_by_asc(supporter::Column::FirstAt)
        .into_tuple()
        .one(db)
        .await?;
    let from = span.begins(now, first.map(|at| at.date_naive()));
    Ok(Numbers {
        now: now::read(db, author).await?,
        moves: moves::read(db, author, span, from, now).await?,
        paid: money::paid(db, author, from).await?,
        won: money::won(db, author, from).await?,
        cohorts: cohorts::read(db, author, now).await?,
        from,
    })
}

/// A twelfth of what twelve months bring, half a minor unit rounding up.
fn monthly(yearly: i64) -> i64 {
    (yearly + 6).div_euclid(12)
}
