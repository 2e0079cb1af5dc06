//! `plaudit mail list|show|retry`.

use anyhow::{Context as _, anyhow};
use clap::Subcommand;
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder as _, QuerySelect as _, sea_query::Expr,
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::Failure;
use crate::{
    app::App,
    entities::outbox::{self, Column, State},
};

/// How many mails `list` shows.
const LISTED: u64 = 100;

#[derive(Subcommand)]
pub(super) enum Mail {
    /// The newest hundred, those that failed first.
    List {
        /// As a JSON array.
        #[arg(long)]
        json: bool,
    },
    /// One mail, whole.
    Show { id: Uuid },
    /// Send a dead mail again.
    Retry { id: Uuid },
}

/// Runs one of these commands.
#[expect(clippy::print_stdout, reason = "the command's answer")]
pub(super) async fn run(app: &App, command: Mail) -> Result<(), Failure> {
    match command {
        Mail::List { json } => list(app, json).await,
        Mail::Show { id } => {
            let row = outbox::Entity::find_by_id(id).one(&app.db).await;
            let row = row.context("the outbox")?;
            let row = row.ok_or_else(|| anyhow!("there is no mail {id}"))?;
            println!("To: {} <{}>", row.to_name, row.to_address);
            println!("Subject: {}\n\n{}", row.subject, row.body_text);
            Ok(())
        }
        Mail::Retry { id } => {
            let again = outbox::Entity::update_many()
                .col_expr(Column::State, State::Waiting.into())
                .col_expr(Column::RunAt, Expr::value(app.clock.now()))
                .col_expr(Column::Attempts, Expr::value(0))
                .filter(Column::Id.eq(id))
                .filter(Column::State.eq(State::Dead))
                .exec(&app.db)
                .await
                .context("the outbox")?;
            if again.rows_affected == 0 {
                return Err(anyhow!("there is no dead mail {id}").into());
            }
            println!("{id} will be sent again");
            Ok(())
        }
    }
}

#[expect(clippy::print_stdout, reason = "the command's answer")]
async fn list(app: &App, as_json: bool) -> Result<(), Failure> {
    let rows = outbox::Entity::find()
        .order_by_asc(Column::State)
        .order_by_desc(Column::CreatedAt)
        .limit(LISTED)
        .all(&app.db)
        .await
        .context("the outbox")?;
    let state = |row: &outbox::Model| match row.state {
        State::Waiting => "waiting",
        State::Sent => "sent",
        State::Dead => "dead",
    };
    if as_json {
        let rows = rows.iter().map(|row| {
            json!({
                "id": row.id, "key": row.key, "kind": row.kind, "to": row.to_address,
                "subject": row.subject, "state": state(row), "attempts": row.attempts,
                "error": row.error, "created_at": row.created_at, "sent_at": row.sent_at,
            })
        });
        println!("{}", Value::Array(rows.collect()));
        return Ok(());
    }
    for row in rows {
        let error = row.error.as_deref().unwrap_or_default();
        println!("{}  {:7}  {}  {error}", row.id, state(&row), row.key);
    }
    Ok(())
}
