//! The hosted pages: Checkout, the Billing Portal, an invoice. Stand-ins for Stripe's own.

use axum::{
    extract::{Form, Path, State as Extract},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use serde_json::Value;

use super::{Card, Stripe, billing};
use crate::{money::Money, render::assets};

/// The cards a visitor can try, with what they do.
const CARDS: [(&str, &str); 4] = [
    ("4242 4242 4242 4242", "pays"),
    ("4000 0000 0000 0341", "pays now, fails at the renewal"),
    ("4000 0000 0000 0002", "is declined"),
    ("4000 0025 0000 3155", "asks you to confirm"),
];

#[derive(Debug, Deserialize)]
pub(super) struct Payment {
    #[serde(default)]
    email: String,
    #[serde(default)]
    name: String,
    card: String,
    /// `yes` or `no`, from the page that asks to confirm.
    confirmed: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Change {
    what: String,
}

/// `GET /checkout/{session}`
pub(super) async fn checkout(Extract(stripe): Extract<Stripe>, Path(id): Path<String>) -> Response {
    match stripe.object(&id) {
        Some(session) if session["status"] == "open" => form(&stripe, &session, None, "", ""),
        _ => (
            StatusCode::NOT_FOUND,
            page("Expired", "<p>This page has expired.</p>"),
        )
            .into_response(),
    }
}

/// `POST /checkout/{session}`
pub(super) async fn pay(
    Extract(stripe): Extract<Stripe>,
    Path(id): Path<String>,
    Form(payment): Form<Payment>,
) -> Response {
    let Some(session) = stripe.object(&id) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let email = match email_of(&stripe, &session) {
        Some(known) => known,
        None => payment.email.trim().to_owned(),
    };
    let name = payment.name.trim();
    let again = |problem: &str| {
        let form = form(&stripe, &session, Some(problem), &email, name);
        (StatusCode::UNPROCESSABLE_ENTITY, form).into_response()
    };
    if !email.contains('@') {
        return again("Please enter an e-mail address.");
    }
    let Some(card) = Card::by_number(&payment.card) else {
        return again("That is not one of the test cards.");
    };
    match (card, payment.confirmed.as_deref()) {
        (Card::Confirms, None) => return confirm(&payment, &email),
        (Card::Confirms, Some("no")) => {
            return again("Your bank did not confirm the payment. Nothing was charged.");
        }
        _ => {}
    }
    match stripe.complete_checkout(&id, card, &email, name) {
        Ok(success) => Redirect::to(&success).into_response(),
        Err(problem) => again(&problem),
    }
}

fn email_of(stripe: &Stripe, session: &Value) -> Option<String> {
    let customer = session["customer"]
        .as_str()
        .and_then(|id| stripe.object(id));
    let known = customer.and_then(|customer| customer["email"].as_str().map(str::to_owned));
    known.or_else(|| session["customer_email"].as_str().map(str::to_owned))
}

fn form(
    stripe: &Stripe,
    session: &Value,
    problem: Option<&str>,
    email: &str,
    name: &str,
) -> Response {
    let price = &session["line_items"]["data"][0]["price"];
    let product = price["product"].as_str().and_then(|id| stripe.object(id));
    let product = product.and_then(|product| product["name"].as_str().map(str::to_owned));
    let every = match price["recurring"]["interval"].as_str() {
        Some(interval) => format!(" <span class=\"quiet\">every {}</span>", escape(interval)),
        None => String::new(),
    };
    let problem = problem.map_or_else(String::new, |problem| {
        format!(
            "<div class=\"notice danger\" role=\"alert\"><p>{}</p></div>",
            escape(problem)
        )
    });
    let email = match email_of(stripe, session) {
        Some(known) => format!(
            "<input id=\"email\" name=\"email\" value=\"{}\" readonly>",
            escape(&known)
        ),
        None => format!(
            "<input id=\"email\" name=\"email\" type=\"email\" value=\"{}\" autocomplete=\"email\" required>",
            escape(email)
        ),
    };
    let cards: String = CARDS
        .iter()
        .enumerate()
        .map(|(index, (number, does))| {
            let checked = if index == 0 { " checked" } else { "" };
            format!(
                "<div class=\"check\"><input type=\"radio\" name=\"card\" id=\"card-{index}\" value=\"{number}\"{checked}><label for=\"card-{index}\">{number} <span class=\"quiet\">{does}</span></label></div>"
            )
        })
        .collect();
    let body = format!(
        "<p class=\"quiet\">{}</p><p class=\"price\">{}{every}</p>{problem}\
         <form class=\"form\" method=\"post\">\
         <div class=\"field\"><label for=\"email\">E-mail</label>{email}</div>\
         <div class=\"field\"><label for=\"name\">Name on card</label><input id=\"name\" name=\"name\" value=\"{}\" autocomplete=\"name\"></div>\
         <fieldset class=\"stack\"><legend>Test card</legend>{cards}</fieldset>\
         <div class=\"row\"><button>Pay</button><a href=\"{}\">Cancel</a></div></form>",
        escape(&product.unwrap_or_default()),
        amount(&session["amount_total"], &session["currency"]),
        escape(name),
        escape(session["cancel_url"].as_str().unwrap_or_default()),
    );
    page("Checkout", &body).into_response()
}

fn confirm(payment: &Payment, email: &str) -> Response {
    let body = format!(
        "<p>Your bank wants to know that it is you.</p><form class=\"form\" method=\"post\">\
         <input type=\"hidden\" name=\"email\" value=\"{}\"><input type=\"hidden\" name=\"name\" value=\"{}\">\
         <input type=\"hidden\" name=\"card\" value=\"{}\">\
         <div class=\"row\"><button name=\"confirmed\" value=\"yes\">Complete</button>\
         <button class=\"button-quiet\" name=\"confirmed\" value=\"no\">Fail</button></div></form>",
        escape(email),
        escape(&payment.name),
        escape(&payment.card),
    );
    page("Confirm the payment", &body).into_response()
}

/// `GET /portal/{session}`
pub(super) async fn portal(Extract(stripe): Extract<Stripe>, Path(id): Path<String>) -> Response {
    let Some(session) = stripe.object(&id) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let subscriptions = stripe.objects("subscription").into_iter();
    let own = subscriptions.filter(|object| object["customer"] == session["customer"]);
    let rows: String = own
        .map(|object| {
            let price = &object["items"]["data"][0]["price"];
            let status = object["status"].as_str().unwrap_or_default();
            let status = if object["cancel_at"].is_null() {
                status
            } else {
                "ends soon"
            };
            format!(
                "<li>{} · {}</li>",
                amount(&price["unit_amount"], &price["currency"]),
                escape(status)
            )
        })
        .collect();
    let body = format!(
        "<ul>{rows}</ul><form class=\"form\" method=\"post\">\
         <div class=\"row\"><button name=\"what\" value=\"good\">Use a card that pays</button>\
         <button class=\"button-quiet\" name=\"what\" value=\"failing\">Use a card that fails at the renewal</button></div>\
         <div class=\"row\"><button class=\"button-quiet\" name=\"what\" value=\"cancel\">Cancel at the end of the period</button>\
         <button class=\"button-quiet\" name=\"what\" value=\"resume\">Go on</button></div></form>\
         <p><a href=\"{}\">Back</a></p>",
        escape(session["return_url"].as_str().unwrap_or("/"))
    );
    page("Billing", &body).into_response()
}

/// `POST /portal/{session}`
pub(super) async fn change(
    Extract(stripe): Extract<Stripe>,
    Path(id): Path<String>,
    Form(change): Form<Change>,
) -> Response {
    let Some(session) = stripe.object(&id) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let customer = session["customer"].as_str().unwrap_or_default();
    let subscriptions = stripe.objects("subscription").into_iter();
    let own: Vec<Value> = subscriptions
        .filter(|object| object["customer"] == customer && object["status"] != "canceled")
        .collect();
    match change.what.as_str() {
        "good" => {
            stripe.set_card(customer, Card::Good);
            for object in own.iter().filter(|object| object["status"] == "past_due") {
                stripe.pay_open_invoice(object["id"].as_str().unwrap_or_default());
            }
        }
        "failing" => stripe.set_card(customer, Card::FailsLater),
        what => {
            for object in &own {
                stripe.book_end(object["id"].as_str().unwrap_or_default(), what == "cancel");
            }
        }
    }
    let back = session["return_url"].as_str().unwrap_or("/");
    Redirect::to(back).into_response()
}

impl Stripe {
    /// Books the end of a subscription at the end of its period, or takes that back.
    pub fn book_end(&self, subscription: &str, ends: bool) {
        let now = self.now();
        let mut state = self.state();
        let object = state.get(subscription);
        let end = object["items"]["data"][0]["current_period_end"].clone();
        let fields = match ends {
            true => {
                serde_json::json!({ "cancel_at_period_end": true, "cancel_at": end, "canceled_at": now })
            }
            false => {
                serde_json::json!({ "cancel_at_period_end": false, "cancel_at": null, "canceled_at": null })
            }
        };
        state.set(subscription, fields);
        state.emit(now, "customer.subscription.updated", subscription);
        drop(state);
        self.changed();
    }

    /// Lets the current period of a subscription end now.
    pub fn renew_now(&self, subscription: &str) {
        let now = self.now();
        billing::renew(&mut self.state(), now, subscription);
        self.changed();
    }
}

/// `GET /invoice/{id}`
pub(super) async fn invoice(Extract(stripe): Extract<Stripe>, Path(id): Path<String>) -> Response {
    let Some(invoice) = stripe.object(&id) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let body = format!(
        "<p class=\"price\">{}</p><p>{}</p>",
        amount(&invoice["total"], &invoice["currency"]),
        escape(invoice["status"].as_str().unwrap_or_default())
    );
    page("Invoice", &body).into_response()
}

fn amount(minor: &Value, currency: &Value) -> String {
    let currency = currency.as_str().unwrap_or("eur");
    escape(&Money::new(minor.as_i64().unwrap_or_default(), currency).format("en"))
}

fn page(title: &str, body: &str) -> Html<String> {
    let css = assets::url("plaudit.css").unwrap_or_default();
    let icon = assets::url("icon.svg").unwrap_or_default();
    Html(format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title>\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <link rel=\"icon\" href=\"{icon}\" type=\"image/svg+xml\">\
         <link rel=\"stylesheet\" href=\"{css}\"></head><body><header class=\"site-header\">\
         <span class=\"site-name\">Simulated Stripe</span></header><main id=\"main\" class=\"stack\">\
         <h1>{title}</h1>{body}</main><footer class=\"site-footer\"><p>No money moves here.</p>\
         </footer></body></html>"
    ))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
