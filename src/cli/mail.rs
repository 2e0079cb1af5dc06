//! `plaudit mail list|show|retry|discard`.

use std::path::PathBuf;

use anyhow::{Context as _, anyhow};
use clap::Subcommand;
use sea_orm::{
    ActiveEnum as _, ColumnTrait, EntityTrait, Order, QueryOrder as _, QuerySelect as _,
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Failure, out::say};
use crate::{
    admin,
    app::App,
    entities::outbox::{self, Column, State},
    notices,
    render::LANGUAGES,
};

/// How many mails `list` shows.
const LISTED: u64 = 100;

#[derive(Subcommand)]
pub(super) enum Mail {
    /// A hundred: those that could not go, those that wait, then the others; the newest first.
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
    /// Send a mail again that could not go or was set aside, or one that waits at once.
    Retry {
        id: Uuid,
        /// Say what is left as a JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Set a mail aside that waits or could not go. It can still be tried again.
    Discard {
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
        Mail::Bounce { files, json } => super::bounce::take_in_all(app, &files, json).await,
        Mail::Retry { id, json } => {
            let again = admin::retry_mail(app, None, id).await;
            match again.context("the outbox")? {
                true => left(app, id, "will be sent again", json).await,
                false => Err(untouched(app, id).await),
            }
        }
        Mail::Discard { id, json } => {
            let aside = admin::discard_mail(app, None, id).await;
            match aside.context("the outbox")? {
                true => left(app, id, "is set aside", json).await,
                false => Err(untouched(app, id).await),
            }
        }
    }
}

async fn list(app: &App, as_json: bool) -> Result<(), Failure> {
    let rows = outbox::Entity::find()
        .order_by(
            Column::State.is_in([State::Dead, State::Suppressed]),
            Order::Desc,
        )
        .order_by(Column::State.eq(State::Waiting), Order::Desc)
        .order_by_desc(Column::CreatedAt)
        .limit(LISTED)
        .all(&app.db)
        .await
        .context("the outbox")?;
    if as_json {
        say!("{}", Value::Array(rows.iter().map(summary).collect()))?;
        return Ok(());
    }
    for row in rows {
        let error = row.error.as_deref().unwrap_or_default();
        let (state, kind, to) = (row.state.to_value(), &row.kind, &row.to_address);
        say!("{}  {state:10}  {kind}  {to}  {error}", row.id)?;
    }
    Ok(())
}

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
        say!("{whole}")?;
        return Ok(());
    }
    let (state, attempts) = (row.state.to_value(), row.attempts);
    say!("State: {state}, {attempts} failed attempts")?;
    if let Some(error) = &row.error {
        say!("Error: {error}")?;
    }
    say!("To: {} <{}>", row.to_name, row.to_address)?;
    let text = match letter.text.as_str() {
        "" => "(The text is not kept longer than a day after it was sent.)",
        text => text,
    };
    say!("Subject: {}\n\n{text}", letter.subject)?;
    Ok(())
}

fn kinds(app: &App, as_json: bool) -> Result<(), Failure> {
    let kinds = app.outbox.kinds();
    if as_json {
        say!("{}", json!(kinds))?;
    } else {
        say!("{}", kinds.join("\n"))?;
    }
    Ok(())
}

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
        say!("{}", json!(previews))?;
        return Ok(());
    }
    for preview in previews {
        match as_html {
            true => say!("{}", preview.html)?,
            false => say!("Subject: {}\n\n{}\n", preview.subject, preview.text)?,
        }
    }
    Ok(())
}

async fn left(app: &App, id: Uuid, words: &str, as_json: bool) -> Result<(), Failure> {
    match as_json {
        true => say!("{}", summary(&found(app, id).await?))?,
        false => say!("{id} {words}")?,
    }
    Ok(())
}

/// Why nothing was done with a mail.
async fn untouched(app: &App, id: Uuid) -> Failure {
    match found(app, id).await {
        Err(failure) => failure,
        Ok(row) if row.state == State::Sent => {
            anyhow!("the mail {id} has been sent already").into()
        }
        Ok(row) if row.state == State::Discarded => {
            anyhow!("the mail {id} is set aside already").into()
        }
        Ok(_) => anyhow!("the mail {id} is just being sent").into(),
    }
}

async fn found(app: &App, id: Uuid) -> Result<outbox::Model, Failure> {
    let row = outbox::Entity::find_by_id(id).one(&app.db).await;
    let row = row.context("the outbox")?;
    Ok(row.ok_or_else(|| anyhow!("there is no mail {id}"))?)
}

fn summary(row: &outbox::Model) -> Value {
    json!({
        "id": row.id, "key": row.key, "kind": row.kind, "to": row.to_address,
        "subject": row.subject, "state": row.state, "attempts": row.attempts,
        "error": row.error, "created_at": row.created_at, "run_at": row.run_at,
        "sent_at": row.sent_at,
    })
}
