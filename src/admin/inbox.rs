//! The inbox of Stripe's events as a person goes through it: found, tried again, set aside.

use std::str::FromStr;

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait,
    FromQueryResult, IntoActiveModel as _, Order, QueryFilter, QueryOrder as _, QuerySelect as _,
    Select, Set,
};
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use crate::{
    app::App,
    db,
    entities::{
        audit_entry,
        stripe_event::{self, Column, Entity, State},
    },
};

/// Which events to list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filter {
    All,
    /// Parked and failed.
    Attention,
    Waiting,
    Done,
    /// Discarded, too.
    Ignored,
    /// One state alone.
    Only(State),
}

/// Where a list begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    Newest,
    /// With the next older than this event.
    Before(String),
    /// With those next newer than this event.
    After(String),
}

/// An event without its body.
#[derive(Clone, Debug, FromQueryResult, Serialize)]
pub struct Summary {
    pub id: String,
    /// `invoice.paid` and so on.
    pub kind: String,
    pub object_id: Option<String>,
    pub state: State,
    pub attempts: i32,
    pub error: Option<String>,
    pub received_at: DateTime<Utc>,
    /// When it is tried next, while it waits.
    pub run_at: DateTime<Utc>,
}

/// A page of events, the newest first.
#[derive(Debug)]
pub struct Listed {
    pub events: Vec<Summary>,
    /// Whether there are newer ones, and older ones.
    pub has_newer: bool,
    pub has_older: bool,
}

impl Filter {
    pub fn states(self) -> Vec<State> {
        match self {
            Self::All => vec![
                State::Waiting,
                State::Done,
                State::Ignored,
                State::Parked,
                State::Failed,
                State::Discarded,
            ],
            Self::Attention => vec![State::Parked, State::Failed],
            Self::Waiting => vec![State::Waiting],
            Self::Done => vec![State::Done],
            Self::Ignored => vec![State::Ignored, State::Discarded],
            Self::Only(state) => vec![state],
        }
    }
}

impl FromStr for Filter {
    type Err = &'static str;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        Ok(match word {
            "all" => Self::All,
            "attention" => Self::Attention,
            "waiting" => Self::Waiting,
            "done" => Self::Done,
            "ignored" => Self::Ignored,
            "parked" => Self::Only(State::Parked),
            "failed" => Self::Only(State::Failed),
            "discarded" => Self::Only(State::Discarded),
            _ => return Err("all, attention, waiting, done, ignored, parked, failed or discarded"),
        })
    }
}

impl From<stripe_event::Model> for Summary {
    fn from(event: stripe_event::Model) -> Self {
        Self {
            id: event.id,
            kind: event.kind,
            object_id: event.object_id,
            state: event.state,
            attempts: event.attempts,
            error: event.error,
            received_at: event.received_at,
            run_at: event.run_at,
        }
    }
}

/// At most `limit` events in these states; with `search` those alone that have this id or are about
/// the object with this id. Pages stay as they are while new events arrive.
///
/// # Errors
/// If the database fails.
pub async fn listed(
    db: &impl ConnectionTrait,
    states: &[State],
    search: Option<&str>,
    place: &Place,
    limit: u64,
) -> Result<Listed, DbErr> {
    let (cursor, is_upwards) = match place {
        Place::Newest => (None, false),
        Place::Before(id) => (moment(db, id).await?, false),
        Place::After(id) => (moment(db, id).await?, true),
    };
    let is_upwards = is_upwards && cursor.is_some();
    let is_beyond = cursor.clone().map(|cursor| beyond(cursor, is_upwards));
    let is_beyond = Condition::all().add_option(is_beyond);
    let mut events = Vec::new();
    match search {
        // They are few, and found by an index of their own.
        Some(id) => {
            let named = Condition::any()
                .add(Column::Id.eq(id))
                .add(Column::ObjectId.eq(id));
            let wanted = Entity::find().filter(named).filter(is_beyond);
            events = summaries(wanted, db).await?;
            events.retain(|event| states.contains(&event.state));
        }
        // A state at a time there is an index in just this order, however many there are.
        None => {
            for state in states {
                let wanted = Entity::find().filter(Column::State.eq(*state));
                let wanted = in_order(wanted.filter(is_beyond.clone()), is_upwards);
                events.extend(summaries(wanted.limit(limit + 1), db).await?);
            }
        }
    }
    events.sort_by(|a, b| (b.received_at, &b.id).cmp(&(a.received_at, &a.id)));
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let surplus = events.len().saturating_sub(limit);
    if is_upwards {
        events.drain(..surplus);
    }
    events.truncate(limit);
    let has_more = surplus > 0;
    Ok(Listed {
        events,
        has_newer: match is_upwards {
            true => has_more,
            false => cursor.is_some(),
        },
        has_older: is_upwards || has_more,
    })
}

fn in_order(wanted: Select<Entity>, is_upwards: bool) -> Select<Entity> {
    let order = if is_upwards { Order::Asc } else { Order::Desc };
    let wanted = wanted.order_by(Column::ReceivedAt, order.clone());
    wanted.order_by(Column::Id, order)
}

async fn summaries(
    wanted: Select<Entity>,
    db: &impl ConnectionTrait,
) -> Result<Vec<Summary>, DbErr> {
    let columns = [
        Column::Id,
        Column::Kind,
        Column::ObjectId,
        Column::State,
        Column::Attempts,
        Column::Error,
        Column::ReceivedAt,
        Column::RunAt,
    ];
    let wanted = wanted.select_only().columns(columns);
    wanted.into_model::<Summary>().all(db).await
}

/// Where an event stands among the others.
async fn moment(
    db: &impl ConnectionTrait,
    id: &str,
) -> Result<Option<(DateTime<Utc>, String)>, DbErr> {
    let event = Entity::find_by_id(id).select_only();
    let event = event.column(Column::ReceivedAt).column(Column::Id);
    event.into_tuple().one(db).await
}

fn beyond((at, id): (DateTime<Utc>, String), is_upwards: bool) -> Condition {
    let (beside, further) = match is_upwards {
        true => (Column::Id.gt(id), Column::ReceivedAt.gt(at)),
        false => (Column::Id.lt(id), Column::ReceivedAt.lt(at)),
    };
    let same = Condition::all().add(Column::ReceivedAt.eq(at)).add(beside);
    Condition::any().add(further).add(same)
}

/// How many events there are, by state.
///
/// # Errors
/// If the database fails.
pub async fn counts(db: &impl ConnectionTrait) -> Result<Vec<(State, i64)>, DbErr> {
    Entity::find()
        .select_only()
        .column(Column::State)
        .column_as(Column::State.count(), "count")
        .group_by(Column::State)
        .into_tuple()
        .all(db)
        .await
}

/// Puts an event back in the queue, to be handled at once; `by` is `None` at the command line. Returns
/// whether there was one that is neither done nor in a worker's hands.
///
/// # Errors
/// If the database fails.
pub async fn retry(app: &App, by: Option<Uuid>, id: &str) -> Result<bool, DbErr> {
    let from = [
        State::Waiting,
        State::Parked,
        State::Failed,
        State::Ignored,
        State::Discarded,
    ];
    put(app, by, "retry", id, &from).await
}

/// Sets an event aside that waits or is stuck; it can still be tried again. Returns whether there was
/// one.
///
/// # Errors
/// If the database fails.
pub async fn discard(app: &App, by: Option<Uuid>, id: &str) -> Result<bool, DbErr> {
    let from = [State::Waiting, State::Parked, State::Failed];
    put(app, by, "discard", id, &from).await
}

async fn put(
    app: &App,
    by: Option<Uuid>,
    act: &str,
    id: &str,
    from: &[State],
) -> Result<bool, DbErr> {
    let now = app.clock.now();
    let tx = db::begin(&app.db).await?;
    let found = Entity::find_by_id(id).lock_exclusive().one(&tx).await?;
    let is_free = |event: &stripe_event::Model| event.locked_until.is_none_or(|end| end <= now);
    let Some(event) = found.filter(|event| from.contains(&event.state) && is_free(event)) else {
        return Ok(false);
    };
    let detail = json!({ "was": event.state, "error": event.error });
    let mut row = event.into_active_model();
    row.locked_until = Set(None);
    if act == "discard" {
        row.state = Set(State::Discarded);
        row.done_at = Set(Some(now));
    } else {
        row.state = Set(State::Waiting);
        row.attempts = Set(0);
        row.run_at = Set(now);
        row.done_at = Set(None);
    }
    row.update(&tx).await?;
    audit_entry::Entity::note(&tx, now, by, act, id, &detail).await?;
    tx.commit().await?;
    Ok(true)
}
