//! What happens when somebody pays on the hosted page.

use serde_json::{Value, json};

use super::{
    billing::{self, Payment, Start},
    cards::Card,
    objects::{customers, payment_methods, session_discounts},
    state::{State, number, text},
};

/// Who pays, as she says.
#[derive(Clone, Copy, Debug)]
pub(super) struct Payer<'a> {
    pub email: &'a str,
    pub name: &'a str,
    pub card: Card,
}

/// Completes a session. Returns where the payer is sent; the error is Stripe's sentence to her.
pub(super) fn complete(state: &mut State, id: &str, payer: Payer<'_>) -> Result<String, String> {
    let session = state.get(id);
    if session["status"] != "open" {
        return Err("This page has expired. Nothing was charged.".to_owned());
    }
    if payer.card == Card::Declined {
        return Err("Your card was declined. Nothing was charged.".to_owned());
    }
    if let Some(words) = session_discounts::refusal(state, id) {
        return Err(format!("{words} Nothing was charged."));
    }
    let customer = customer(state, &session, payer);
    state.set(id, json!({ "customer": customer }));
    let paid = match session["mode"] == "subscription" {
        true => subscribe(state, id, customer.as_deref().unwrap_or_default(), payer),
        false => give_once(state, &session, customer.as_deref(), payer),
    };
    state.set(id, paid);
    state.set(
        id,
        json!({
            "status": "complete", "url": null,
            "customer_details": {
                "address": null, "business_name": null, "email": payer.email,
                "individual_name": null, "name": payer.name, "phone": null,
                "tax_exempt": "none", "tax_ids": [],
            },
        }),
    );
    state.emit("checkout.session.completed", id);
    let success = text(&session["success_url"]);
    Ok(success.replace("{CHECKOUT_SESSION_ID}", id))
}

/// The session's customer, or a new one where the session makes one.
fn customer(state: &mut State, session: &Value, payer: Payer<'_>) -> Option<String> {
    let Some(id) = session["customer"].as_str() else {
        if session["customer_creation"] != "always" {
            return None;
        }
        let id = customers::add(state, json!(payer.email), json!(payer.name));
        state.emit("customer.created", &id);
        return Some(id);
    };
    let before = state.get(id);
    if before["email"].is_null() {
        state.set(id, json!({ "email": payer.email }));
    }
    if *state.note(text(&session["id"]), "updates_name") == true {
        state.set(id, json!({ "name": payer.name }));
    }
    state.emit_changed("customer.updated", id, &before);
    Some(id.to_owned())
}

fn subscribe(state: &mut State, session: &str, customer: &str, payer: Payer<'_>) -> Value {
    let method = payment_methods::attach(state, customer, payer.card);
    let data = state.note(session, "subscription_data").clone();
    let items = state.note(session, "line_items").as_array().cloned();
    let items = items.unwrap_or_default().into_iter();
    let trial_end = data["trial_seconds"].as_i64();
    let start = Start {
        customer,
        prices: items
            .map(|item| (item["price"].clone(), number(&item["quantity"])))
            .collect(),
        metadata: data["metadata"].clone(),
        description: data["description"].as_str(),
        trial_end: trial_end.map(|length| state.now + length),
        payment_method: Some(method),
        is_present: true,
        waits: false,
        direction: data["direction"].clone(),
        discounts: session_discounts::of(state, session),
    };
    let subscription = billing::start(state, &start);
    let invoice = state.text(&subscription, "latest_invoice");
    let object = state.peek(&invoice);
    let status = match (number(&object["amount_due"]), text(&object["status"])) {
        (0, _) => "no_payment_required",
        (_, "paid") => "paid",
        _ => "unpaid",
    };
    json!({ "subscription": subscription, "invoice": invoice, "payment_status": status })
}

fn give_once(
    state: &mut State,
    session: &Value,
    customer: Option<&str>,
    payer: Payer<'_>,
) -> Value {
    for redeemed in session_discounts::of(state, text(&session["id"])) {
        billing::redeem::count(state, &redeemed);
    }
    if session["amount_total"] == 0 {
        return json!({ "payment_status": "no_payment_required" });
    }
    let data = state
        .note(text(&session["id"]), "payment_intent_data")
        .clone();
    let payment = Payment {
        customer,
        amount: number(&session["amount_total"]),
        currency: &session["currency"],
        metadata: data["metadata"].clone(),
        description: data["description"].as_str(),
        email: payer.email,
        card: payer.card,
        direction: data["direction"].clone(),
    };
    let intent = billing::pay(state, &payment);
    let status = match payer.card.is_bank() {
        true => "unpaid",
        false => "paid",
    };
    json!({ "payment_intent": intent, "payment_status": status })
}
