//! `plaudit events list|show|retry|discard`.

use anyhow::{Context as _, anyhow};
use clap::Subcommand;
use sea_orm::{DbErr, EntityTrait as _};
use serde_json::{Value, json};

use super::{Failure, out::say};
use crate::{
    admin::{self, EventFilter, EventPlace, EventSummary},
    app::App,
    entities::stripe_event,
};

/// How many events `list` shows.
const LISTED: u64 = 100;

#[derive(Subcommand)]
pub(super) enum Events {
    /// The newest hundred; of all of them, those that need a person first.
    List {
        /// `all`, `attention` (parked or failed), `waiting`, `done`, `ignored` (discarded, too),
        /// `parked`, `failed` or `discarded`.
        #[arg(long, default_value = "all")]
        state: EventFilter,
        /// As a JSON array.
        #[arg(long)]
        json: bool,
    },
    /// One event, with its body as it came.
    Show {
        id: String,
        /// As a JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Handle an event that is stuck, set aside or waiting again, at once.
    Retry {
        id: String,
        /// Say what is left as a JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Set an event that is stuck or waiting aside. It can still be tried again.
    Discard {
        id: String,
        /// Say what is left as a JSON object.
        #[arg(long)]
        json: bool,
    },
}

/// Runs one of these commands.
pub(super) async fn run(app: &App, command: Events) -> Result<(), Failure> {
    match command {
        Events::List { state, json } => list(app, state, json).await,
        Events::Show { id, json } => show(app, &id, json).await,
        Events::Retry { id, json } => {
            if !admin::retry_event(app, None, &id)
                .await
                .context("the inbox")?
            {
                return Err(anyhow!("there is no event {id} that is stuck").into());
            }
            left(app, &id, "will be handled again", json).await
        }
        Events::Discard { id, json } => {
            if !admin::discard_event(app, None, &id)
                .await
                .context("the inbox")?
            {
                return Err(anyhow!("there is no event {id} that is stuck").into());
            }
            left(app, &id, "is set aside", json).await
        }
    }
}

async fn list(app: &App, filter: EventFilter, as_json: bool) -> Result<(), Failure> {
    let rows = listed(app, filter).await.context("the inbox")?;
    if as_json {
        say!("{}", json!(rows))?;
        return Ok(());
    }
    for row in rows {
        say!("{}", line(&row))?;
    }
    Ok(())
}

async fn listed(app: &App, filter: EventFilter) -> Result<Vec<EventSummary>, DbErr> {
    let newest = async |states: &[stripe_event::State], limit| {
        admin::listed_events(&app.db, states, None, &EventPlace::Newest, limit).await
    };
    let mut states = filter.states();
    let mut rows = Vec::new();
    if filter == EventFilter::All {
        let stuck = EventFilter::Attention.states();
        states.retain(|state| !stuck.contains(state));
        rows = newest(&stuck, LISTED).await?.events;
    }
    let rest = LISTED.saturating_sub(rows.len() as u64);
    rows.extend(newest(&states, rest).await?.events);
    Ok(rows)
}

async fn show(app: &App, id: &str, as_json: bool) -> Result<(), Failure> {
    let event = found(app, id).await?;
    let body = event.body.clone();
    let summary = EventSummary::from(event);
    if as_json {
        let mut whole = json!(summary);
        whole["body"] = json!(body);
        say!("{whole}")?;
    } else {
        say!("{}\n\n{body}", line(&summary))?;
    }
    Ok(())
}

async fn left(app: &App, id: &str, words: &str, as_json: bool) -> Result<(), Failure> {
    match as_json {
        true => say!("{}", json!(EventSummary::from(found(app, id).await?)))?,
        false => say!("{id} {words}")?,
    }
    Ok(())
}

async fn found(app: &App, id: &str) -> Result<stripe_event::Model, Failure> {
    let found = stripe_event::Entity::find_by_id(id).one(&app.db).await;
    let event = found.context("the inbox")?;
    Ok(event.ok_or_else(|| anyhow!("there is no event {id}"))?)
}

fn line(row: &EventSummary) -> String {
    let state = match json!(row.state) {
        Value::String(state) => state,
        _ => String::new(),
    };
    let object = row.object_id.as_deref().unwrap_or_default();
    let line = format!("{}  {state:9}  {}  {object}", row.id, row.kind);
    match &row.error {
        Some(error) => format!("{line}  {error}"),
        None => line,
    }
}
