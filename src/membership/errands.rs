//! Calls to Stripe that follow from what was written: stored with it, done after it, tried again until
//! they succeed. Stripe gets the errand's key, so a second try is the same act.

use chrono::{DateTime, Duration, Utc};
use futures_util::{StreamExt as _, stream};
use sea_orm::{
    ActiveModelTrait as _,
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel as _, QueryFilter,
    QueryOrder as _, QuerySelect as _, QueryTrait as _,
    sea_query::{Expr, LockBehavior, LockType, OnConflict},
};
use uuid::Uuid;

use super::{cards, changing, fees, payouts, sent_on};
use crate::{
    app::App,
    db,
    entities::errand::{self, Column, Kind, State},
    payments,
};

/// How many errands one round takes on.
const BATCH: u64 = 64;
/// How many calls are made at once.
const CALLS: usize = 8;
/// How long a worker may hold an errand.
const LEASE: Duration = Duration::seconds(60);
/// After this long without success a person must look.
const GIVE_UP: Duration = Duration::days(3);
/// After this long what could not be done yet is tried again, unless an event says so earlier.
const WAITS: Duration = Duration::hours(6);

/// Writes an errand as part of the caller's act; once by its key.
///
/// # Errors
/// If the database fails.
pub(super) async fn enqueue(
    tx: &impl ConnectionTrait,
    now: DateTime<Utc>,
    kind: Kind,
    key: String,
    subject: &str,
) -> Result<(), DbErr> {
    let once = OnConflict::column(Column::Key).do_nothing().to_owned();
    insert(tx, errand(now, kind, key, subject), once).await
}

/// The same, and once more where it was written before, whatever came of it: there is something to do again.
///
/// # Errors
/// If the database fails.
pub(super) async fn enqueue_again(
    tx: &impl ConnectionTrait,
    now: DateTime<Utc>,
    kind: Kind,
    key: String,
    subject: &str,
) -> Result<(), DbErr> {
    let again = OnConflict::column(Column::Key)
        .update_columns([Column::State, Column::RunAt])
        .to_owned();
    insert(tx, errand(now, kind, key, subject), again).await
}

async fn insert(
    tx: &impl ConnectionTrait,
    row: errand::ActiveModel,
    on_conflict: OnConflict,
) -> Result<(), DbErr> {
    errand::Entity::insert(row)
        .on_conflict(on_conflict)
        .exec_without_returning(tx)
        .await
        .map(drop)
}

fn errand(now: DateTime<Utc>, kind: Kind, key: String, subject: &str) -> errand::ActiveModel {
    errand::ActiveModel {
        id: Set(Uuid::now_v7()),
        key: Set(key),
        kind: Set(kind),
        subject: Set(subject.to_owned()),
        state: Set(State::Waiting),
        attempts: Set(0),
        run_at: Set(now),
        locked_until: Set(None),
        error: Set(None),
        created_at: Set(now),
        done_at: Set(None),
    }
}

/// Does what is due. Returns how many errands were tried.
///
/// # Errors
/// If the database is away; the errands stay and are leased again later.
pub async fn work(app: &App) -> anyhow::Result<usize> {
    let errands = claim(app).await?;
    let count = errands.len();
    let tried: Vec<_> = stream::iter(errands)
        .map(|errand| async move { (attempt(app, &errand).await, errand) })
        .buffer_unordered(CALLS)
        .collect()
        .await;
    for (result, errand) in tried {
        settle(app, errand, result).await?;
    }
    Ok(count)
}

async fn claim(app: &App) -> Result<Vec<errand::Model>, DbErr> {
    let now = app.clock.now();
    let free = Condition::any()
        .add(Column::LockedUntil.is_null())
        .add(Column::LockedUntil.lte(now));
    let mut due = errand::Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::State.eq(State::Waiting))
        .filter(Column::RunAt.lte(now))
        .filter(free)
        .order_by_asc(Column::RunAt)
        .limit(BATCH);
    if db::is_postgres(&app.db) {
        due = due.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
    } else if due
        .clone()
        .into_tuple::<Uuid>()
        .one(&app.db)
        .await?
        .is_none()
    {
        // Claiming takes SQLite's one write lock: not for nothing.
        return Ok(Vec::new());
    }
    errand::Entity::update_many()
        .col_expr(Column::LockedUntil, Expr::value(now + LEASE))
        .filter(Column::Id.in_subquery(due.into_query()))
        .exec_with_returning(&app.db)
        .await
}

/// What came of an errand.
enum Outcome {
    Done,
    Later(String),
    /// It cannot be done yet, and that is no failure.
    Waits(&'static str),
    Refused(String),
}

async fn attempt(app: &App, errand: &errand::Model) -> Outcome {
    let (key, subject) = (&errand.key, &errand.subject);
    let result = match errand.kind {
        Kind::ExpireSession => app.payments.expire_session(key, subject).await,
        Kind::CancelSubscription => app.payments.cancel_now(key, subject).await,
        Kind::ReleaseSchedule => app.payments.release(key, subject).await,
        Kind::ForgiveDebt => match app.payments.forgive(subject).await {
            Ok(true) => {
                return Outcome::Waits(
                    "what is owed is being paid; if that fails, it is made void",
                );
            }
            Err(error @ payments::Error::Refused(_)) => return Outcome::Later(error.to_string()),
            forgiven => forgiven.map(drop),
        },
        Kind::BookFee
        | Kind::WarnOfCard
        | Kind::PayDirectly
        | Kind::ReverseTransfer
        | Kind::MakeChange => {
            let done = match errand.kind {
                Kind::WarnOfCard => cards::warn(app, subject).await,
                Kind::PayDirectly => payouts::steer(app, key, subject).await,
                Kind::ReverseTransfer => sent_on::reverse(app, key, subject).await,
                Kind::MakeChange => changing::make(app, key, subject).await,
                _ => fees::book(app, subject).await,
            };
            match done.map_err(anyhow::Error::downcast::<payments::Error>) {
                Ok(()) => Ok(()),
                Err(Ok(error)) => Err(error),
                Err(Err(error)) => return Outcome::Later(format!("{error:#}")),
            }
        }
    };
    match (result, errand.kind) {
        (Ok(()), _)
        // Paid or closed meanwhile, or ended already.
        | (
            Err(payments::Error::Refused(_) | payments::Error::NotFound),
            Kind::ExpireSession
            | Kind::CancelSubscription
            | Kind::ReleaseSchedule
            | Kind::ForgiveDebt,
        )
        // Over and forgotten at Stripe.
        | (Err(payments::Error::NotFound), Kind::PayDirectly) => Outcome::Done,
        (Err(error @ (payments::Error::Refused(_) | payments::Error::NotFound)), _) => {
            Outcome::Refused(error.to_string())
        }
        (Err(error), _) => Outcome::Later(error.to_string()),
    }
}

async fn settle(app: &App, errand: errand::Model, outcome: Outcome) -> Result<(), DbErr> {
    let now = app.clock.now();
    let attempts = errand.attempts + 1;
    // What can be paid must not be: that is tried until it is paid, void or gone.
    let given_up = now - errand.created_at > GIVE_UP && errand.kind != Kind::ForgiveDebt;
    let next = match outcome {
        Outcome::Waits(_) => now + WAITS,
        _ => now + super::inbox::back_off(attempts),
    };
    let (state, error) = match outcome {
        Outcome::Done => (State::Done, None),
        Outcome::Refused(why) => (State::Failed, Some(why)),
        Outcome::Later(why) if given_up => (State::Failed, Some(why)),
        Outcome::Later(why) => (State::Waiting, Some(why)),
        Outcome::Waits(why) => (State::Waiting, Some(why.to_owned())),
    };
    if let (State::Failed, Some(why)) = (state, &error) {
        tracing::warn!(errand = errand.key, why, "an errand at Stripe failed");
    }
    let mut row = errand.into_active_model();
    row.state = Set(state);
    row.attempts = Set(attempts);
    row.error = Set(error);
    row.locked_until = Set(None);
    row.run_at = Set(next);
    row.done_at = Set((state == State::Done).then_some(now));
    row.update(&app.db).await.map(drop)
}
