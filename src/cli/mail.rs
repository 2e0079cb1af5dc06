//! `plaudit mail list|show|retry`.

use std::path::PathBuf;

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
    notices,
    render::LANGUAGES,
};

/// How many mails `list` shows.
const LISTED: u64 = 100;

#[derive(Subcommand)]
pub(super) enum Mail {
    /// A hundred: those that failed, those that wait, then those sent; the newest first.
    List {
        /// As a JSON array.
        #[arg(long)]
        json: bool,
    },
    /// One mail, whole.
    Show {
        id: Uuid,
        /// As a JSON object.
        #[arg(long)]
        json: bool,
    },
    /// A letter with sample values; without a name, which there are.
    Preview {
        name: Option<String>,
        /// en or de.
        #[arg(long, default_value = "en")]
        language: String,
        /// The HTML part instead of the text.
        #[arg(long)]
        html: bool,
        /// As a JSON array.
        #[arg(long)]
        json: bool,
    },
    /// Send a dead mail again, or one that waits at once.
    Retry {
        id: Uuid,
        /// Say what is left as a JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Take in mail that has come back: delivery reports, complaints, wishes to leave. Behind an alias:
    /// "|plaudit --config FILE mail bounce -".
    Bounce {
        /// Messages as they were received; "-" reads one from the standard input.
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// Say what became of each as a line of JSON.
        #[arg(long)]
        json: bool,
    },
}

/// Runs one of these commands.
pub(super) async fn run(app: &App, command: Mail) -> Result<(), Failure> {
    match command {
        Mail::List { json } => list(app, json).await,
        Mail::Show { id, json } => show(app, id, json).await,
        Mail::Preview {
            name,
            language,
            html,
            json,
        } => match name {
            Some(name) => preview(app, &name, &language, html, json),
            None => kinds(app, json),
        },
        Mail::Retry { id, json } => retry(app, id, json).await,
        Mail::Bounce { files, json } => super::bounce::take_in_all(app, &files, json).await,
    }
}

#[expect(clippy::print_stdout, reason = "the command's answer")]
async fn list(app: &App, as_json: bool) -> Result<(), Failure> {
    let rows = outbox::Entity::find()
        .order_by_asc(Column::State.eq(State::Sent))
        .order_by_asc(Column::State)
        .order_by_desc(Column::CreatedAt)
        .limit(LISTED)
        .all(&app.db)
        .await
        .context("the outbox")?;
    if as_json {
        println!("{}", Value::Array(rows.iter().map(summary).collect()));
        return Ok(());
    }
    for row in rows {
        let error = row.error.as_deref().unwrap_or_default();
        println!("{}  {:7}  {}  {error}", row.id, word(row.state), row.key);
    }
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the command's answer")]
async fn show(app: &App, id: Uuid, as_json: bool) -> Result<(), Failure> {
    let row = found(app, id).await?;
    let voices = notices::voices(app, vec![row.clone()]).await?;
    let letter = app.delivery.read(&app.db, &row, voices).await?;
    let letter = letter
        .ok_or_else(|| anyhow!("nothing of the mail {id} holds any more: it will not be sent"))?;
    if as_json {
        let mut whole = summary(&row);
        whole["subject"] = json!(letter.subject);
        whole["text"] = json!(letter.text);
        whole["html"] = json!(letter.html);
        println!("{whole}");
        return Ok(());
    }
    let (state, attempts) = (word(row.state), row.attempts);
    println!("State: {state}, {attempts} failed attempts");
    if let Some(error) = &row.error {
        println!("Error: {error}");
    }
    println!("To: {} <{}>", row.to_name, row.to_address);
    let text = match letter.text.as_str() {
        "" => "(The text is not kept longer than a day after it was sent.)",
        text => text,
    };
    println!("Subject: {}\n\n{text}", letter.subject);
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the command's answer")]
fn kinds(app: &App, as_json: bool) -> Result<(), Failure> {
    let kinds = app.outbox.kinds();
    if as_json {
        println!("{}", json!(kinds));
    } else {
        println!("{}", kinds.join("\n"));
    }
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the command's answer")]
fn preview(
    app: &App,
    name: &str,
    language: &str,
    as_html: bool,
    as_json: bool,
) -> Result<(), Failure> {
    if !LANGUAGES.contains(&language) {
        return Err(anyhow!("language is one of {}", LANGUAGES.join(", ")).into());
    }
    let previews = app.outbox.previews(name, language)?;
    if as_json {
        println!("{}", json!(previews));
        return Ok(());
    }
    for preview in previews {
        let body = if as_html { preview.html } else { preview.text };
        println!("Subject: {}\n\n{body}\n", preview.subject);
    }
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the command's answer")]
async fn retry(app: &App, id: Uuid, as_json: bool) -> Result<(), Failure> {
    let again = outbox::Entity::update_many()
        .col_expr(Column::State, State::Waiting.into())
        .col_expr(Column::RunAt, Expr::value(app.clock.now()))
        .col_expr(Column::Attempts, Expr::value(0))
        .filter(Column::Id.eq(id))
        .filter(Column::State.ne(State::Sent))
        .exec(&app.db)
        .await
        .context("the outbox")?;
    let row = found(app, id).await?;
    if again.rows_affected == 0 {
        return Err(anyhow!("the mail {id} has been sent already").into());
    }
    if as_json {
        println!("{}", summary(&row));
    } else {
        println!("{id} will be sent again");
    }
    Ok(())
}

async fn found(app: &App, id: Uuid) -> Result<outbox::Model, Failure> {
    let row = outbox::Entity::find_by_id(id).one(&app.db).await;
    let row = row.context("the outbox")?;
    Ok(row.ok_or_else(|| anyhow!("there is no mail {id}"))?)
}

fn summary(row: &outbox::Model) -> Value {
    json!({
        "id": row.id, "key": row.key, "kind": row.kind, "to": row.to_address,
        "subject": row.subject, "state": word(row.state), "attempts": row.attempts,
        "error": row.error, "created_at": row.created_at, "run_at": row.run_at,
        "sent_at": row.sent_at,
    })
}

fn word(state: State) -> &'static str {
    match state {
        State::Waiting => "waiting",
        State::Sent => "sent",
        State::Dead => "dead",
        State::Suppressed => "suppressed",
        State::Discarded => "discarded",
    }
}
