//! `plaudit events list|show|retry`.

use anyhow::{Context as _, anyhow};
use clap::Subcommand;
use sea_orm::EntityTrait as _;
use serde_json::Value;

use super::Failure;
use crate::{admin, app::App, entities::stripe_event};

#[derive(Subcommand)]
pub(super) enum Events {
    /// The newest hundred, those that need a person first.
    List {
        /// As a JSON array.
        #[arg(long)]
        json: bool,
    },
    /// One event, with its body as it came.
    Show { id: String },
    /// Put an event that is stuck back in the queue.
    Retry { id: String },
}

/// Runs one of these commands.
#[expect(clippy::print_stdout, reason = "the command's answer")]
pub(super) async fn run(app: &App, command: Events) -> Result<(), Failure> {
    match command {
        Events::List { json } => list(app, json).await,
        Events::Show { id } => {
            let found = stripe_event::Entity::find_by_id(&id).one(&app.db).await;
            let event = found.context("the inbox")?;
            let event = event.ok_or_else(|| anyhow!("there is no event {id}"))?;
            println!("{}", line(&admin::event_row(&event)));
            println!("\n{}", event.body);
            Ok(())
        }
        Events::Retry { id } => {
            let again = admin::retry_event(&app.db, app.clock.now(), &id).await;
            if !again.context("the inbox")? {
                return Err(anyhow!("there is no event {id} that is stuck").into());
            }
            println!("{id} will be handled again");
            Ok(())
        }
    }
}

#[expect(clippy::print_stdout, reason = "the command's answer")]
async fn list(app: &App, as_json: bool) -> Result<(), Failure> {
    let events = admin::newest_events(&app.db).await.context("the inbox")?;
    let rows: Vec<Value> = events.iter().map(admin::event_row).collect();
    if as_json {
        println!("{}", Value::Array(rows));
        return Ok(());
    }
    for row in rows {
        println!("{}", line(&row));
    }
    Ok(())
}

fn line(row: &Value) -> String {
    let text = |name: &str| row[name].as_str().unwrap_or_default();
    let (id, state, kind) = (text("id"), text("state"), text("kind"));
    let line = format!("{id}  {state:7}  {kind}  {}", text("object_id"));
    match row["error"].as_str() {
        Some(error) => format!("{line}  {error}"),
        None => line,
    }
}
