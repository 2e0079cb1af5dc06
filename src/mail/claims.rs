//! Which mails a worker has taken on, and what became of them.

use chrono::{DateTime, Duration, Utc};
use rand::Rng as _;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseConnection, DbErr, EntityTrait, QueryFilter,
    QueryOrder as _, QuerySelect as _, QueryTrait as _, UpdateMany,
    sea_query::{Expr, LockBehavior, LockType},
};
use uuid::Uuid;

use super::suppression::{self, Fingerprint, Purpose};
use crate::{
    db,
    entities::{
        outbox::{self, Column, State},
        suppression::Reason,
    },
    telemetry,
};

/// How long a worker holds a mail unless it says that it is still at it.
pub(super) const LEASE: Duration = Duration::seconds(30);
/// After this long without success a mail is given up,
const GIVE_UP: Duration = Duration::days(3);
/// but not before it was tried this often: the service itself may have been away for days.
const TRIES: i32 = 8;
/// The domains a claim can leave out.
const LEFT_OUT: usize = 100;

/// What became of a mail a worker had taken on.
#[derive(Debug)]
pub(super) enum End {
    Sent,
    /// Never to be tried again, and why.
    Refused(String),
    /// The same, and there is no such mailbox.
    NoMailbox(String),
    /// To be tried later, and why.
    Later(String),
    /// Not to be sent to this address, and why.
    Suppressed(String),
    /// Its turn has not come.
    Untouched,
    /// What it was to say holds no more; it is taken out.
    Needless,
}

/// Who settles: the worker that claimed, and the key fingerprints are made with.
#[derive(Clone, Copy)]
pub(super) struct Holder<'a> {
    pub worker: Uuid,
    pub key: &'a [u8],
}

/// Takes on up to `most` mails that are due, of a priority below `below`, receipts before notices, none to
/// the domains `without`.
pub(super) async fn claim(
    db: &DatabaseConnection,
    now: DateTime<Utc>,
    worker: Uuid,
    (most, below): (u64, i32),
    without: &[String],
) -> Result<Vec<outbox::Model>, DbErr> {
    let mut due = outbox::Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(outbox::Entity::untouched(now))
        .filter(Column::Priority.lt(below))
        .filter(Column::RunAt.lte(now))
        .order_by_asc(Column::Priority)
        .order_by_asc(Column::RunAt)
        .limit(most);
    for domain in without.iter().take(LEFT_OUT) {
        due = due.filter(Column::ToAddress.not_like(format!("%@{domain}")));
    }
    if db::is_postgres(db) {
        due = due.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
    }
    let mut rows = outbox::Entity::update_many()
        .col_expr(Column::LockedUntil, Expr::value(now + LEASE))
        .col_expr(Column::Worker, Expr::value(Some(worker)))
        .filter(Column::Id.in_subquery(due.into_query()))
        .exec_with_returning(db)
        .await?;
    rows.sort_by_key(|row| (row.priority, row.run_at, row.id));
    Ok(rows)
}

/// Holds these mails for another while. Returns those that are still this worker's.
pub(super) async fn renew(
    db: &DatabaseConnection,
    now: DateTime<Utc>,
    worker: Uuid,
    ids: Vec<Uuid>,
) -> Result<Vec<Uuid>, DbErr> {
    let held = outbox::Entity::update_many()
        .col_expr(Column::LockedUntil, Expr::value(now + LEASE))
        .filter(Column::Id.is_in(ids))
        .filter(Column::Worker.eq(worker))
        .filter(Column::State.eq(State::Waiting))
        .exec_with_returning(db)
        .await?;
    Ok(held.into_iter().map(|row| row.id).collect())
}

/// Lets go of what this worker still holds of these.
pub(super) async fn give_back(
    db: &impl ConnectionTrait,
    worker: Uuid,
    ids: Vec<Uuid>,
) -> Result<(), DbErr> {
    if ids.is_empty() {
        return Ok(());
    }
    let free = freed(outbox::Entity::update_many());
    let free = free.filter(Column::Id.is_in(ids));
    let free = free.filter(held_by(worker)).exec(db);
    free.await.map(drop)
}

/// Writes down what became of them, all or nothing.
pub(super) async fn settle(
    db: &DatabaseConnection,
    now: DateTime<Utc>,
    holder: Holder<'_>,
    ended: &[(outbox::Model, End)],
) -> Result<(), DbErr> {
    let ids = |wanted: fn(&End) -> bool| {
        let wanted = ended.iter().filter(move |(_, end)| wanted(end));
        wanted.map(|(row, _)| row.id).collect::<Vec<_>>()
    };
    let sent = ids(|end| matches!(end, End::Sent));
    counted("sent", sent.len());
    if sent.len() == ended.len() {
        // One statement is a transaction already.
        return settle_sent(db, now, sent).await;
    }
    let tx = db::begin(db).await?;
    settle_sent(&tx, now, sent).await?;
    give_back(&tx, holder.worker, ids(|end| matches!(end, End::Untouched))).await?;
    for (row, end) in ended {
        match end {
            End::Sent | End::Untouched | End::Needless => {}
            End::Suppressed(why) => close(&tx, holder, row, State::Suppressed, why).await?,
            End::Refused(why) => close(&tx, holder, row, State::Dead, why).await?,
            End::NoMailbox(why) => {
                close(&tx, holder, row, State::Dead, why).await?;
                let whom = Fingerprint::of(holder.key, &row.to_address);
                let because = (Reason::HardBounce, why.as_str());
                suppression::suppress(&tx, now, &whom, Purpose::All, because).await?;
            }
            End::Later(why) => later(&tx, now, holder, row, why).await?,
        }
    }
    take_out(&tx, holder.worker, ids(|end| matches!(end, End::Needless))).await?;
    tx.commit().await
}

/// Whoever sent it, it is sent: this holds even if the lease has run out.
async fn settle_sent(
    db: &impl ConnectionTrait,
    now: DateTime<Utc>,
    ids: Vec<Uuid>,
) -> Result<(), DbErr> {
    if ids.is_empty() {
        return Ok(());
    }
    freed(outbox::Entity::update_many())
        .col_expr(Column::State, State::Sent.into())
        .col_expr(Column::SentAt, Expr::value(Some(now)))
        .col_expr(Column::Error, Expr::value(Option::<String>::None))
        .filter(Column::Id.is_in(ids))
        .exec(db)
        .await
        .map(drop)
}

async fn take_out(tx: &impl ConnectionTrait, worker: Uuid, ids: Vec<Uuid>) -> Result<(), DbErr> {
    if ids.is_empty() {
        return Ok(());
    }
    outbox::Entity::delete_many()
        .filter(Column::Id.is_in(ids))
        .filter(held_by(worker))
        .exec(tx)
        .await
        .map(drop)
}

/// Not to be tried again, unless somebody says so.
async fn close(
    tx: &impl ConnectionTrait,
    holder: Holder<'_>,
    row: &outbox::Model,
    state: State,
    why: &str,
) -> Result<(), DbErr> {
    let to = telemetry::masked(&row.to_address);
    tracing::warn!(key = row.key, to, why, ?state, "a mail will not go");
    let (result, tried) = match state {
        State::Suppressed => ("suppressed", 0),
        _ => ("dead", 1),
    };
    counted(result, 1);
    freed(outbox::Entity::update_many())
        .col_expr(Column::State, state.into())
        .col_expr(Column::Attempts, Expr::value(row.attempts + tried))
        .col_expr(Column::Error, Expr::value(Some(why)))
        .filter(Column::Id.eq(row.id))
        .filter(held_by(holder.worker))
        .exec(tx)
        .await
        .map(drop)
}

async fn later(
    tx: &impl ConnectionTrait,
    now: DateTime<Utc>,
    holder: Holder<'_>,
    row: &outbox::Model,
    why: &str,
) -> Result<(), DbErr> {
    let attempts = row.attempts + 1;
    if now - row.created_at > GIVE_UP && attempts >= TRIES {
        let whom = Fingerprint::of(holder.key, &row.to_address);
        suppression::soft_bounce(tx, now, &whom, why).await?;
        return close(tx, holder, row, State::Dead, why).await;
    }
    let to = telemetry::masked(&row.to_address);
    tracing::warn!(key = row.key, to, why, "a mail waits for another try");
    counted("later", 1);
    freed(outbox::Entity::update_many())
        .col_expr(Column::Attempts, Expr::value(attempts))
        .col_expr(Column::Error, Expr::value(Some(why)))
        .col_expr(Column::RunAt, Expr::value(now + back_off(attempts)))
        .filter(Column::Id.eq(row.id))
        .filter(held_by(holder.worker))
        .exec(tx)
        .await
        .map(drop)
}

/// If somebody else holds it by now, the other's word counts.
fn held_by(worker: Uuid) -> Condition {
    Condition::all()
        .add(Column::Worker.eq(worker))
        .add(Column::State.eq(State::Waiting))
}

fn freed(update: UpdateMany<outbox::Entity>) -> UpdateMany<outbox::Entity> {
    update
        .col_expr(
            Column::LockedUntil,
            Expr::value(Option::<DateTime<Utc>>::None),
        )
        .col_expr(Column::Worker, Expr::value(Option::<Uuid>::None))
}

fn counted(result: &'static str, count: usize) {
    metrics::counter!("plaudit_mails_total", "result" => result).increment(count as u64);
}

/// Full jitter: anything up to 10 s × 2^(attempts - 1), six hours at most.
pub(super) fn back_off(attempts: i32) -> Duration {
    let doublings = (attempts - 1).clamp(0, 12).unsigned_abs();
    let ceiling = (10 * 2_i64.pow(doublings)).min(21_600);
    Duration::milliseconds(rand::rng().random_range(1_000..=ceiling * 1000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_grows_from_ten_seconds_to_six_hours() {
        for (attempts, ceiling) in [
            (1, 10),
            (2, 20),
            (5, 160),
            (12, 20_480),
            (13, 21_600),
            (99, 21_600),
        ] {
            let waits: Vec<i64> = (0..500)
                .map(|_| back_off(attempts).num_milliseconds())
                .collect();
            let (least, most) = (waits.iter().min(), waits.iter().max());
            assert!(
                least >= Some(&1_000) && most <= Some(&(ceiling * 1000)),
                "{attempts}"
            );
            assert!(most > Some(&(ceiling * 800)), "{attempts}: {most:?}");
        }
    }
}
