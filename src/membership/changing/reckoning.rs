//! What a change costs, to the cent.

use chrono::{DateTime, Utc};
use sea_orm::EntityTrait as _;
use serde::Serialize;
use uuid::Uuid;

use super::{
    by_bank,
    choices::{Choice, Hers},
    timing::When,
};
use crate::{
    app::App,
    entities::{membership::Discount, price, tier},
    membership::tiers,
    payments::{self, Subscription},
    web,
};

/// A change and what it costs.
#[derive(Debug, Serialize)]
pub(super) struct Offer {
    pub choice: Choice,
    pub when: When,
    /// From when on the rest of the period is reckoned, in seconds since 1970.
    pub at: i64,
    /// Charged now, in minor units.
    pub amount: i64,
    /// When the choice is charged in full.
    next_at: Option<DateTime<Utc>>,
    /// What a discount leaves of that.
    discount: Option<Discount>,
    /// Whether the free time of a trial goes on.
    pub is_trial: bool,
    /// Whether a booked end is taken back.
    takes_back: bool,
    /// Whether it waits for a bank: for the debit that pays for it, or because none could pay for it now.
    pub by_debit: bool,
    /// Makes a second press the same act.
    nonce: Uuid,
}

/// What it costs to have `choice` from this moment on.
pub(super) async fn offer(app: &App, hers: &Hers, choice: &Choice) -> web::Result<Offer> {
    let subscription = &hers.row.stripe_subscription_id;
    let subscription = app.payments.subscription(subscription).await?;
    let price = price_at_stripe(app, choice).await?;
    let at = app.clock.now().timestamp();
    Ok(reckon(app, &subscription, choice, &price, at).await?)
}

/// Where nothing would change Stripe has no preview to show.
pub(super) fn known(
    offer: Result<Offer, payments::Error>,
) -> Result<Option<Offer>, payments::Error> {
    match offer {
        Err(payments::Error::NotFound) => Ok(None),
        offer => offer.map(Some),
    }
}

pub(super) async fn reckon(
    app: &App,
    subscription: &Subscription,
    choice: &Choice,
    price: &str,
    at: i64,
) -> Result<Offer, payments::Error> {
    let is_trial = subscription.status == "trialing";
    let later = (When::Later, 0, subscription.period().1);
    let by_debit =
        choice.when == When::Now && !is_trial && by_bank::pays(app, subscription).await?;
    let (when, amount, next_at) = match choice.when {
        When::Now if is_trial => (When::Now, 0, subscription.trial_end),
        // Another span begins anew at Stripe when it is chosen, and cannot wait for a bank.
        When::Now if by_debit && choice.is_other_span => later,
        When::Now => {
            let invoice = app.payments.preview(subscription, price, at).await?;
            let due = invoice.amount_due;
            match by_debit && !tiers::is_chargeable(due, &invoice.currency) {
                true => later,
                false => (When::Now, due, invoice.period().1),
            }
        }
        When::Later => later,
    };
    let tier = tier::Entity::find_by_id(choice.tier_id).one(&app.db);
    let tier = tier.await.map_err(away)?;
    let product = tier.and_then(|tier| tier.stripe_product_id);
    let product = product.as_deref();
    let discount = next_at.and_then(|at| subscription.discounted(choice.amount, product, at));
    Ok(Offer {
        choice: choice.clone(),
        when,
        discount,
        by_debit,
        at,
        amount,
        next_at,
        is_trial,
        takes_back: subscription.booked_end().is_some(),
        nonce: Uuid::now_v7(),
    })
}

pub(super) async fn price_at_stripe(app: &App, choice: &Choice) -> web::Result<String> {
    tiers::mirror(app, choice.tier_id).await?;
    let price = price::Entity::find_by_id(choice.price_id);
    let price = price.one(&app.db).await?;
    price
        .and_then(|price| price.stripe_price_id)
        .ok_or(web::Error::NotFound)
}

fn away(error: sea_orm::DbErr) -> payments::Error {
    payments::Error::Away(error.to_string())
}
