//! The inbox of Stripe's events: stored in groups, leased by the worker, tried again with back-off.

use std::time::Duration;

use anyhow::{Context as _, anyhow};
use chrono::{DateTime, Utc};
use rand::Rng as _;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait, Condition, ConnectionTrait, DatabaseConnection, DbErr,
    EntityTrait, IntoActiveModel as _, QueryFilter, QueryOrder as _, QuerySelect as _,
    QueryTrait as _,
    sea_query::{Expr, LockBehavior, LockType, OnConflict},
};
use tokio::sync::{mpsc, oneshot};

use super::skew::Skew;
use crate::{
    app::App,
    db,
    entities::stripe_event::{self, Column, State},
};

/// How many events wait for a place in the queue before requests wait.
const QUEUE: usize = 4096;
/// How many events one statement stores.
const GROUP: usize = 256;
/// How long a worker may hold an event.
const LEASE: chrono::Duration = chrono::Duration::seconds(60);
/// After this long without success an event is given up, for a person to look at.
const GIVE_UP: chrono::Duration = chrono::Duration::days(3);

/// Stores events durably. Those that arrive together share one statement and so one fsync.
#[derive(Clone)]
pub struct Inbox {
    queue: mpsc::Sender<Stored>,
    skew: Skew,
}

struct Stored {
    row: stripe_event::Model,
    answer: oneshot::Sender<Result<(), String>>,
}

impl Inbox {
    /// Starts the writer; it ends with the last clone.
    pub fn start(db: DatabaseConnection) -> Self {
        let (queue, mut waiting) = mpsc::channel::<Stored>(QUEUE);
        let skew = Skew::new(db.clone());
        tokio::spawn(async move {
            let mut group = Vec::new();
            while waiting.recv_many(&mut group, GROUP).await > 0 {
                write(&db, std::mem::take(&mut group)).await;
            }
        });
        Self { queue, skew }
    }

    /// Notes how far our clock was ahead of a signature of Stripe's, in seconds.
    pub async fn measured(&self, skew: i64) {
        self.skew.measured(skew).await;
    }

    /// Returns when the event is on disk, or was there already.
    ///
    /// # Errors
    /// If the database is away; then Stripe will send it again.
    pub async fn store(&self, row: stripe_event::Model) -> anyhow::Result<()> {
        let (answer, answered) = oneshot::channel();
        let stored = Stored { row, answer };
        self.queue
            .send(stored)
            .await
            .map_err(|_| anyhow!("the inbox is closed"))?;
        let result = answered.await.context("the inbox broke off")?;
        result.map_err(|error| anyhow!(error))
    }
}

async fn write(db: &DatabaseConnection, group: Vec<Stored>) {
    let (rows, answers): (Vec<_>, Vec<_>) = group
        .into_iter()
        .map(|stored| (stored.row.into_active_model().reset_all(), stored.answer))
        .unzip();
    let seen = OnConflict::column(Column::Id).do_nothing().to_owned();
    let written = stripe_event::Entity::insert_many(rows)
        .on_conflict(seen)
        .exec_without_returning(db)
        .await;
    let result = match written {
        Ok(_) | Err(DbErr::RecordNotInserted) => Ok(()),
        Err(error) => Err(error.to_string()),
    };
    for answer in answers {
        if answer.send(result.clone()).is_err() {
            tracing::debug!("nobody waited for this event any more");
        }
    }
}

/// Leases up to `limit` events that are due, oldest first.
///
/// # Errors
/// If the database fails.
pub async fn claim(app: &App, limit: u64) -> Result<Vec<stripe_event::Model>, DbErr> {
    let now = app.clock.now();
    let mut due = stripe_event::Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::State.eq(State::Waiting))
        .filter(Column::RunAt.lte(now))
        .filter(
            Condition::any()
                .add(Column::LockedUntil.is_null())
                .add(Column::LockedUntil.lte(now)),
        )
        .order_by_asc(Column::ReceivedAt)
        .order_by_asc(Column::Id)
        .limit(limit);
    if db::is_postgres(&app.db) {
        due = due.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
    }
    let mut claimed = stripe_event::Entity::update_many()
        .col_expr(Column::LockedUntil, Expr::value(now + LEASE))
        .filter(Column::Id.in_subquery(due.into_query()))
        .exec_with_returning(&app.db)
        .await?;
    claimed.sort_by(|a, b| (a.received_at, &a.id).cmp(&(b.received_at, &b.id)));
    Ok(claimed)
}

/// How an event ended, for now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    Done,
    Ignored(&'static str),
    Parked(String),
    /// Try again later: Stripe is away.
    Later(String),
    /// Try again at once: what was fetched is no longer fresh.
    Again,
}

/// Writes how events ended, as part of the act that dealt with them.
///
/// # Errors
/// If the database fails.
pub async fn settle(
    db: &impl ConnectionTrait,
    now: DateTime<Utc>,
    events: &[&stripe_event::Model],
    ending: &Ending,
) -> Result<(), DbErr> {
    let ids = events.iter().map(|event| event.id.clone());
    let (state, error) = match ending {
        Ending::Later(error) => return postpone(db, now, events, error).await,
        Ending::Done => (State::Done, None),
        Ending::Ignored(why) => (State::Ignored, Some((*why).to_owned())),
        Ending::Parked(why) => (State::Parked, Some(why.clone())),
        Ending::Again => (State::Waiting, None),
    };
    metrics::counter!("plaudit_events_total", "state" => format!("{state:?}"))
        .increment(events.len() as u64);
    stripe_event::Entity::update_many()
        .col_expr(Column::State, state.into())
        .col_expr(Column::Error, Expr::value(error))
        .col_expr(
            Column::DoneAt,
            Expr::value((state != State::Waiting).then_some(now)),
        )
        .col_expr(
            Column::LockedUntil,
            Expr::value(Option::<DateTime<Utc>>::None),
        )
        .filter(Column::Id.is_in(ids))
        .exec(db)
        .await
        .map(drop)
}

async fn postpone(
    db: &impl ConnectionTrait,
    now: DateTime<Utc>,
    events: &[&stripe_event::Model],
    error: &str,
) -> Result<(), DbErr> {
    for event in events {
        let attempts = event.attempts + 1;
        let given_up = now - event.received_at > GIVE_UP;
        let mut row = stripe_event::Model::clone(event).into_active_model();
        row.attempts = sea_orm::Set(attempts);
        row.error = sea_orm::Set(Some(error.to_owned()));
        row.locked_until = sea_orm::Set(None);
        row.run_at = sea_orm::Set(now + back_off(attempts));
        row.state = sea_orm::Set(if given_up {
            State::Failed
        } else {
            State::Waiting
        });
        row.update(db).await?;
    }
    Ok(())
}

/// Full jitter: anything up to 2 s × 2^attempts, an hour at most.
pub(super) fn back_off(attempts: i32) -> Duration {
    let ceiling = 2_u64.saturating_pow(attempts.clamp(1, 12).unsigned_abs()) * 2;
    let millis = rand::rng().random_range(500..=ceiling.min(3600) * 1000);
    Duration::from_millis(millis)
}
