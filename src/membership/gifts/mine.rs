//! The gifts of one reader: those she holds, and those she has given.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait as _, DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{letters::parties, link};
use crate::{
    app::App,
    entities::{dispute, grant, membership, payment},
    membership::in_force,
};

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
    let pays = match held.is_empty() {
        true => HashSet::new(),
        false => paid_for(app, account).await?,
    };
    let now = app.clock.now();
    let lasts = held
        .iter()
        .filter(|row| matches!(state(row, now), "running" | "coming"));
    let lasts: HashSet<Uuid> = lasts.map(|row| row.author_id).collect();
    for row in &held {
        let mut one = told(app, row).await?;
        let (pays, lasts) = (
            pays.contains(&row.author_id),
            lasts.contains(&row.author_id),
        );
        // What she may wish to do next; who is a patron is not asked to become one.
        one["way_on"] = json!(match state(row, now) {
            _ if pays => None,
            "running" | "coming" => Some("yourself"),
            _ if lasts => None,
            _ => Some("become"),
        });
        mine.push(one);
    }
    for row in bought {
        given.push(told(app, &row).await?);
    }
    Ok(json!({ "held": mine, "given": given }))
}

/// Whom she pays for by a membership of her own that is in force.
async fn paid_for(app: &App, account: Uuid) -> Result<HashSet<Uuid>, DbErr> {
    let (now, grace) = (app.clock.now(), app.config.membership.grace_days);
    let authors: Vec<Uuid> = membership::Entity::find()
        .select_only()
        .column(membership::Column::AuthorId)
        .filter(membership::Column::AccountId.eq(account))
        .filter(in_force(now, grace))
        .into_tuple()
        .all(&app.db)
        .await?;
    Ok(authors.into_iter().collect())
}

fn state(row: &grant::Model, now: DateTime<Utc>) -> &'static str {
    match (row.revoked_at, row.claimed_at, row.starts_at, row.ends_at) {
        (Some(_), ..) => "revoked",
        (None, None, ..) if row.due_at.is_some() => "planned",
        (None, None, ..) => "waiting",
        (None, _, Some(begin), _) if begin > now => "coming",
        (None, _, _, Some(end)) if end <= now => "over",
        _ => "running",
    }
}

/// Whether the bank of its buyer has taken the payment back.
async fn is_lost(app: &App, row: &grant::Model) -> Result<bool, DbErr> {
    let paid = payment::Entity::find().filter(payment::Column::GrantId.eq(row.id));
    let Some(paid) = paid.one(&app.db).await? else {
        return Ok(false);
    };
    let lost = dispute::Entity::of(paid.id)
        .filter(dispute::Column::State.eq(dispute::State::Lost))
        .one(&app.db)
        .await?;
    Ok(lost.is_some())
}

async fn told(app: &App, row: &grant::Model) -> anyhow::Result<Value> {
    let parties = parties(&app.db, row).await?;
    Ok(json!({
        "id": row.id,
        "state": state(row, app.clock.now()),
        "is_lost": row.revoked_at.is_some() && is_lost(app, row).await?,
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
