//! `/invoice/{id}`: an invoice, with a way to pay it while it is open; and the receipt of a charge.

use axum::{
    extract::{Form, State as Extract},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{amount, cards, day, page, unknown};
use crate::sandbox::stripe::{
    Card, Stripe,
    state::{data, number, text},
};
use crate::web::Path;

/// What the customer typed.
#[derive(Debug, Deserialize)]
pub(in super::super) struct Typed {
    #[serde(default)]
    card: String,
    /// `yes` or `no`, from the page that asks to confirm.
    confirmed: Option<String>,
}

/// `GET /invoice/{id}`, and `GET /invoice/{id}/print` where Stripe has a PDF.
pub(in super::super) async fn show(
    Extract(stripe): Extract<Stripe>,
    Path(id): Path<String>,
) -> Response {
    match invoice(&stripe, &id) {
        Some(invoice) => draw(&stripe, &invoice, StatusCode::OK, ""),
        None => unknown(&stripe),
    }
}

/// `POST /invoice/{id}`
pub(in super::super) async fn pay(
    Extract(stripe): Extract<Stripe>,
    Path(id): Path<String>,
    Form(typed): Form<Typed>,
) -> Response {
    let Some(invoice) = invoice(&stripe, &id) else {
        return unknown(&stripe);
    };
    let refused = StatusCode::UNPROCESSABLE_ENTITY;
    let again = |problem: &str| draw(&stripe, &invoice, refused, problem);
    let Some(card) = Card::by_number(&typed.card) else {
        return again("Please choose one of the test cards.");
    };
    match typed.confirmed.as_deref() {
        _ if card == Card::Declined => {
            return again("Your card was declined. Nothing was charged.");
        }
        None if card.asks() => {
            let values = json!({ "fields": [["card", typed.card]] });
            return page(&stripe, StatusCode::OK, "confirm.html", values);
        }
        Some("no") => return again("Your bank did not confirm the payment. Nothing was charged."),
        _ => {}
    }
    if takes_money(&stripe, &invoice) {
        stripe.set_card(text(&invoice["customer"]), card);
        stripe.pay_invoice(&id);
    }
    Redirect::to(text(&invoice["hosted_invoice_url"])).into_response()
}

/// `GET /receipt/{charge}`
pub(in super::super) async fn receipt(
    Extract(stripe): Extract<Stripe>,
    Path(id): Path<String>,
) -> Response {
    let charge = stripe.object(&id).unwrap_or_default();
    if charge["object"] != "charge" {
        return unknown(&stripe);
    }
    let total = amount(&charge["amount"], &charge["currency"]);
    let values = json!({
        "title": "Receipt",
        "number": charge["id"],
        "total": total,
        "status": charge["status"],
        "at": day(&charge["created"]),
        "lines": [{ "name": charge["description"], "amount": total }],
        "discount": null,
        "cards": [],
        "problem": "",
    });
    page(&stripe, StatusCode::OK, "invoice.html", values)
}

fn invoice(stripe: &Stripe, id: &str) -> Option<Value> {
    let object = stripe.object(id);
    object.filter(|object| object["object"] == "invoice" && object["status"] != "draft")
}

/// Whether it is open, and no debit for it is on its way.
fn takes_money(stripe: &Stripe, invoice: &Value) -> bool {
    invoice["status"] == "open" && !is_on_its_way(stripe, invoice)
}

fn is_on_its_way(stripe: &Stripe, invoice: &Value) -> bool {
    let state = stripe.state();
    let intent = text(state.note(text(&invoice["id"]), "intent"));
    invoice["status"] == "open" && state.peek(intent)["status"] == "processing"
}

fn draw(stripe: &Stripe, invoice: &Value, status: StatusCode, problem: &str) -> Response {
    let currency = &invoice["currency"];
    let lines = data(&invoice["lines"]).iter();
    let lines = lines.map(
        |line| json!({ "name": line["description"], "amount": amount(&line["amount"], currency) }),
    );
    let off = invoice["total_discount_amounts"]
        .as_array()
        .into_iter()
        .flatten();
    let off: i64 = off.map(|part| number(&part["amount"])).sum();
    let discount = (off > 0).then(|| amount(&json!(off), currency));
    let cards = match takes_money(stripe, invoice) {
        true => cards(Card::Good),
        false => json!([]),
    };
    let values = json!({
        "title": "Invoice",
        "number": invoice["number"],
        "total": amount(&invoice["amount_due"], currency),
        "status": if is_on_its_way(stripe, invoice) { json!("processing") } else { invoice["status"].clone() },
        "at": day(&invoice["created"]),
        "lines": lines.collect::<Vec<_>>(),
        "discount": discount,
        "cards": cards,
        "problem": problem,
    });
    page(stripe, status, "invoice.html", values)
}
