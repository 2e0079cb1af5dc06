//! `/portal/{session}`: what a customer subscribes to, and with which card it is paid.

use axum::{
    extract::{Form, State as Extract},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{amount, cards, day, page, unknown};
use crate::sandbox::stripe::{
    Card, Stripe, billing,
    objects::{changes, payment_methods},
    state::{data, number, text},
};
use crate::web::Path;

/// What the customer pressed.
#[derive(Debug, Deserialize)]
pub(in super::super) struct Pressed {
    /// `card`, `cancel` or `resume`.
    what: String,
    #[serde(default)]
    subscription: String,
    #[serde(default)]
    card: String,
}

/// `GET /portal/{session}`
pub(in super::super) async fn show(
    Extract(stripe): Extract<Stripe>,
    Path(id): Path<String>,
) -> Response {
    match session(&stripe, &id) {
        Some(session) => draw(&stripe, &session, StatusCode::OK, ""),
        None => unknown(&stripe),
    }
}

/// `POST /portal/{session}`
pub(in super::super) async fn change(
    Extract(stripe): Extract<Stripe>,
    Path(id): Path<String>,
    Form(pressed): Form<Pressed>,
) -> Response {
    let Some(session) = session(&stripe, &id) else {
        return unknown(&stripe);
    };
    let customer = text(&session["customer"]);
    let own = running(&stripe, customer);
    let meant = own.iter().map(|object| text(&object["id"]));
    let mut meant = meant.filter(|id| pressed.subscription == *id);
    let refused = StatusCode::UNPROCESSABLE_ENTITY;
    let again = |problem: &str| draw(&stripe, &session, refused, problem);
    let is_free = own.iter().all(|object| {
        object["id"] != pressed.subscription || changes::not_scheduled(object).is_ok()
    });
    match (pressed.what.as_str(), meant.next()) {
        ("cancel" | "resume", Some(_)) if !is_free => {
            return again(
                "A change of this subscription is booked. Take that back first where you booked it; then you can end it here.",
            );
        }
        ("cancel", Some(id)) => stripe.book_end(id, true),
        ("resume", Some(id)) => stripe.book_end(id, false),
        ("card", _) => match Card::by_number(&pressed.card) {
            Some(Card::Declined) => return again("Your card was declined."),
            Some(card) => use_card(&stripe, customer, &own, card),
            None => return again("Please choose one of the test cards."),
        },
        _ => return again("That subscription is not running any more."),
    }
    let back = session["return_url"].as_str();
    let back = back.unwrap_or_else(|| text(&session["url"]));
    Redirect::to(back).into_response()
}

/// The card pays from now on, and at once what is open.
fn use_card(stripe: &Stripe, customer: &str, own: &[Value], card: Card) {
    stripe.set_card(customer, card);
    let is_unpaid = |object: &&Value| matches!(text(&object["status"]), "past_due" | "unpaid");
    for object in own.iter().filter(is_unpaid) {
        stripe.pay_open_invoice(text(&object["id"]));
    }
}

fn session(stripe: &Stripe, id: &str) -> Option<Value> {
    let object = stripe.object(id);
    object.filter(|object| object["object"] == "billing_portal.session")
}

fn running(stripe: &Stripe, customer: &str) -> Vec<Value> {
    let all = stripe.subscriptions().into_iter();
    all.filter(|object| object["customer"] == customer && billing::is_running(object))
        .collect()
}

fn draw(stripe: &Stripe, session: &Value, status: StatusCode, problem: &str) -> Response {
    let customer = text(&session["customer"]);
    let own = running(stripe, customer);
    let first = own.first().cloned().unwrap_or_default();
    let paying = payment_methods::paying(&stripe.state(), &first, customer);
    let card = paying.map(|(_, card)| card);
    let rows: Vec<Value> = own.iter().map(|object| row(stripe, object)).collect();
    let values = json!({
        "rows": rows,
        "invoices": invoices(stripe, customer),
        "card": card.map(Card::number),
        "cards": cards(card.unwrap_or_default()),
        "return_url": session["return_url"],
        "problem": problem,
    });
    page(stripe, status, "portal.html", values)
}

fn row(stripe: &Stripe, object: &Value) -> Value {
    let item = data(&object["items"]).first().cloned().unwrap_or_default();
    let product = stripe.object(text(&item["price"]["product"]));
    let (_, end) = billing::period_of(object);
    let total = billing::total(&item["price"], number(&item["quantity"]));
    json!({
        "id": object["id"],
        "name": product.unwrap_or_default()["name"],
        "amount": amount(&json!(total), &object["currency"]),
        "interval": item["price"]["recurring"]["interval"],
        "status": object["status"],
        "ends": day(&object["cancel_at"]),
        "renews": day(&json!(end)),
    })
}

/// What was billed, newest first.
fn invoices(stripe: &Stripe, customer: &str) -> Vec<Value> {
    let all = stripe.objects("invoice").into_iter().rev();
    let own =
        all.filter(|invoice| invoice["customer"] == customer && number(&invoice["total"]) > 0);
    own.map(|invoice| {
        json!({
            "at": day(&invoice["created"]),
            "amount": amount(&invoice["total"], &invoice["currency"]),
            "status": invoice["status"],
            "url": invoice["hosted_invoice_url"],
        })
    })
    .collect()
}
