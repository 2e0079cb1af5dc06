//! What happens when somebody pays on the hosted page.

use serde_json::{Value, json};

use super::{
    billing::{self, Start},
    shapes,
    state::{Card, State},
};

/// Completes a session. Returns where the payer is sent; the error is Stripe's sentence to her.
pub(super) fn complete(
    state: &mut State,
    now: i64,
    id: &str,
    card: Card,
    email: &str,
    name: &str,
) -> Result<String, String> {
    let session = state.get(id);
    if session["status"] != "open" {
        return Err("This page has expired. Nothing was charged.".to_owned());
    }
    if card == Card::Declined {
        return Err("Your card was declined. Nothing was charged.".to_owned());
    }
    let is_subscription = session["mode"] == "subscription";
    let customer = match session["customer"].as_str() {
        Some(customer) => Some(customer.to_owned()),
        None if is_subscription => {
            let customer = state.id("cus");
            let (email, name) = (json!(email), json!(name));
            state.put(shapes::customer(&customer, now, email, name, json!({})));
            state.emit(now, "customer.created", &customer);
            Some(customer)
        }
        None => None,
    };
    if let Some(customer) = &customer {
        state.cards.insert(customer.clone(), card);
    }
    let paid = if is_subscription {
        subscribe(
            state,
            now,
            &session,
            customer.as_deref().unwrap_or_default(),
        )
    } else {
        let metadata = session["sandbox"]["payment"]["metadata"].clone();
        let amount = session["amount_total"].as_i64().unwrap_or_default();
        let payer = json!(customer);
        let intent = billing::charge(state, now, &payer, amount, &session["currency"], metadata);
        json!({ "payment_intent": intent, "payment_status": "paid" })
    };
    state.set(id, paid);
    state.set(
        id,
        json!({
            "status": "complete", "url": null, "customer": customer,
            "customer_details": {
                "address": null, "business_name": null, "email": email,
                "individual_name": null, "name": name, "phone": null, "tax_exempt": "none",
                "tax_ids": [],
            },
        }),
    );
    state.emit(now, "checkout.session.completed", id);
    let success = session["success_url"].as_str().unwrap_or_default();
    Ok(success.replace("{CHECKOUT_SESSION_ID}", id))
}

fn subscribe(state: &mut State, now: i64, session: &Value, customer: &str) -> Value {
    let data = &session["sandbox"]["subscription"];
    let trial = data["trial_period_days"].as_str();
    let trial_days = trial.and_then(|days| days.parse().ok()).unwrap_or(0);
    let page = session["url"].as_str().unwrap_or_default();
    let base = page.split("/checkout/").next().unwrap_or_default();
    let start = Start {
        customer,
        price: &session["line_items"]["data"][0]["price"],
        metadata: match &data["metadata"] {
            Value::Null => json!({}),
            metadata => metadata.clone(),
        },
        trial_days,
        base_url: base.to_owned(),
    };
    let subscription = billing::start(state, now, &start);
    let invoice = state.text(&subscription, "latest_invoice");
    let status = if trial_days > 0 {
        "no_payment_required"
    } else {
        "paid"
    };
    json!({ "subscription": subscription, "invoice": invoice, "payment_status": status })
}
