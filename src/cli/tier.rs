//! `plaudit tier add` and `plaudit tier list`.

use std::collections::HashMap;

use anyhow::{Context as _, anyhow};
use clap::{Args, Subcommand};
use sea_orm::{EntityTrait, QueryOrder as _};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Failure, out::say};
use crate::{
    app::App,
    entities::author,
    membership::tiers::{self, Amounts, NewTier},
    money::Money,
};

#[derive(Subcommand)]
pub(super) enum Tier {
    /// Put a tier on sale. Amounts are in minor units: 500 is five euros.
    Add(Add),
    /// List what each author has on sale.
    List {
        /// As a JSON array.
        #[arg(long)]
        json: bool,
    },
}

#[derive(Args)]
pub(super) struct Add {
    #[arg(long, value_name = "SLUG")]
    author: String,
    #[arg(long)]
    name: String,
    /// ISO 4217, such as eur.
    #[arg(long)]
    currency: String,
    #[arg(long, value_name = "MINOR_UNITS")]
    monthly: Option<i64>,
    #[arg(long, value_name = "MINOR_UNITS")]
    yearly: Option<i64>,
    /// What it costs in another currency, such as usd:500:5000; an empty amount is none.
    #[arg(long, value_name = "CURRENCY:MONTHLY[:YEARLY]", value_parser = amounts)]
    also: Vec<Amounts>,
    /// Let readers give more than it asks.
    #[arg(long)]
    open_ended: bool,
    #[arg(long, default_value = "")]
    description: String,
    #[arg(long, value_name = "N")]
    trial_days: Option<i32>,
    /// How many can have it at once.
    #[arg(long, value_name = "N")]
    seats: Option<i32>,
}

/// Reads `usd:500:5000`.
fn amounts(text: &str) -> Result<Amounts, String> {
    let mut parts = text.split(':');
    let currency = parts.next().unwrap_or_default().to_owned();
    let mut amount = || match parts.next() {
        None | Some("") => Ok(None),
        Some(digits) => digits.parse().map(Some).map_err(|_| digits.to_owned()),
    };
    let (monthly, yearly) = (amount()?, amount()?);
    Ok(Amounts {
        currency,
        monthly,
        yearly,
    })
}

/// Runs one of these commands.
pub(super) async fn run(app: &App, command: Tier) -> Result<(), Failure> {
    match command {
        Tier::Add(add) => put_on_sale(app, add).await,
        Tier::List { json } => list(app, json).await,
    }
}

async fn put_on_sale(app: &App, add: Add) -> Result<(), Failure> {
    let author = author::Entity::by_slug(&add.author)
        .one(&app.db)
        .await
        .context("authors")?
        .ok_or_else(|| anyhow!("there is no author “{}”", add.author))?;
    let new = NewTier {
        name: add.name,
        description: add.description,
        currency: add.currency,
        monthly: add.monthly,
        yearly: add.yearly,
        others: add.also,
        is_open_ended: add.open_ended,
        trial_days: add.trial_days,
        seats: add.seats,
        by: None,
    };
    let tier = tiers::create(app, author.id, new)
        .await
        .map_err(|refusal| anyhow!(refusal))?;
    say!("{} is on sale: {}", tier.name, tier.id)?;
    Ok(())
}

async fn list(app: &App, as_json: bool) -> Result<(), Failure> {
    let authors = author::Entity::find()
        .order_by_asc(author::Column::Slug)
        .all(&app.db)
        .await
        .context("authors")?;
    let mut rows = Vec::new();
    for author in &authors {
        let sold = tiers::on_sale(&app.db, author.id).await.context("tiers")?;
        let all = sold.iter().map(|sold| &sold.tier);
        let seats = tiers::seats(app, &app.db, all, None).await;
        let seats = seats.context("places")?;
        rows.extend(sold.into_iter().map(|sold| row(author, &sold, &seats)));
    }
    if as_json {
        say!("{}", Value::Array(rows))?;
        return Ok(());
    }
    for row in rows {
        let amount = |name: &str| match row[name].as_i64() {
            Some(amount) => {
                Money::new(amount, row["currency"].as_str().unwrap_or_default()).format("en")
            }
            None => "–".to_owned(),
        };
        let text = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
        say!(
            "{}  {}  {}  {} a month  {} a year  {}",
            text("id"),
            text("author"),
            text("name"),
            amount("monthly"),
            amount("yearly"),
            places(&row)
        )?;
    }
    Ok(())
}

fn places(row: &Value) -> String {
    match (row["seats"].as_i64(), row["taken"].as_i64()) {
        (Some(seats), Some(taken)) => format!("{taken} of {seats} places taken"),
        _ => "no limit of places".to_owned(),
    }
}

fn row(author: &author::Model, sold: &tiers::OnSale, seats: &HashMap<Uuid, tiers::Seats>) -> Value {
    json!({
        "id": sold.tier.id,
        "author": author.slug,
        "name": sold.tier.name,
        "currency": sold.tier.currency,
        "monthly": sold.monthly.as_ref().map(|price| price.amount),
        "yearly": sold.yearly.as_ref().map(|price| price.amount),
        "others": sold.others.iter().map(|price| json!({
            "currency": price.currency,
            "every": price.recurrence,
            "amount": price.amount,
        })).collect::<Vec<_>>(),
        "open_ended": sold.tier.is_open_ended,
        "trial_days": sold.tier.trial_days,
        "seats": sold.tier.seats,
        "taken": seats.get(&sold.tier.id).map(|seats| seats.taken),
    })
}
