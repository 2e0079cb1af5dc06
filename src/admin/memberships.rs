//! `/admin/memberships`: those that are flagged for a person to look at.

use axum::{extract::State, response::Response};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder as _, QuerySelect as _};
use serde_json::{Value, json};
use uuid::Uuid;

use super::page::{known_word, room};
use crate::{
    accounts::{Owner, flash},
    app::App,
    entities::{account, author, dispute, membership, payment, tier},
    membership::{duplicates, gifts},
    web::{Path, Result},
};

/// How many are shown; the oldest first, so that the others move up.
const LISTED: u64 = 100;

/// `GET /admin/memberships`
pub async fn list(State(app): State<App>, owner: Owner) -> Result<Response> {
    let typed = json!({ "form": super::grants::Wanted::default(), "problem": null });
    page(&app, &owner, typed).await
}

/// With a form that came back, or a new one.
pub(super) async fn page(app: &App, owner: &Owner, typed: Value) -> Result<Response> {
    let now = app.clock.now();
    let mut looked_at = flagged(app).await?;
    looked_at.extend(disputed(app).await?);
    let page = json!({
        "memberships": looked_at,
        "has_dashboard": !app.is_demo,
        "given": gifts::listed(&app.db, now, None).await?,
        "given_tiers": super::grants::tiers(app).await?,
        "given_room": "/admin",
        "tomorrow": now.date_naive() + chrono::Duration::days(1),
        "typed": typed,
    });
    room(app, owner, "admin/memberships.html", page).await
}

/// `POST /admin/memberships/{id}/mend`: ends a duplicate and gives its money back.
pub async fn mend(State(app): State<App>, owner: Owner, Path(id): Path<Uuid>) -> Result<Response> {
    let is_mended = duplicates::mend(&app, owner.account.id, id).await?;
    let key = match is_mended {
        true => "flash-duplicate-mended",
        false => "flash-duplicate-gone",
    };
    Ok(flash(&app, "/admin/memberships", key))
}

async fn flagged(app: &App) -> Result<Vec<Value>, DbErr> {
    let rows = membership::Entity::find()
        .filter(membership::Column::Flag.is_not_null())
        .order_by_asc(membership::Column::UpdatedAt)
        .order_by_asc(membership::Column::Id)
        .limit(LISTED)
        .all(&app.db)
        .await?;
    let mut flagged = Vec::new();
    for row in rows {
        let reader = account::Entity::find_by_id(row.account_id)
            .one(&app.db)
            .await?;
        let author = author::Entity::find_by_id(row.author_id)
            .one(&app.db)
            .await?;
        let tier = tier::Entity::find_by_id(row.tier_id).one(&app.db).await?;
        let flag = row.flag.clone().unwrap_or_default().replace('_', "-");
        flagged.push(json!({
            "id": row.id,
            "is_duplicate": row.flag.as_deref() == Some(membership::DUPLICATE),
            "subscription": row.stripe_subscription_id,
            "reader": reader.as_ref().map(|reader| &reader.name),
            "email": reader.as_ref().and_then(account::Model::address),
            "author": author.as_ref().map(|author| &author.name),
            "author_slug": author.as_ref().map(|author| &author.slug),
            "tier": tier.map(|tier| tier.name),
            "once": null,
            "dispute": null,
            "amount": row.amount,
            "currency": row.currency,
            "recurrence": row.recurrence,
            "since": row.started_at.unwrap_or(row.created_at),
            "why": known_word(app, format!("admin-flag-{flag}"), "admin-flag-other"),
        }));
    }
    Ok(flagged)
}

/// Tips and gifts that a payer's bank asks back.
async fn disputed(app: &App) -> Result<Vec<Value>, DbErr> {
    let rows = dispute::Entity::open_once()
        .order_by_asc(dispute::Column::OpenedAt)
        .limit(LISTED)
        .all(&app.db)
        .await?;
    let mut disputed = Vec::new();
    for row in rows {
        let payment = payment::Entity::find_by_id(row.payment_id);
        let Some(payment) = payment.one(&app.db).await? else {
            continue;
        };
        let payer = account::Entity::find_by_id(payment.account_id);
        let payer = payer.one(&app.db).await?;
        let author = author::Entity::find_by_id(payment.author_id);
        let author = author.one(&app.db).await?;
        let once = match payment.grant_id {
            Some(_) => "admin-once-gift",
            None => "admin-once-tip",
        };
        disputed.push(json!({
            "id": row.id,
            "is_duplicate": false,
            "subscription": payment.stripe_charge_id,
            "reader": payer.as_ref().map(|payer| &payer.name),
            "email": payer.as_ref().and_then(account::Model::address),
            "author": author.as_ref().map(|author| &author.name),
            "author_slug": author.as_ref().map(|author| &author.slug),
            "tier": null,
            "once": once,
            "dispute": row.stripe_dispute_id,
            "amount": row.amount,
            "currency": row.currency,
            "recurrence": null,
            "since": row.opened_at,
            "why": "admin-flag-disputed",
        }));
    }
    Ok(disputed)
}
