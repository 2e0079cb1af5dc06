//! Movements and payments added up by the day. Each act adds rows of its own, so that no two wait for one
//! another; days that are over are gathered later.

use std::collections::BTreeMap;

use chrono::{Duration, NaiveDate, NaiveTime};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbErr, EntityTrait,
    QueryFilter, QueryOrder as _, QuerySelect as _, QueryTrait,
    sea_query::{Expr, UnionType},
};
use uuid::Uuid;

use crate::{
    db,
    entities::{
        movement::{self, Kind},
        movement_tally, payment, payment_tally,
    },
};

/// How many days of authors are gathered at once.
const BATCH: u64 = 100;

/// Author, day, kind, currency, cohort.
type Of = (Uuid, String, Kind, Option<String>, String);

/// Yearly amount, patrons, of them for the first time, of them lost.
type Sums = [i64; 4];

/// Adds up movements that are being written.
pub(super) async fn moved(
    tx: &DatabaseTransaction,
    movements: &[movement::Model],
) -> Result<(), DbErr> {
    let sums = movements.iter().map(|row| {
        let of = (
            row.author_id,
            row.day.clone(),
            row.kind,
            row.currency.clone(),
            row.cohort.clone(),
        );
        let came = i64::from(row.is_first && row.patrons > 0);
        let went = i64::from(row.patrons < 0);
        (of, [row.yearly, i64::from(row.patrons), came, went])
    });
    add(tx, sums).await
}

/// Adds up a payment that is being booked.
///
/// # Errors
/// If the database fails.
pub(in crate::membership) async fn paid(
    tx: &DatabaseTransaction,
    row: &payment::Model,
) -> Result<(), DbErr> {
    let day = row.paid_at.format("%Y-%m-%d").to_string();
    let tips = row.tip_id.map_or(0, |_| row.amount);
    let of = (row.author_id, day, row.currency.clone());
    receive(tx, [(of, (row.amount, tips))]).await
}

/// Adds what is missing to the sums of the day of a payment that was put right, or takes away what is too much.
///
/// # Errors
/// If the database fails.
pub(in crate::membership) async fn recount(
    tx: &DatabaseTransaction,
    row: &payment::Model,
) -> Result<(), DbErr> {
    use payment_tally::Column;
    let date = row.paid_at.date_naive();
    let day = date.format("%Y-%m-%d").to_string();
    let begin = date.and_time(NaiveTime::MIN).and_utc();
    let paid = payment::Entity::find()
        .select_only()
        .column(payment::Column::Currency)
        .column_as(Expr::cust("payment.amount"), "received")
        .column_as(
            Expr::cust("CASE WHEN payment.tip_id IS NULL THEN 0 ELSE payment.amount END"),
            "tips",
        )
        .filter(payment::Column::AuthorId.eq(row.author_id))
        .filter(payment::Column::PaidAt.gte(begin))
        .filter(payment::Column::PaidAt.lt(begin + Duration::days(1)));
    let mut missing = payment_tally::Entity::find()
        .select_only()
        .column(Column::Currency)
        .column_as(Expr::cust("-payment_tally.received"), "received")
        .column_as(Expr::cust("-payment_tally.tips"), "tips")
        .filter(Column::AuthorId.eq(row.author_id))
        .filter(Column::Day.eq(day.as_str()));
    // One statement sees one state of both.
    QueryTrait::query(&mut missing).union(UnionType::All, paid.into_query());
    let missing: Vec<(String, i64, i64)> = missing.into_tuple().all(tx).await?;
    let sums = missing.into_iter().map(|(currency, received, tips)| {
        let of = (row.author_id, day.clone(), currency);
        (of, (received, tips))
    });
    receive(tx, sums).await
}

/// Gathers what was added on days that are over, a batch of them. Returns how many days there were.
///
/// # Errors
/// If the database fails; nothing is lost or counted twice.
pub(super) async fn gather(db: &DatabaseConnection, today: NaiveDate) -> Result<usize, DbErr> {
    let today = today.format("%Y-%m-%d").to_string();
    let moves = scattered_moves(db, &today).await?;
    for (author, day) in &moves {
        gather_moves(db, *author, day).await?;
    }
    let payments = scattered_payments(db, &today).await?;
    for (author, day) in &payments {
        gather_payments(db, *author, day).await?;
    }
    Ok(moves.len() + payments.len())
}

async fn scattered_moves(
    db: &impl ConnectionTrait,
    today: &str,
) -> Result<Vec<(Uuid, String)>, DbErr> {
    use movement_tally::Column;
    movement_tally::Entity::find()
        .select_only()
        .columns([Column::AuthorId, Column::Day])
        .distinct()
        .filter(Column::Day.lt(today))
        .group_by(Column::AuthorId)
        .group_by(Column::Day)
        .group_by(Column::Kind)
        .group_by(Column::Currency)
        .group_by(Column::Cohort)
        .having(Expr::cust("COUNT(*) > 1"))
        .limit(BATCH)
        .into_tuple()
        .all(db)
        .await
}

async fn scattered_payments(
    db: &impl ConnectionTrait,
    today: &str,
) -> Result<Vec<(Uuid, String)>, DbErr> {
    use payment_tally::Column;
    payment_tally::Entity::find()
        .select_only()
        .columns([Column::AuthorId, Column::Day])
        .distinct()
        .filter(Column::Day.lt(today))
        .group_by(Column::AuthorId)
        .group_by(Column::Day)
        .group_by(Column::Currency)
        .having(Expr::cust("COUNT(*) > 1"))
        .limit(BATCH)
        .into_tuple()
        .all(db)
        .await
}

async fn gather_moves(db: &DatabaseConnection, author: Uuid, day: &str) -> Result<(), DbErr> {
    use movement_tally::Column;
    let tx = db::begin(db).await?;
    // Of two who gather the same day the second finds what the first has left it.
    let rows = movement_tally::Entity::find()
        .filter(Column::AuthorId.eq(author))
        .filter(Column::Day.eq(day))
        .order_by_asc(Column::Id)
        .lock_exclusive()
        .all(&tx)
        .await?;
    movement_tally::Entity::delete_many()
        .filter(Column::Id.is_in(rows.iter().map(|row| row.id)))
        .exec(&tx)
        .await?;
    let sums = rows.into_iter().map(|row| {
        let of = (row.author_id, row.day, row.kind, row.currency, row.cohort);
        (of, [row.yearly, row.patrons, row.firsts, row.lost])
    });
    add(&tx, sums).await?;
    tx.commit().await
}

async fn gather_payments(db: &DatabaseConnection, author: Uuid, day: &str) -> Result<(), DbErr> {
    use payment_tally::Column;
    let tx = db::begin(db).await?;
    let rows = payment_tally::Entity::find()
        .filter(Column::AuthorId.eq(author))
        .filter(Column::Day.eq(day))
        .order_by_asc(Column::Id)
        .lock_exclusive()
        .all(&tx)
        .await?;
    payment_tally::Entity::delete_many()
        .filter(Column::Id.is_in(rows.iter().map(|row| row.id)))
        .exec(&tx)
        .await?;
    let sums = rows.into_iter().map(|row| {
        let of = (row.author_id, row.day, row.currency);
        (of, (row.received, row.tips))
    });
    receive(&tx, sums).await?;
    tx.commit().await
}

async fn add(
    tx: &DatabaseTransaction,
    each: impl IntoIterator<Item = (Of, Sums)>,
) -> Result<(), DbErr> {
    let mut all: BTreeMap<Of, Sums> = BTreeMap::new();
    for (of, sums) in each {
        let sum = all.entry(of).or_default();
        for (sum, more) in sum.iter_mut().zip(sums) {
            *sum += more;
        }
    }
    if all.is_empty() {
        return Ok(());
    }
    let rows = all.into_iter().map(
        |((author_id, day, kind, currency, cohort), [yearly, patrons, firsts, lost])| {
            movement_tally::ActiveModel {
                id: NotSet,
                author_id: Set(author_id),
                day: Set(day),
                kind: Set(kind),
                currency: Set(currency),
                cohort: Set(cohort),
                yearly: Set(yearly),
                patrons: Set(patrons),
                firsts: Set(firsts),
                lost: Set(lost),
            }
        },
    );
    movement_tally::Entity::insert_many(rows)
        .exec_without_returning(tx)
        .await
        .map(drop)
}

async fn receive(
    tx: &DatabaseTransaction,
    each: impl IntoIterator<Item = ((Uuid, String, String), (i64, i64))>,
) -> Result<(), DbErr> {
    let mut all: BTreeMap<(Uuid, String, String), (i64, i64)> = BTreeMap::new();
    for (of, (received, tips)) in each {
        let sum = all.entry(of).or_default();
        sum.0 += received;
        sum.1 += tips;
    }
    all.retain(|_, sum| *sum != (0, 0));
    if all.is_empty() {
        return Ok(());
    }
    let rows = all
        .into_iter()
        .map(
            |((author_id, day, currency), (received, tips))| payment_tally::ActiveModel {
                id: NotSet,
                author_id: Set(author_id),
                day: Set(day),
                currency: Set(currency),
                received: Set(received),
                tips: Set(tips),
            },
        );
    payment_tally::Entity::insert_many(rows)
        .exec_without_returning(tx)
        .await
        .map(drop)
}
