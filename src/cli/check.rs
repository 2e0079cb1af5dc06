//! `plaudit check`: what a service needs, examined a line each. Changes nothing.

use std::path::Path;

use anyhow::{Context as _, anyhow, bail, ensure};
use chrono::TimeDelta;
use sea_orm::{DatabaseConnection, EntityTrait as _, QueryOrder as _};
use serde_json::{Value, json};

use super::{Failure, open, out::say};
use crate::{
    clock::Clock,
    config::{self, Config, MailTransport},
    db,
    entities::{mail_stop, stripe_event},
    mail::{Mailer, Press},
    media, payments,
};

/// Stripe's signatures are refused from 300 seconds on.
const SKEW: TimeDelta = TimeDelta::seconds(60);

/// What was found of one part: a sentence, or what is wrong.
type Found = anyhow::Result<String>;

/// Examines everything; fails if any part does.
pub(super) async fn run(config: Option<&Path>, as_json: bool) -> Result<(), Failure> {
    let config = open::config(config)?;
    let (database, db) = match database(&config).await {
        Ok((words, db)) => (Ok(words), db),
        Err(error) => (Err(error), None),
    };
    let parts = [
        ("configuration", configuration(&config)),
        ("database", database),
        ("stripe", stripe(&config).await),
        ("webhook", webhook(&config, db.as_ref()).await),
        ("clock", clock(&config).await),
        ("mail", mail(&config, db.as_ref()).await),
        ("dkim", dkim(&config)),
        ("media", media(&config).await),
    ];
    if as_json {
        say!("{}", Value::Array(parts.iter().map(row).collect()))?;
    } else {
        for (part, found) in &parts {
            match found {
                Ok(words) => say!("ok    {part:13}  {words}")?,
                Err(error) => say!("FAIL  {part:13}  {error:#}")?,
            }
        }
    }
    match parts.iter().filter(|(_, found)| found.is_err()).count() {
        0 => Ok(()),
        failed => Err(anyhow!("{failed} of {} parts need a hand", parts.len()).into()),
    }
}

fn row((part, found): &(&str, Found)) -> Value {
    let words = match found {
        Ok(words) => words.clone(),
        Err(error) => format!("{error:#}"),
    };
    json!({ "part": part, "ok": found.is_ok(), "words": words })
}

fn configuration(config: &Config) -> Found {
    let url = &config.server.public_url;
    Ok(match config.production.enforce {
        true => format!("for production, at {url}"),
        false => format!("at {url}; production.enforce is off"),
    })
}

async fn media(config: &Config) -> Found {
    let config::Media { folder, s3 } = &config.media;
    if s3.bucket.is_empty() && !folder.exists() {
        return Ok(format!(
            "{} will be made for the first picture",
            folder.display()
        ));
    }
    let place = media::Store::new(&config.media).examine().await?;
    Ok(format!("pictures are kept in {place}"))
}

async fn database(config: &Config) -> anyhow::Result<(String, Option<DatabaseConnection>)> {
    if let Some(file) = open::sqlite_file(config)
        && !file.exists()
    {
        let words = format!("{} will be made at the first start", file.display());
        return Ok((words, None));
    }
    let db = db::connect(&config.database.url).await?;
    let pending = db::pending_migrations(&db).await?;
    let kind = match db::is_postgres(&db) {
        true => "PostgreSQL",
        false => "SQLite",
    };
    let words = match (pending, config.database.migrate_on_start) {
        (0, _) => format!("{kind}, its schema is this program's"),
        (pending, true) => format!("{kind}, {pending} migrations follow at the next start"),
        (pending, false) => bail!("{pending} migrations are missing: run `plaudit migrate`"),
    };
    Ok((words, Some(db)))
}

async fn stripe(config: &Config) -> Found {
    let client = payments::Client::new(&config.stripe)?;
    let livemode = client.livemode().await?;
    let mode = |live| if live { "live" } else { "test" };
    ensure!(
        livemode == config.stripe.livemode(),
        "the key is of {} mode, stripe.livemode says {}",
        mode(livemode),
        mode(config.stripe.livemode())
    );
    Ok(format!("the key works, {} mode", mode(livemode)))
}

async fn webhook(config: &Config, db: Option<&DatabaseConnection>) -> Found {
    let secrets = config.stripe.webhook_secrets.len();
    ensure!(
        secrets > 0,
        "stripe.webhook_secrets is empty: Stripe's events are turned away"
    );
    let newest = match db {
        Some(db) => {
            stripe_event::Entity::find()
                .order_by_desc(stripe_event::Column::ReceivedAt)
                .one(db)
                .await?
        }
        None => None,
    };
    let heard = match newest {
        Some(event) => format!("last event {}", event.received_at.to_rfc3339()),
        None => "no event yet".to_owned(),
    };
    Ok(format!("{secrets} secret(s), {heard}"))
}

async fn clock(config: &Config) -> Found {
    let theirs = payments::server_time(&config.stripe.api_base)
        .await
        .context("Stripe did not tell the time")?;
    let apart: TimeDelta = Clock::default().now() - theirs;
    ensure!(
        apart.abs() <= SKEW,
        "{} seconds from Stripe's: its signatures will be refused",
        apart.num_seconds()
    );
    Ok("within a minute of Stripe's".to_owned())
}

async fn mail(config: &Config, db: Option<&DatabaseConnection>) -> Found {
    Mailer::open(&config.mail)?.probe().await?;
    let stop = match db {
        Some(db) => mail_stop::Entity::standing().one(db).await.ok().flatten(),
        None => None,
    };
    if let Some(stop) = stop {
        let at = stop.probe_at.to_rfc3339();
        return Ok(format!("the relay lets us in again; mail goes on at {at}"));
    }
    Ok(match config.mail.transport {
        MailTransport::Smtp => "the relay answers and takes our mail".to_owned(),
        MailTransport::File => format!("written to {}", config.mail.folder.display()),
        MailTransport::Memory => "kept in memory, lost at the end".to_owned(),
    })
}

fn dkim(config: &Config) -> Found {
    let dkim = &config.mail.dkim;
    Press::new(&config.mail, &[])?;
    Ok(match dkim.domain.as_str() {
        "" => "not configured: the relay may sign".to_owned(),
        domain => format!(
            "the key is good; its public half belongs at {}._domainkey.{domain}",
            dkim.selector
        ),
    })
}
