//! `/checkout/{session}`: what is bought, who buys it, and with which card.

use axum::{
    extract::{Form, State as Extract},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{amount, cards, over, page, unknown};
use crate::sandbox::stripe::{
    Card, Stripe,
    objects::session_discounts,
    state::{number, text},
};
use crate::web::Path;

/// What the payer typed.
#[derive(Debug, Default, Deserialize)]
pub(in super::super) struct Typed {
    #[serde(default)]
    email: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    card: String,
    /// A promotion code.
    #[serde(default)]
    code: String,
    /// `apply` or `remove` a code; else it is paid.
    #[serde(default)]
    what: String,
    /// `yes` or `no`, from the page that asks to confirm.
    confirmed: Option<String>,
}

impl Typed {
    /// The code that is to be taken now; an empty one removes it.
    fn code_to_take(&self, session: &Value) -> Option<&str> {
        match self.what.as_str() {
            "remove" => Some(""),
            "apply" => Some(self.code.as_str()),
            _ if self.code.trim().is_empty() || session["allow_promotion_codes"] != true => None,
            _ => Some(self.code.as_str()),
        }
    }
}

/// `GET /checkout/{session}`
pub(in super::super) async fn show(
    Extract(stripe): Extract<Stripe>,
    Path(id): Path<String>,
) -> Response {
    match open(&stripe, &id) {
        Ok(session) => form(&stripe, &session, StatusCode::OK, &Typed::default(), ""),
        Err(response) => *response,
    }
}

/// `POST /checkout/{session}`
pub(in super::super) async fn pay(
    Extract(stripe): Extract<Stripe>,
    Path(id): Path<String>,
    Form(mut typed): Form<Typed>,
) -> Response {
    let session = match open(&stripe, &id) {
        Ok(session) => session,
        Err(response) => return *response,
    };
    if let Some(known) = known_email(&stripe, &session) {
        typed.email = known;
    }
    let again = |typed: &Typed, problem: &str| {
        let session = stripe.object(&id).unwrap_or_default();
        form(
            &stripe,
            &session,
            StatusCode::UNPROCESSABLE_ENTITY,
            typed,
            problem,
        )
    };
    if let Some(code) = typed.code_to_take(&session)
        && let Err(words) = stripe.type_code(&id, code)
    {
        return again(&typed, &words);
    }
    if !typed.what.is_empty() {
        typed.code.clear();
        let session = stripe.object(&id).unwrap_or_default();
        return form(&stripe, &session, StatusCode::OK, &typed, "");
    }
    if !typed.email.contains('@') {
        return again(&typed, "Please enter an e-mail address.");
    }
    let Some(card) = Card::by_number(&typed.card) else {
        return again(&typed, "Please choose one of the test cards.");
    };
    match typed.confirmed.as_deref() {
        None if card.asks() => return confirm(&stripe, &typed),
        Some("no") => {
            return again(
                &typed,
                "Your bank did not confirm the payment. Nothing was charged.",
            );
        }
        _ => {}
    }
    let (email, name) = (typed.email.trim(), typed.name.trim());
    match stripe.complete_checkout(&id, card, email, name) {
        Ok(success) => Redirect::to(&success).into_response(),
        Err(problem) => again(&typed, &problem),
    }
}

/// The session, if it can still be paid; else what to say.
fn open(stripe: &Stripe, id: &str) -> Result<Value, Box<Response>> {
    let session = stripe.object(id).unwrap_or_default();
    match (text(&session["object"]), text(&session["status"])) {
        ("checkout.session", "open") => Ok(session),
        ("checkout.session", "complete") => {
            let words = "This payment is done. You can go on.";
            let success = text(&session["success_url"]).replace("{CHECKOUT_SESSION_ID}", id);
            let status = StatusCode::OK;
            Err(over(stripe, status, "All done", words, &json!(success)).into())
        }
        ("checkout.session", _) => {
            let words = "This page has expired, and nothing was charged.";
            let status = StatusCode::GONE;
            Err(over(stripe, status, "Expired", words, &session["cancel_url"]).into())
        }
        _ => Err(unknown(stripe).into()),
    }
}

/// The address that cannot be changed any more, because it is known.
fn known_email(stripe: &Stripe, session: &Value) -> Option<String> {
    let customer = stripe.object(text(&session["customer"]));
    let customer = customer.unwrap_or_default();
    let known = customer["email"]
        .as_str()
        .or(session["customer_email"].as_str());
    known.map(str::to_owned)
}

fn form(
    stripe: &Stripe,
    session: &Value,
    status: StatusCode,
    typed: &Typed,
    problem: &str,
) -> Response {
    let (id, currency) = (text(&session["id"]), &session["currency"]);
    let lines = stripe.line_items(id);
    let lines = lines.iter().map(|line| {
        json!({
            "name": line["description"],
            "quantity": line["quantity"],
            "amount": amount(&line["amount_subtotal"], currency),
            "interval": line["price"]["recurring"]["interval"],
        })
    });
    let known = known_email(stripe, session);
    let values = json!({
        "lines": lines.collect::<Vec<_>>(),
        "total": amount(&session["amount_total"], currency),
        "takes_codes": session["allow_promotion_codes"],
        "code": typed.code,
        "discount": stripe.discount_of(session),
        "trial_days": stripe.trial_days(id),
        "is_recurring": session["mode"] == "subscription",
        "is_known": known.is_some(),
        "email": known.as_deref().unwrap_or(&typed.email),
        "name": typed.name,
        "cards": cards(Card::by_number(&typed.card).unwrap_or_default()),
        "problem": problem,
        "cancel_url": session["cancel_url"],
    });
    page(stripe, status, "checkout.html", values)
}

fn confirm(stripe: &Stripe, typed: &Typed) -> Response {
    let values = json!({
        "fields": [["email", typed.email], ["name", typed.name], ["card", typed.card]],
    });
    page(stripe, StatusCode::OK, "confirm.html", values)
}

impl Stripe {
    fn line_items(&self, session: &str) -> Vec<Value> {
        let state = self.state();
        let items = state.note(session, "line_items").as_array().cloned();
        items.unwrap_or_default()
    }

    /// What the session is discounted by: the code or the coupon's name, and how much.
    fn discount_of(&self, session: &Value) -> Option<Value> {
        let state = self.state();
        let first = session_discounts::of(&state, text(&session["id"]))
            .into_iter()
            .next()?;
        let coupon = state.peek(&first.coupon);
        let code = first.code.map(|code| state.text(&code, "code"));
        let name = coupon["name"].as_str().unwrap_or(&first.coupon).to_owned();
        let off = amount(
            &session["total_details"]["amount_discount"],
            &session["currency"],
        );
        Some(json!({
            "name": code.unwrap_or(name), "amount": off, "duration": coupon["duration"],
            "months": coupon["duration_in_months"],
        }))
    }

    /// How long the trial lasts, 0 if there is none.
    fn trial_days(&self, session: &str) -> i64 {
        let state = self.state();
        let seconds = &state.note(session, "subscription_data")["trial_seconds"];
        number(seconds) / (24 * 60 * 60)
    }
}
