//! The gifts of one reader: those she holds, and those she has given.

use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{letters::parties, link};
use crate::{app::App, entities::grant};

/// What her account page shows.
///
/// # Errors
/// If the database fails.
pub(in crate::membership) async fn mine(app: &App, account: Uuid) -> anyhow::Result<Value> {
    let held = grant::Entity::find()
        .filter(grant::Column::AccountId.eq(account))
        .order_by_desc(grant::Column::ClaimedAt)
        .all(&app.db)
        .await?;
    let bought = grant::Entity::bought_by(account).all(&app.db).await?;
    let (mut mine, mut given) = (Vec::new(), Vec::new());
    for row in held {
        mine.push(told(app, &row).await?);
    }
    for row in bought {
        given.push(told(app, &row).await?);
    }
    Ok(json!({ "held": mine, "given": given }))
}

async fn told(app: &App, row: &grant::Model) -> anyhow::Result<Value> {
    let parties = parties(&app.db, row).await?;
    let now = app.clock.now();
    let state = match (row.revoked_at, row.claimed_at, row.starts_at, row.ends_at) {
        (Some(_), ..) => "revoked",
        (None, None, ..) if row.due_at.is_some() => "planned",
        (None, None, ..) => "waiting",
        (None, _, Some(begin), _) if begin > now => "coming",
        (None, _, _, Some(end)) if end <= now => "over",
        _ => "running",
    };
    Ok(json!({
        "id": row.id,
        "state": state,
        "author_name": parties.author.name,
        "author_slug": parties.author.slug,
        "tier_name": parties.tier.name,
        "giver_name": parties.buyer.filter(|_| row.origin == grant::Origin::Bought).map(|buyer| buyer.name),
        "holder_name": parties.holder.map(|holder| holder.name),
        "recipient": row.recipient_name.as_ref().or(row.recipient_email.as_ref()),
        "email": row.recipient_email,
        "months": row.months,
        "send_at": row.send_at,
        "starts_at": row.starts_at,
        "ends_at": row.ends_at,
        "gift_url": link(app, row.id),
    }))
}
