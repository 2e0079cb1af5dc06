//! Making a change at just the price that was shown.

use chrono::{DateTime, Duration};
use serde::Deserialize;
use uuid::Uuid;

use super::{
    by_bank,
    choices::Hers,
    confirming::{self, Found},
    outcome::{CHANGED, Outcome, Refusal},
    reckoning::{Offer, known, price_at_stripe, reckon},
    timing::When,
};
use crate::{
    accounts::Reader,
    app::App,
    entities::Recurrence,
    membership::{payouts, sync, tiers},
    payments::{self, Direct, Subscription},
    web::Network,
};

/// How long an offer stands. What it costs is reckoned from the moment it was shown.
const STANDS: Duration = Duration::minutes(30);

/// What the form under an offer sends back.
#[derive(Clone, Debug, Deserialize)]
pub struct Taken {
    price: Uuid,
    at: i64,
    amount: i64,
    nonce: Uuid,
    /// Whether to wait for the end of the paid time, where the change could be made now.
    #[serde(default)]
    later: bool,
}

/// Makes the change at the price that was shown.
pub(super) async fn take(
    app: &App,
    (reader, network): (&Reader, &Network),
    hers: &Hers,
    taken: &Taken,
) -> Result<Outcome, Refusal> {
    let choice = hers.shown(app, taken.price).await?;
    let mut choice = choice.ok_or(Refusal::NotOnSale)?;
    if taken.later {
        choice.when = When::Later;
    }
    let choice = &choice;
    if hers.hurdle().is_some() {
        return Err(Refusal::NotNow);
    }
    if choice.is_full() {
        return Err(Refusal::Full);
    }
    let subscription = &hers.row.stripe_subscription_id;
    let subscription = app.payments.subscription(subscription).await?;
    let price = price_at_stripe(app, choice).await?;
    if choice.when == When::Now && confirming::waits(&subscription, &price, taken.amount) {
        settle(app, &subscription).await;
        return Ok(Outcome::Unconfirmed);
    }
    let now = app.clock.now();
    let shown = DateTime::from_timestamp(taken.at, 0);
    let stands = shown.is_some_and(|shown| shown <= now && now - shown <= STANDS);
    let at = if stands { taken.at } else { now.timestamp() };
    let offer = match is_at(&subscription, &price) {
        true => None,
        false => known(reckon(app, &subscription, choice, &price, at).await)?,
    };
    let offer = match offer {
        Some(offer) if offer.amount == taken.amount => offer,
        // It was pressed twice, and the other press was quicker.
        _ if has(app, hers, &price).await? => return Ok(Outcome::Done(CHANGED)),
        Some(offer) => return Err(Refusal::Stale(Box::new(offer))),
        None => return Err(Refusal::NotNow),
    };
    app.payments.forget_change(&subscription).await?;
    if offer.by_debit && offer.when == When::Now {
        let begun = by_bank::begin(app, (reader, network), hers, &offer).await?;
        return Ok(Outcome::Away(begun));
    }
    if choice.needs_place() && !tiers::keep(app, &hers.row, choice.tier_id).await? {
        return Err(Refusal::Full);
    }
    let key = format!("{}:{}", hers.row.id, taken.nonce);
    let done = match offer.when {
        When::Now => change_now(app, &key, &subscription, &price, &offer).await,
        When::Later => {
            let to = (price.as_str(), choice.every);
            let direct = payouts::direct(&app.db, hers.row.author_id, now).await?;
            let done = change_later(app, &key, &subscription, to, direct.as_ref()).await;
            payouts::since(app, &hers.row, direct.as_ref()).await?;
            done.map(|()| true)
        }
    };
    let is_made = match done {
        Ok(is_made) => is_made,
        // Who knows whether it was made: the place is kept until that is seen, or for a while.
        Err(error @ payments::Error::Away(_)) => return Err(error.into()),
        Err(error) => {
            tiers::let_go(app, hers.row.id).await?;
            return Err(match error {
                payments::Error::Declined(_) => Refusal::Declined(Box::new(offer)),
                payments::Error::Unconfirmed(_) => Refusal::Unconfirmed(Box::new(offer)),
                error => error.into(),
            });
        }
    };
    if settle(app, &subscription).await {
        tiers::let_go(app, hers.row.id).await?;
    }
    match offer.when {
        When::Later => Ok(Outcome::Done("flash-tier-later")),
        When::Now if is_made => Ok(Outcome::Done(CHANGED)),
        When::Now => match confirming::found(app, &subscription.id, &price).await? {
            Found::Waits => Ok(Outcome::Unconfirmed),
            Found::Made => Ok(Outcome::Done(CHANGED)),
            // An old form, and what it asked for was taken back since: it costs what it costs now.
            Found::Neither => {
                let at = now.timestamp();
                let offer = reckon(app, &subscription, choice, &price, at).await?;
                Err(Refusal::Stale(Box::new(offer)))
            }
        },
    }
}

fn is_at(subscription: &Subscription, price: &str) -> bool {
    subscription.price().is_some_and(|sold| sold.id == price)
}

/// Whether she has it by now.
async fn has(app: &App, hers: &Hers, price: &str) -> Result<bool, payments::Error> {
    let subscription = &hers.row.stripe_subscription_id;
    let subscription = app.payments.subscription(subscription).await?;
    let is_done = is_at(&subscription, price);
    if is_done {
        settle(app, &subscription).await;
    }
    Ok(is_done)
}

/// `false` where the bank wants her own word: then it waits for that.
async fn change_now(
    app: &App,
    key: &str,
    subscription: &Subscription,
    price: &str,
    offer: &Offer,
) -> Result<bool, payments::Error> {
    let at = (!offer.is_trial).then_some(offer.at);
    let change = format!("change:{key}");
    let change = app.payments.change_now(&change, subscription, price, at);
    match (change.await, at) {
        (Err(payments::Error::Unconfirmed(_)), Some(at)) if subscription.can_wait() => {
            let key = format!("confirm:{key}");
            let waits = app
                .payments
                .change_once_confirmed(&key, subscription, price, at);
            waits.await.map(|()| false)
        }
        (changed, _) => {
            changed?;
            // What was booked for later is over with this.
            app.payments.let_be(subscription).await.map(|()| true)
        }
    }
}

async fn change_later(
    app: &App,
    key: &str,
    subscription: &Subscription,
    price: (&str, Recurrence),
    direct: Option<&Direct>,
) -> Result<(), payments::Error> {
    if subscription.booked_end().is_some() {
        let key = format!("stay:{key}");
        app.payments.go_on(&key, subscription, false).await?;
    }
    app.payments
        .change_later(key, subscription, price, direct)
        .await
}

/// The change is made: should our own look fail, Stripe's event brings it.
/// Returns whether it was seen.
async fn settle(app: &App, subscription: &Subscription) -> bool {
    let seen = sync::subscription(app, &subscription.id).await;
    if let Err(error) = &seen {
        let error = format!("{error:#}");
        tracing::warn!(subscription = %subscription.id, error, "changed, and not seen here yet");
    }
    seen.is_ok()
}
