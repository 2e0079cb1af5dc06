//! Pausing, leaving at the end of the paid time, and going on after either.

use axum::{extract::State, response::Response};
use axum_extra::extract::Form;
use serde::Deserialize;
use uuid::Uuid;

use super::REASONS;
use crate::{
    accounts::{Reader, flash},
    app::App,
    entities::membership,
    membership::{
        doubling::{has_waiting_gift, is_doubled},
        duplicates,
        mine::own,
        standing::{Support, standing_of},
        sync,
    },
    payments::{self, Subscription},
    web::{Error, Path, Result},
};

/// How much of her words is kept, in characters.
const WORDS: usize = 500;

/// What the form of leaving sends: both may be left out.
#[derive(Debug, Default, Deserialize)]
pub struct Why {
    #[serde(default)]
    reason: String,
    #[serde(default)]
    words: String,
}

/// `POST /account/memberships/{id}/pause`: nothing is charged until she resumes; what is paid stays.
pub async fn pause(
    State(app): State<App>,
    reader: Reader,
    Path(id): Path<Uuid>,
) -> Result<Response> {
    let (row, support, fresh) = running(&app, &reader, id).await?;
    if !matches!(support, Support::Patron | Support::Leaving) {
        return Ok(flash(&app, "/account", "flash-no-pause"));
    }
    app.payments.forget_change(&fresh).await?;
    let key = format!("pause:{id}:{}", Uuid::now_v7());
    app.payments.rest(&key, &row.stripe_subscription_id).await?;
    sync::subscription(&app, &row.stripe_subscription_id).await?;
    Ok(flash(&app, "/account", "flash-paused"))
}

/// `POST /account/memberships/{id}/cancel`: books the end of the paid period. One that was paid by mistake beside
/// another ends at once, and its money is given back.
pub async fn cancel(
    State(app): State<App>,
    reader: Reader,
    Path(id): Path<Uuid>,
    Form(why): Form<Why>,
) -> Result<Response> {
    let (row, _, fresh) = running(&app, &reader, id).await?;
    if row.is_duplicate()
        && let Some(words) = duplicates::leave(&app, &row).await?
    {
        return Ok(flash(&app, "/account", words));
    }
    let reason = REASONS.into_iter().find(|reason| *reason == why.reason);
    let words: String = why.words.trim().chars().take(WORDS).collect();
    let words = Some(words.as_str()).filter(|words| !words.is_empty());
    let subscription = &row.stripe_subscription_id;
    // Who leaves has no next tier.
    app.payments.forget_change(&fresh).await?;
    app.payments.let_be(&fresh).await?;
    let key = format!("cancel:{id}:{}", Uuid::now_v7());
    app.payments
        .leave(&key, subscription, reason, words)
        .await?;
    sync::subscription(&app, subscription).await?;
    let words = match row.next_price_id {
        Some(_) => "flash-cancelled-next",
        None => "flash-cancelled",
    };
    Ok(flash(&app, "/account", words))
}

/// `POST /account/memberships/{id}/resume`: takes back a booked end, a pause, or both.
pub async fn resume(
    State(app): State<App>,
    reader: Reader,
    Path(id): Path<Uuid>,
) -> Result<Response> {
    let words = go_on(&app, &reader, id).await?;
    Ok(flash(&app, "/account", words))
}

/// Where the paid time is over, going on begins with a payment. Returns the sentence to say, also where the card
/// did not pay, or not without her. Beside another membership with the same author, or where a gift would run out
/// meanwhile, nothing goes on, and Stripe is not asked.
async fn go_on(app: &App, reader: &Reader, id: Uuid) -> Result<&'static str> {
    let row = own(app, reader, id).await?;
    let (now, grace) = (app.clock.now(), app.config.membership.grace_days);
    if let Some(beside) = is_doubled(&app.db, &row, now, grace).await? {
        return Ok(beside.instead_of_resuming());
    }
    if has_waiting_gift(&app.db, &row, now).await? {
        return Ok("flash-gift-waits");
    }
    let (row, support, subscription) = running(app, reader, id).await?;
    let is_over = row.collection_paused.is_some() && support == Support::Paused;
    let key = format!("resume:{id}:{}", Uuid::now_v7());
    match app.payments.go_on(&key, &subscription, is_over).await {
        Err(payments::Error::Declined(_)) => return Ok("flash-declined"),
        Err(payments::Error::Unconfirmed(_)) => return Ok("flash-bank-asks"),
        gone_on => gone_on?,
    }
    sync::subscription(app, &subscription.id).await?;
    Ok("flash-resumed")
}

/// Her own membership that has not ended, where she stands by it, and what Stripe shows. Where it has ended
/// there and nobody has told us yet, it ends here too.
async fn running(
    app: &App,
    reader: &Reader,
    id: Uuid,
) -> Result<(membership::Model, Support, Subscription)> {
    let row = own(app, reader, id).await?;
    let (now, grace) = (app.clock.now(), app.config.membership.grace_days);
    let standing = standing_of(std::slice::from_ref(&row), &[], &[], now, grace);
    match standing.support {
        Support::Former | Support::Helped | Support::None => {
            Err(Error::BadRequest("membership-is-over"))
        }
        support => {
            let fresh = &row.stripe_subscription_id;
            let fresh = app.payments.subscription(fresh).await?;
            let state = sync::state_of(&fresh);
            if matches!(
                state,
                Some(membership::State::Ended | membership::State::Failed)
            ) {
                sync::subscription(app, &fresh.id).await?;
                return Err(Error::BadRequest("membership-is-over"));
            }
            Ok((row, support, fresh))
        }
    }
}
