//! `plaudit membership give`: a membership nobody pays for, until a day.

use anyhow::{Context as _, anyhow};
use clap::{Args, Subcommand};
use sea_orm::{ColumnTrait as _, QueryFilter as _};

use super::{Failure, out::say};
use crate::{
    app::App,
    entities::{author, tier},
    membership::gifts::{self, NewGiven},
};

#[derive(Subcommand)]
pub(super) enum Membership {
    /// Give somebody a membership with an end. A known address has it at once, another gets a link.
    Give(Give),
}

#[derive(Args)]
pub(super) struct Give {
    #[arg(long)]
    email: String,
    #[arg(long, value_name = "SLUG")]
    author: String,
    /// The tier's name or id.
    #[arg(long)]
    tier: String,
    /// The last day it is good for, such as 2027-05-31.
    #[arg(long, value_name = "DATE")]
    until: String,
}

/// Runs one of these commands.
pub(super) async fn run(app: &App, command: Membership) -> Result<(), Failure> {
    let Membership::Give(give) = command;
    let author = author::Entity::by_slug(&give.author)
        .one(&app.db)
        .await
        .context("authors")?
        .ok_or_else(|| anyhow!("there is no author “{}”", give.author))?;
    let named = match give.tier.parse::<uuid::Uuid>() {
        Ok(id) => tier::Column::Id.eq(id),
        Err(_) => tier::Column::Name.eq(give.tier.as_str()),
    };
    let tier = tier::Entity::on_sale(author.id)
        .filter(named)
        .one(&app.db)
        .await
        .context("tiers")?
        .ok_or_else(|| anyhow!("{} has no tier “{}” on sale", author.name, give.tier))?;
    let new = NewGiven {
        email: give.email,
        tier: tier.id,
        until: give.until,
    };
    let given = gifts::give(app, None, &author, &new)
        .await
        .map_err(|refused| anyhow!(refused))?;
    say!("{} of {} is given: {}", tier.name, author.name, given.id)?;
    Ok(())
}
