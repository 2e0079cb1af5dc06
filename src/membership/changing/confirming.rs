//! `/account/memberships/{id}/confirm`: a change that waits for her word to her bank.

use axum::{extract::State, response::Response};
use sea_orm::EntityTrait as _;
use serde_json::json;
use uuid::Uuid;

use super::outcome::CHANGED;
use crate::{
    accounts::{Reader, flash},
    app::App,
    entities::{author, membership, price, tier},
    membership::{mine::own, sync},
    payments::{self, Subscription},
    web::{Error, Path, Result},
};

/// Where a change stands at Stripe.
pub(super) enum Found {
    Waits,
    Made,
    Neither,
}

/// Whether just this change, at just this amount, waits already: pressed twice is pressed once.
pub(super) fn waits(subscription: &Subscription, price: &str, amount: i64) -> bool {
    let waits = subscription.unconfirmed();
    let invoice = subscription.to_confirm();
    waits.is_some_and(|waits| waits.price == price)
        && invoice.is_some_and(|invoice| invoice.amount_due == amount)
}

/// Where a change to `price` stands now.
pub(super) async fn found(
    app: &App,
    subscription: &str,
    price: &str,
) -> Result<Found, payments::Error> {
    let fresh = app.payments.subscription(subscription).await?;
    let waits = fresh.unconfirmed().map(|waits| waits.price);
    Ok(match fresh.price() {
        Some(sold) if sold.id == price => Found::Made,
        _ if waits == Some(price) => Found::Waits,
        _ => Found::Neither,
    })
}

/// `GET`: what waits, and the ways on. Where nothing waits any more, the account page says what came of it.
pub async fn ask(State(app): State<App>, reader: Reader, Path(id): Path<Uuid>) -> Result<Response> {
    let before = own(&app, &reader, id).await?;
    let subscription = &before.stripe_subscription_id;
    let subscription = app.payments.subscription(subscription).await?;
    sync::subscription(&app, &subscription.id).await?;
    let row = own(&app, &reader, id).await?;
    match page(&app, &row, &subscription).await? {
        Some(page) => reader
            .visitor
            .page(&app, "membership/tier_unconfirmed.html", &page),
        None => Ok(flash(&app, "/account", came_of(&before, &row))),
    }
}

/// What came of a change that does not wait any more.
fn came_of(before: &membership::Model, now: &membership::Model) -> &'static str {
    match before.unconfirmed_price_id {
        Some(wanted) if wanted == now.price_id => CHANGED,
        Some(_) => "flash-tier-unconfirmed",
        None => "flash-tier-nothing-waits",
    }
}

async fn page(
    app: &App,
    row: &membership::Model,
    subscription: &Subscription,
) -> Result<Option<serde_json::Value>> {
    let waits = subscription.unconfirmed();
    let Some((waits, invoice)) = waits.zip(subscription.to_confirm()) else {
        return Ok(None);
    };
    let present = tier::Entity::find_by_id(row.tier_id).one(&app.db).await?;
    let author = author::Entity::find_by_id(row.author_id)
        .one(&app.db)
        .await?;
    let wanted = price::Entity::by_stripe(waits.price)
        .find_also_related(tier::Entity)
        .one(&app.db)
        .await?;
    let Some((price, Some(wanted))) = wanted else {
        return Ok(None);
    };
    let (present, author) = present.zip(author).ok_or(Error::NotFound)?;
    Ok(Some(json!({
        "author_name": author.name,
        "mine": {
            "id": row.id,
            "tier_name": present.name,
            "amount": row.amount,
            "currency": row.currency,
            "every": row.recurrence,
            "period_end": row.current_period_end,
        },
        "wanted": {
            "price": price.id,
            "tier_name": wanted.name,
            "amount": price.amount,
            "currency": price.currency,
            "every": price.recurrence,
        },
        "amount": invoice.amount_due,
        "until": waits.until,
        "at": app.clock.now().timestamp(),
        "nonce": Uuid::now_v7(),
    })))
}
