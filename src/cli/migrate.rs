//! `plaudit migrate`.

use std::path::Path;

use anyhow::Context as _;

use super::{Failure, open, out::say};
use crate::db;

/// Applies pending migrations and says how many there were.
pub(super) async fn migrate(file: Option<&Path>) -> Result<(), Failure> {
    let config = open::config(file)?;
    let database = open::database(&config).await?;
    let pending = db::pending_migrations(&database).await.context("schema")?;
    db::migrate(&database).await.context("could not migrate")?;
    say!("{pending} migrations applied")?;
    Ok(())
}
