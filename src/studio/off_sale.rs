//! `/studio/tiers`, its lower part: what this author has taken off sale, and the way back.

use axum::{extract::State, response::Response};
use sea_orm::DbErr;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    accounts::{Author, flash},
    app::App,
    membership::tiers,
    web::{Path, Result},
};

/// `POST /studio/tiers/{id}/restore`: on sale again.
pub async fn restore(
    State(app): State<App>,
    author: Author,
    Path(id): Path<Uuid>,
) -> Result<Response> {
    tiers::restore(&app, author.author.id, id, Some(author.account.id)).await?;
    let path = format!("/studio/tiers#tier-{id}");
    Ok(flash(&app, &path, "flash-tier-restored"))
}

/// The rows of what is off sale.
pub(super) async fn rows(app: &App, author: Uuid) -> Result<Vec<Value>, DbErr> {
    let off = tiers::off_sale(&app.db, author).await?.into_iter();
    let rows = off.map(|off| {
        let tier = off.tier;
        json!({ "id": tier.id, "name": tier.name, "patrons": off.patrons })
    });
    Ok(rows.collect())
}
