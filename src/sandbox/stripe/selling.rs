//! Opening a Checkout Session, and giving money back.

use serde_json::{Value, json};

use super::{
    api::{Ask, find},
    create::{known, metadata, missing, number, required},
    payment_shapes,
    refusal::Refusal,
    shapes,
    state::State,
};

const SESSION: &[&str] = &[
    "mode",
    "line_items",
    "success_url",
    "cancel_url",
    "customer",
    "customer_email",
    "client_reference_id",
    "metadata",
    "subscription_data",
    "payment_intent_data",
    "locale",
    "allow_promotion_codes",
    "expires_at",
    "customer_creation",
    "submit_type",
    "billing_address_collection",
    "customer_update",
    "payment_method_types",
];

pub(super) fn session(state: &mut State, ask: &Ask<'_>) -> Result<Value, Refusal> {
    let (params, now) = (ask.params, ask.now);
    known(params, SESSION)?;
    let mode = required(params, "mode")?;
    if let Some(customer) = params["customer"].as_str() {
        find(state, "customer", customer)?;
    }
    let item = &params["line_items"][0];
    let price = match item["price"].as_str() {
        Some(id) => find(state, "price", id)?,
        None => {
            let data = &item["price_data"];
            let product = state.id("prod");
            let name = data["product_data"]["name"].as_str().unwrap_or("Item");
            state.put(shapes::product(&product, now, name, Value::Null, json!({})));
            let id = state.id("price");
            let amount = number(data, "unit_amount")?;
            let currency = required(data, "currency")?.to_lowercase();
            let recurring = Value::Null;
            let price = shapes::price(&id, now, &product, amount, &currency, recurring, json!({}));
            state.put(price.clone());
            price
        }
    };
    if (mode == "subscription") == price["recurring"].is_null() {
        let message = "The price does not fit the mode of the session";
        return Err(Refusal::invalid("price_mode_mismatch", message, "mode"));
    }
    let amount = price["unit_amount"].as_i64().unwrap_or_default();
    let currency = price["currency"].as_str().unwrap_or_default();
    let id = state.id("cs_test");
    let mut session = shapes::session(&id, now, mode, amount, currency);
    let line = json!([{
        "id": format!("li_{id}"), "object": "item", "amount_subtotal": amount,
        "amount_total": amount, "currency": currency, "price": price, "quantity": 1,
    }]);
    session["line_items"] = shapes::list(line, &format!("/v1/checkout/sessions/{id}/line_items"));
    session["url"] = json!(format!("{}/checkout/{id}", ask.base_url));
    session["metadata"] = metadata(params);
    session["sandbox"] = json!({
        "subscription": params["subscription_data"],
        "payment": params["payment_intent_data"],
    });
    for name in [
        "success_url",
        "cancel_url",
        "customer",
        "customer_email",
        "client_reference_id",
        "locale",
    ] {
        session[name] = params[name].clone();
    }
    state.put(session);
    Ok(state.get(&id))
}

pub(super) fn refund(state: &mut State, ask: &Ask<'_>) -> Result<Value, Refusal> {
    let params = ask.params;
    known(
        params,
        &["payment_intent", "charge", "amount", "reason", "metadata"],
    )?;
    let charge = match (params["charge"].as_str(), params["payment_intent"].as_str()) {
        (Some(id), _) => id.to_owned(),
        (None, Some(intent)) => state.text(intent, "latest_charge"),
        (None, None) => return Err(missing("payment_intent")),
    };
    let object = find(state, "charge", &charge)?;
    let total = object["amount"].as_i64().unwrap_or_default();
    let before = object["amount_refunded"].as_i64().unwrap_or_default();
    let amount = match params["amount"] {
        Value::Null => total - before,
        _ => number(params, "amount")?,
    };
    if amount <= 0 || before + amount > total {
        let message = "Refund amount is greater than unrefunded amount on charge";
        return Err(Refusal::invalid(
            "charge_already_refunded",
            message,
            "amount",
        ));
    }
    let id = state.id("re");
    let reason = params["reason"].clone();
    state.put(payment_shapes::refund(
        &id, ask.now, &object, amount, reason,
    ));
    let refunded = before + amount;
    let fields = json!({ "amount_refunded": refunded, "refunded": refunded == total });
    state.set(&charge, fields);
    state.emit(ask.now, "refund.created", &id);
    state.emit(ask.now, "charge.refunded", &charge);
    Ok(state.get(&id))
}
