//! The control room's payments: what banks do with them afterwards.

use axum::{Extension, extract::State, response::Response};
use axum_extra::extract::Form;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{room::told, stripe::Stripe};
use crate::{
    app::App,
    web::{Error, Result},
};

/// How many payments the page lists.
const PAYMENTS: usize = 20;
/// Why a payment is disputed here, in Stripe's word.
const REASON: &str = "fraudulent";

/// The latest payments, newest first, with what can be done about each.
pub(super) fn rows(stripe: &Stripe) -> Vec<Value> {
    let charges = stripe.latest("charge", PAYMENTS).into_iter();
    let paid = charges.filter(|charge| charge["status"] == "succeeded");
    paid.map(|charge| row(stripe, &charge)).collect()
}

fn row(stripe: &Stripe, charge: &Value) -> Value {
    let name = |id: &Value| id.as_str().and_then(|id| stripe.object(id));
    let customer = name(&charge["customer"]).unwrap_or_default();
    let dispute = charge["id"].as_str().and_then(|id| stripe.dispute_of(id));
    let status = dispute
        .as_ref()
        .and_then(|dispute| dispute["status"].as_str());
    let at = charge["created"].as_i64().unwrap_or_default();
    json!({
        "id": charge["id"],
        "at": chrono::DateTime::from_timestamp(at, 0),
        "name": customer["name"].as_str().or(charge["billing_details"]["name"].as_str()),
        "amount": charge["amount"],
        "currency": charge["currency"],
        "is_direct": charge["transfer_data"].is_object(),
        "is_given_back": charge["refunded"],
        "dispute": status,
        "does": does(status, charge["refunded"] == true),
    })
}

/// What a bank can do next with a payment whose dispute stands so.
fn does(dispute: Option<&str>, is_given_back: bool) -> &'static [&'static str] {
    match dispute {
        None if is_given_back => &[],
        None => &["dispute", "inquire"],
        Some("needs_response" | "under_review") => &["win", "lose"],
        Some("warning_needs_response" | "warning_under_review") => &["dispute", "close"],
        Some(_) => &[],
    }
}

#[derive(Deserialize)]
pub(super) struct Pressed {
    charge: String,
    what: String,
}

/// `POST /sandbox/payment`: the bank asks, disputes, decides.
pub(super) async fn press(
    State(app): State<App>,
    Extension(stripe): Extension<Stripe>,
    Form(form): Form<Pressed>,
) -> Result<Response> {
    let charge = stripe.object(&form.charge);
    let charge = charge.filter(|charge| charge["object"] == "charge");
    let charge = charge.ok_or(Error::NotFound)?;
    let intent = charge["payment_intent"].as_str().unwrap_or_default();
    let dispute = stripe.dispute_of(&form.charge).unwrap_or_default();
    let dispute = dispute["id"].as_str().unwrap_or_default();
    match form.what.as_str() {
        "dispute" => drop(stripe.dispute(intent, REASON)),
        "inquire" => drop(stripe.inquire(intent, REASON)),
        "win" | "close" => stripe.close_dispute(dispute, true),
        "lose" => stripe.close_dispute(dispute, false),
        _ => return Err(Error::NotFound),
    }
    Ok(told(&app, &stripe, "flash-sandbox-done").await)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bank_can_do_what_comes_next_and_nothing_else() {
        for (dispute, expected) in [
            (None, &["dispute", "inquire"][..]),
            (Some("warning_needs_response"), &["dispute", "close"]),
            (Some("needs_response"), &["win", "lose"]),
            (Some("under_review"), &["win", "lose"]),
            (Some("won"), &[]),
            (Some("lost"), &[]),
            (Some("warning_closed"), &[]),
        ] {
            assert_eq!(does(dispute, false), expected, "{dispute:?}");
        }
        assert!(does(None, true).is_empty(), "it was given back");
    }
}
