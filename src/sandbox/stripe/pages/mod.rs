//! The hosted pages: Checkout, the Billing Portal, an invoice. Stand-ins for Stripe's own, with a
//! stylesheet of their own, so that one sees where the service ends.

pub(super) mod checkout;
pub(super) mod connect;
pub(super) mod invoice;
pub(super) mod portal;

use std::sync::LazyLock;

use axum::{
    http::{StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use chrono::DateTime;
use serde_json::{Value, json};
use tera::{Context, Tera};

use super::{
    Card, Stripe,
    state::{number, text},
};
use crate::money::Money;

static PAGES: LazyLock<Result<Tera, tera::Error>> = LazyLock::new(|| {
    let mut tera = Tera::default();
    tera.add_raw_templates([
        ("frame.html", include_str!("frame.html")),
        ("checkout.html", include_str!("checkout.html")),
        ("connect.html", include_str!("connect.html")),
        ("confirm.html", include_str!("confirm.html")),
        ("over.html", include_str!("over.html")),
        ("portal.html", include_str!("portal.html")),
        ("invoice.html", include_str!("invoice.html")),
    ])?;
    Ok(tera)
});

/// The cards a visitor can try, with what they do.
const CARDS: [(Card, &str); 7] = [
    (Card::Good, "pays"),
    (Card::FailsLater, "pays now, fails at the renewal"),
    (Card::Declined, "is declined"),
    (Card::Confirms, "asks you to confirm once"),
    (Card::AlwaysConfirms, "asks you to confirm every payment"),
    (Card::BankPays, "a bank account: pays three minutes later"),
    (
        Card::BankRefuses,
        "a bank account: refuses three minutes later",
    ),
];

/// `GET /pages.css`
pub(super) async fn style() -> impl IntoResponse {
    let kind = [(header::CONTENT_TYPE, "text/css")];
    (kind, include_str!("pages.css"))
}

/// `GET /icon.svg`
pub(super) async fn icon() -> impl IntoResponse {
    let kind = [(header::CONTENT_TYPE, "image/svg+xml")];
    (kind, include_str!("icon.svg"))
}

/// Draws a page of this name.
fn page(stripe: &Stripe, status: StatusCode, name: &str, mut values: Value) -> Response {
    values["base"] = json!(stripe.settings().base_url);
    let pages = PAGES.as_ref().map_err(ToString::to_string);
    let drawn = pages.and_then(|pages| {
        let context = Context::from_serialize(&values).map_err(|error| error.to_string())?;
        pages
            .render(name, &context)
            .map_err(|error| error.to_string())
    });
    match drawn {
        Ok(html) => {
            let kept = [(header::CACHE_CONTROL, "no-store")];
            (status, kept, Html(html)).into_response()
        }
        Err(error) => {
            tracing::error!(error, name, "a page of the simulated Stripe failed");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// Says that there is nothing to do here, and where to go.
fn over(stripe: &Stripe, status: StatusCode, title: &str, words: &str, way: &Value) -> Response {
    let values = json!({ "title": title, "words": words, "way": way });
    page(stripe, status, "over.html", values)
}

fn unknown(stripe: &Stripe) -> Response {
    let words = "There is nothing at this address.";
    let status = StatusCode::NOT_FOUND;
    over(stripe, status, "Not found", words, &Value::Null)
}

/// The test cards for a form, the chosen one marked.
fn cards(chosen: Card) -> Value {
    let cards = CARDS.iter().map(|(card, does)| {
        json!({ "number": card.number(), "does": does, "is_chosen": *card == chosen })
    });
    cards.collect()
}

fn amount(minor: &Value, currency: &Value) -> String {
    Money::new(number(minor), text(currency)).format("en")
}

/// A day, empty if there is none.
fn day(at: &Value) -> String {
    let instant = at.as_i64().and_then(|at| DateTime::from_timestamp(at, 0));
    instant.map_or_else(String::new, |at| at.format("%-d %B %Y").to_string())
}
