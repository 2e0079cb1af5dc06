//! Which mails a worker has taken on, and what became of them.

use chrono::{DateTime, Duration, Utc};
use rand::Rng as _;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbErr, EntityTrait,
    QueryFilter, QueryOrder as _, QuerySelect as _, QueryTrait as _,
    sea_query::{Expr, LockBehavior, LockType},
};
use uuid::Uuid;

use crate::{
    db,
    entities::outbox::{self, Column, State},
    telemetry,
};

/// How long a worker may hold a mail.
pub(super) const LEASE: Duration = Duration::minutes(5);
/// After this long without success a mail is given up,
const GIVE_UP: Duration = Duration::days(3);
/// but not before it was tried this often: the service itself may have been away for days.
const TRIES: i32 = 8;

/// What became of a mail a worker had taken on.
#[derive(Debug)]
pub(super) enum End {
    Sent,
    /// Never to be tried again, and why.
    Refused(String),
    /// To be tried later, and why.
    Later(String),
    /// Its turn has not come.
    Untouched,
    /// What it was to say holds no more; it is taken out.
    Needless,
}

/// Takes on up to `most` mails that are due, receipts before notices.
pub(super) async fn claim(
    db: &DatabaseConnection,
    now: DateTime<Utc>,
    most: u64,
) -> Result<Vec<outbox::Model>, DbErr> {
    let mut due = outbox::Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(outbox::Entity::untouched(now))
        .filter(Column::RunAt.lte(now))
        .order_by_asc(Column::Priority)
        .order_by_asc(Column::RunAt)
        .limit(most);
    if db::is_postgres(db) {
        due = due.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
    }
    let mut rows = outbox::Entity::update_many()
        .col_expr(Column::LockedUntil, Expr::value(now + LEASE))
        .filter(Column::Id.in_subquery(due.into_query()))
        .exec_with_returning(db)
        .await?;
    rows.sort_by_key(|row| (row.priority, row.run_at));
    Ok(rows)
}

/// Writes down what became of them, in one transaction.
pub(super) async fn settle(
    db: &DatabaseConnection,
    now: DateTime<Utc>,
    ended: Vec<(outbox::Model, End)>,
) -> Result<(), DbErr> {
    let tx = db::begin(db).await?;
    let (mut sent, mut untouched, mut needless) = (Vec::new(), Vec::new(), Vec::new());
    for (row, end) in ended {
        match end {
            End::Sent => sent.push(row.id),
            End::Untouched => untouched.push(row.id),
            End::Needless => needless.push(row.id),
            End::Refused(why) => fail(&tx, now, row, why, true).await?,
            End::Later(why) => {
                let is_over = now - row.created_at > GIVE_UP && row.attempts + 1 >= TRIES;
                fail(&tx, now, row, why, is_over).await?;
            }
        }
    }
    counted("sent", sent.len());
    settle_sent(&tx, now, sent).await?;
    give_back(&tx, untouched).await?;
    take_out(&tx, needless).await?;
    tx.commit().await
}

/// Whoever sent it, it is sent: this holds even if the lease has run out.
async fn settle_sent(
    tx: &DatabaseTransaction,
    now: DateTime<Utc>,
    ids: Vec<Uuid>,
) -> Result<(), DbErr> {
    if ids.is_empty() {
        return Ok(());
    }
    outbox::Entity::update_many()
        .col_expr(Column::State, State::Sent.into())
        .col_expr(Column::SentAt, Expr::value(Some(now)))
        .col_expr(Column::LockedUntil, nothing())
        .col_expr(Column::Error, Expr::value(Option::<String>::None))
        .filter(Column::Id.is_in(ids))
        .exec(tx)
        .await
        .map(drop)
}

async fn give_back(tx: &impl ConnectionTrait, ids: Vec<Uuid>) -> Result<(), DbErr> {
    if ids.is_empty() {
        return Ok(());
    }
    outbox::Entity::update_many()
        .col_expr(Column::LockedUntil, nothing())
        .filter(Column::Id.is_in(ids))
        .filter(Column::State.eq(State::Waiting))
        .exec(tx)
        .await
        .map(drop)
}

async fn take_out(tx: &impl ConnectionTrait, ids: Vec<Uuid>) -> Result<(), DbErr> {
    if ids.is_empty() {
        return Ok(());
    }
    outbox::Entity::delete_many()
        .filter(Column::Id.is_in(ids))
        .filter(Column::State.eq(State::Waiting))
        .exec(tx)
        .await
        .map(drop)
}

/// Unless somebody else holds it by now: then the other's word counts.
async fn fail(
    tx: &impl ConnectionTrait,
    now: DateTime<Utc>,
    row: outbox::Model,
    why: String,
    is_final: bool,
) -> Result<(), DbErr> {
    let to = telemetry::masked(&row.to_address);
    tracing::warn!(key = row.key, to, why, is_final, "a mail did not go");
    counted(if is_final { "dead" } else { "later" }, 1);
    let attempts = row.attempts + 1;
    let state = if is_final {
        State::Dead
    } else {
        State::Waiting
    };
    outbox::Entity::update_many()
        .col_expr(Column::State, state.into())
        .col_expr(Column::Attempts, Expr::value(attempts))
        .col_expr(Column::Error, Expr::value(Some(why)))
        .col_expr(Column::RunAt, Expr::value(now + back_off(attempts)))
        .col_expr(Column::LockedUntil, nothing())
        .filter(Column::Id.eq(row.id))
        .filter(Column::State.eq(State::Waiting))
        .filter(Column::LockedUntil.eq(row.locked_until))
        .exec(tx)
        .await
        .map(drop)
}

fn nothing() -> Expr {
    Expr::value(Option::<DateTime<Utc>>::None)
}

fn counted(result: &'static str, count: usize) {
    metrics::counter!("plaudit_mails_total", "result" => result).increment(count as u64);
}

/// Full jitter: anything up to 10 s × 2^attempts, six hours at most.
fn back_off(attempts: i32) -> Duration {
    let ceiling = 10 * 2_i64.saturating_pow(attempts.clamp(1, 12).unsigned_abs());
    Duration::milliseconds(rand::rng().random_range(1_000..=ceiling.min(21_600) * 1000))
}
