//! `/studio/payouts`: how an author is paid, and the account at Stripe where it goes.

use std::collections::BTreeSet;

use axum::{
    extract::State,
    response::{IntoResponse as _, Redirect, Response},
};
use serde_json::json;

use crate::{
    accounts::{Author, flash},
    app::App,
    entities::payout_account,
    membership::payouts,
    payments,
    web::{Error, Result},
};

/// `GET /studio/payouts`
pub async fn show(State(app): State<App>, author: Author) -> Result<Response> {
    let found = payouts::of(&app.db, author.author.id).await?;
    let following = payouts::following(&app.db, author.author.id).await?;
    let row = found.as_ref().filter(|row| row.linked_at.is_some());
    let page = json!({
        "state": found.as_ref().map_or("none", state),
        "updated_at": found.as_ref().map(|row| row.updated_at),
        "following": following,
        "charges": row.is_some_and(|row| row.charges_enabled),
        "payouts": row.is_some_and(|row| row.payouts_enabled),
        "transfers": row.is_some_and(|row| payouts::destination(row).is_some()),
        "due": row.map(|row| asked(&row.due)).unwrap_or_default(),
        "reason": row.and_then(|row| row.disabled_reason.as_deref()).map(payouts::reason),
        "linked_at": row.and_then(|row| row.linked_at),
        "details_submitted": row.is_some_and(|row| row.details_submitted),
        "has_stripe": app.payments.is_configured(),
    });
    author.visitor.page(&app, "studio/payouts.html", &page)
}

/// The word for where linking stands.
fn state(row: &payout_account::Model) -> &'static str {
    match payouts::destination(row) {
        _ if row.linked_at.is_none() => match row.stripe_account_id {
            None if row.former_account_id.is_some() => "loose",
            _ => "none",
        },
        Some(_) => "ready",
        None if row.details_submitted => "restricted",
        None => "begun",
    }
}

/// Our words for what Stripe asks, once each. <https://docs.stripe.com/connect/required-verification-information>
fn asked(due: &str) -> BTreeSet<&'static str> {
    let word = |asked: &str| match asked.split(['.', '_']).next() {
        Some("individual" | "person" | "company" | "representative" | "owners") => "who",
        Some("business") => "what",
        Some("external") => "bank",
        Some("tos") => "terms",
        _ => "other",
    };
    due.lines().map(word).collect()
}

/// `POST /studio/payouts`: to Stripe's page.
pub async fn link(State(app): State<App>, author: Author) -> Result<Response> {
    let email = author.account.email.clone();
    let address = payouts::link(&app, author.author.id, email.as_deref()).await;
    match address.transpose() {
        Some(address) => to_stripe(address),
        None => Ok(flash(&app, "/studio/payouts", "flash-payouts-gone")),
    }
}

/// `GET /studio/payouts/refresh`: the link was old, or opened before.
pub async fn refresh(State(app): State<App>, author: Author) -> Result<Response> {
    let row = payouts::of(&app.db, author.author.id).await?;
    match row.filter(|row| row.linked_at.is_some()) {
        Some(_) => link(State(app), author).await,
        None => Ok(Redirect::to("/studio/payouts").into_response()),
    }
}

/// `GET /studio/payouts/return`: back from Stripe, whatever was done there.
pub async fn back(State(app): State<App>, author: Author) -> Result<Response> {
    if let Err(error) = payouts::refreshed(&app, author.author.id).await {
        // Its event will tell.
        tracing::info!(
            error = format!("{error:#}"),
            "an account could not be looked at"
        );
    }
    Ok(Redirect::to("/studio/payouts").into_response())
}

/// `POST /studio/payouts/dashboard`: to the author's own dashboard at Stripe.
pub async fn dashboard(State(app): State<App>, author: Author) -> Result<Response> {
    let row = payouts::of(&app.db, author.author.id).await?;
    let account = row.filter(|row| row.details_submitted);
    let account = account.and_then(|row| row.stripe_account_id);
    let account = account.ok_or(Error::NotFound)?;
    to_stripe(app.payments.login_link(&account).await.map_err(Into::into))
}

/// `POST /studio/payouts/unlink`
pub async fn unlink(State(app): State<App>, author: Author) -> Result<Response> {
    payouts::unlink(&app, author.author.id, author.author.account_id).await?;
    Ok(flash(&app, "/studio/payouts", "flash-payouts-unlinked"))
}

fn to_stripe(address: anyhow::Result<String>) -> Result<Response> {
    match address {
        Ok(address) => Ok(Redirect::to(&address).into_response()),
        Err(error) => match error.downcast::<payments::Error>() {
            Ok(error) => Err(error.into()),
            Err(error) => Err(error.into()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stripe_asks_is_said_in_our_words() {
        for (due, words) in [
            ("", vec![]),
            (
                "external_account\ntos_acceptance.date",
                vec!["bank", "terms"],
            ),
            ("individual.dob.day\nindividual.last_name", vec!["who"]),
            (
                "business_type\nperson_1.email\nx",
                vec!["other", "what", "who"],
            ),
        ] {
            assert_eq!(asked(due).into_iter().collect::<Vec<_>>(), words, "{due}");
        }
    }
}
