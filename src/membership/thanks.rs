//! Back from Checkout. The page runs the same sync as the worker, so she sees "patron" at once even if
//! the webhook is late; and it shows nothing to anybody whose session it is not.

use axum::{
    extract::{Query, State},
    http::HeaderMap,
    response::Response,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect as _};
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::{away::began_here, changing, gifts, standing::standing, sync};
use crate::{
    accounts::Visitor,
    app::App,
    authors,
    entities::{account, article, author, checkout, membership, payment, price, tier},
    telemetry,
    web::{Error, Result},
};

/// What Stripe sends her back with.
#[derive(Debug, Deserialize)]
pub struct Returned {
    session_id: Option<String>,
    checkout: Option<Uuid>,
}

/// `GET /support/thanks?session_id=…`
pub async fn thanks(
    State(app): State<App>,
    visitor: Visitor,
    headers: HeaderMap,
    Query(returned): Query<Returned>,
) -> Result<Response> {
    let session = returned.session_id.ok_or(Error::NotFound)?;
    let row = checkout::Entity::find()
        .filter(checkout::Column::StripeSessionId.eq(session))
        .one(&app.db)
        .await?;
    let row = row.filter(|row| is_hers(&app, &visitor, &headers, row));
    let row = row.ok_or(Error::NotFound)?;
    let row = match sync::checkout(&app, &row).await {
        Ok(row) => {
            changing::made(&app, &row).await;
            row
        }
        Err(error) => {
            let error = format!("{error:#}");
            tracing::warn!(checkout = %row.id, error, "Stripe is away; the webhook will tell");
            row
        }
    };
    let page = page(&app, &visitor, &row).await?;
    visitor.page(&app, "membership/thanks.html", &page)
}

/// `GET /support/cancelled?checkout=…`: nothing was charged, and the way back.
pub async fn cancelled(
    State(app): State<App>,
    visitor: Visitor,
    headers: HeaderMap,
    Query(returned): Query<Returned>,
) -> Result<Response> {
    let row = match returned.checkout {
        Some(id) => checkout::Entity::find_by_id(id).one(&app.db).await?,
        None => None,
    };
    let row = row.filter(|row| is_hers(&app, &visitor, &headers, row));
    let page = match row {
        Some(row) => page(&app, &visitor, &row).await?,
        None => json!({ "author": null, "article": null }),
    };
    visitor.page(&app, "membership/cancelled.html", &page)
}

/// Signed in as the one who began it, or the browser that did.
fn is_hers(app: &App, visitor: &Visitor, headers: &HeaderMap, row: &checkout::Model) -> bool {
    let account = visitor.account.as_ref().map(|account| account.id);
    (account.is_some() && account == row.account_id) || began_here(app, headers, row.id)
}

/// What came of it. A Checkout is over when she has left it; her bank may take days longer.
fn state(row: &checkout::Model, begun: Option<&membership::Model>) -> &'static str {
    match (row.state, begun.map(|row| row.state)) {
        (checkout::State::Open, _) => "open",
        (checkout::State::Pending, _) | (_, Some(membership::State::Pending)) => "pending",
        (checkout::State::Expired | checkout::State::Failed, _)
        | (_, Some(membership::State::Failed)) => "failed",
        (checkout::State::Completed, _) => "completed",
    }
}

async fn page(app: &App, visitor: &Visitor, row: &checkout::Model) -> Result<serde_json::Value> {
    let author = author::Entity::find_by_id(row.author_id)
        .one(&app.db)
        .await?;
    let author = author.ok_or(Error::NotFound)?;
    let article = match row.article_id {
        Some(id) => article::Entity::find_by_id(id).one(&app.db).await?,
        None => None,
    };
    let begun = membership::Entity::find()
        .filter(membership::Column::CheckoutId.eq(row.id))
        .one(&app.db)
        .await?;
    let is_free = match &begun {
        Some(row) => payment::Entity::find()
            .filter(payment::Column::MembershipId.eq(row.id))
            .limit(1)
            .one(&app.db)
            .await?
            .is_none(),
        None => false,
    };
    let is_second = begun.as_ref().is_some_and(membership::Model::is_duplicate);
    let trial = begun
        .as_ref()
        .filter(|row| row.state == membership::State::Trial);
    let payer = match row.account_id {
        Some(id) => account::Entity::find_by_id(id).one(&app.db).await?,
        None => None,
    };
    let is_signed_in =
        payer.as_ref().map(|payer| payer.id) == visitor.account.as_ref().map(|account| account.id);
    let is_patron = row.kind == checkout::Kind::Subscription;
    let welcome = authors::welcome(&author).filter(|_| is_patron && !is_second);
    let address = payer.as_ref().and_then(account::Model::address);
    Ok(json!({
        "author": { "name": author.name, "slug": author.slug },
        "article": article.map(|article| json!({
            "title": article.title,
            "slug": article.slug,
        })),
        "state": state(row, begun.as_ref()),
        "trial_ends": trial.and_then(|row| row.current_period_end),
        "is_free": is_free,
        "is_second": is_second,
        "gift": gifts::link_of(app, row).await?,
        "welcome": welcome,
        "change": changed(app, row).await?,
        "is_gift": row.kind == checkout::Kind::Gift,
        "is_tip": row.kind == checkout::Kind::Tip,
        "may_comment": may_comment(app, row).await?,
        "is_off_sale": is_off_sale(app, row).await?,
        "amount": row.amount,
        "currency": row.currency,
        "is_signed_in": is_signed_in && payer.is_some(),
        "masked_address": address.map(telemetry::masked),
    }))
}

/// What a Checkout changes, where it changes a membership, and what that was before.
async fn changed(app: &App, row: &checkout::Model) -> Result<Option<serde_json::Value>> {
    let (Some(id), Some(price)) = (row.membership_id, row.price_id) else {
        return Ok(None);
    };
    let hers = membership::Entity::find_by_id(id).find_also_related(tier::Entity);
    let hers = hers.one(&app.db).await?;
    let wanted = price::Entity::find_by_id(price).find_also_related(tier::Entity);
    let wanted = wanted.one(&app.db).await?;
    let (Some((hers, Some(has))), Some((_, Some(wanted)))) = (hers, wanted) else {
        return Ok(None);
    };
    Ok(Some(json!({
        "tier_name": wanted.name,
        "old_name": has.name,
        "membership_id": hers.id,
        "is_made": hers.price_id == price,
    })))
}

/// Whether she is a patron now, by this or by something else: a tip can be too small for it.
async fn may_comment(app: &App, row: &checkout::Model) -> Result<bool> {
    let Some(account) = row.account_id else {
        return Ok(false);
    };
    let (now, grace) = (app.clock.now(), app.config.membership.grace_days);
    let standing = standing(&app.db, account, row.author_id, now, grace).await?;
    Ok(standing.is_patron())
}

/// Whether what she would have paid for was taken off sale.
async fn is_off_sale(app: &App, row: &checkout::Model) -> Result<bool> {
    let tier = match row.tier_id {
        Some(id) => tier::Entity::find_by_id(id).one(&app.db).await?,
        None => None,
    };
    Ok(tier.is_some_and(|tier| tier.archived_at.is_some()))
}
