//! What POST and DELETE do.

use axum::http::Method;
use serde_json::{Map, Value, json};

use super::{
    api::{Ask, Refusal, find, unknown},
    billing, shapes,
    state::State,
};

/// The parameters each endpoint takes, as far as they are simulated.
const CUSTOMER: &[&str] = &[
    "email",
    "name",
    "metadata",
    "description",
    "preferred_locales",
    "phone",
    "address",
];
const PRODUCT: &[&str] = &["name", "description", "metadata", "active"];
const PRICE: &[&str] = &[
    "currency",
    "product",
    "unit_amount",
    "recurring",
    "metadata",
    "active",
    "nickname",
    "lookup_key",
];
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
const SUBSCRIPTION: &[&str] = &[
    "cancel_at_period_end",
    "cancel_at",
    "metadata",
    "items",
    "proration_behavior",
    "pause_collection",
    "cancellation_details",
];

pub(super) fn write(state: &mut State, ask: &Ask<'_>) -> Result<Value, Refusal> {
    let (params, now) = (ask.params, ask.now);
    let is_delete = *ask.method == Method::DELETE;
    match ask.path {
        ["customers"] => {
            known(params, CUSTOMER)?;
            let id = state.id("cus");
            let customer = shapes::customer(
                &id,
                now,
                params["email"].clone(),
                params["name"].clone(),
                metadata(params),
            );
            state.put(customer);
            state.emit(now, "customer.created", &id);
            Ok(state.get(&id))
        }
        ["customers", id] if is_delete => {
            find(state, "customer", id)?;
            state.objects.remove(*id);
            Ok(json!({ "id": id, "object": "customer", "deleted": true }))
        }
        ["customers", id] => update(state, ask, "customer", id, CUSTOMER),
        ["products"] => {
            known(params, PRODUCT)?;
            let name = required(params, "name")?;
            let id = state.id("prod");
            let words = params["description"].clone();
            state.put(shapes::product(&id, now, name, words, metadata(params)));
            Ok(state.get(&id))
        }
        ["products", id] => update(state, ask, "product", id, PRODUCT),
        ["prices"] => price(state, ask),
        ["prices", id] => update(state, ask, "price", id, PRICE),
        ["checkout", "sessions"] => session(state, ask),
        ["checkout", "sessions", id, "expire"] => {
            find(state, "checkout.session", id)?;
            state.set(id, json!({ "status": "expired", "url": null }));
            state.emit(now, "checkout.session.expired", id);
            Ok(state.get(id))
        }
        ["subscriptions", id] if is_delete => {
            find(state, "subscription", id)?;
            billing::cancel_now(state, now, id);
            Ok(state.get(id))
        }
        ["subscriptions", id] => subscription(state, ask, id),
        ["billing_portal", "sessions"] => portal(state, ask),
        ["refunds"] => refund(state, ask),
        path => Err(Refusal {
            status: 404,
            code: "url_invalid",
            message: format!("Unrecognized request URL (/v1/{})", path.join("/")),
            param: None,
        }),
    }
}

fn price(state: &mut State, ask: &Ask<'_>) -> Result<Value, Refusal> {
    let params = ask.params;
    known(params, PRICE)?;
    let product = required(params, "product")?;
    find(state, "product", product)?;
    let currency = required(params, "currency")?.to_lowercase();
    let amount = number(params, "unit_amount")?;
    let recurring = match params["recurring"]["interval"].as_str() {
        Some(interval) => json!({
            "interval": interval, "interval_count": 1, "meter": null,
            "trial_period_days": null, "usage_type": "licensed",
        }),
        None => Value::Null,
    };
    let id = state.id("price");
    let meta = metadata(params);
    state.put(shapes::price(
        &id, ask.now, product, amount, &currency, recurring, meta,
    ));
    Ok(state.get(&id))
}

fn session(state: &mut State, ask: &Ask<'_>) -> Result<Value, Refusal> {
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

fn subscription(state: &mut State, ask: &Ask<'_>, id: &str) -> Result<Value, Refusal> {
    let params = ask.params;
    known(params, SUBSCRIPTION)?;
    let mut object = find(state, "subscription", id)?;
    if object["status"] == "canceled" {
        let message = "A canceled subscription can only update its cancellation_details";
        return Err(Refusal::invalid(
            "invalid_canceled_subscription_fields",
            message,
            "id",
        ));
    }
    let end = object["items"]["data"][0]["current_period_end"].clone();
    match params["cancel_at_period_end"].as_str() {
        Some("true") => {
            object["cancel_at_period_end"] = json!(true);
            object["cancel_at"] = end;
            object["canceled_at"] = json!(ask.now);
        }
        Some(_) => {
            object["cancel_at_period_end"] = json!(false);
            object["cancel_at"] = Value::Null;
            object["canceled_at"] = Value::Null;
        }
        None => {}
    }
    if let Some(at) = params["cancel_at"].as_str() {
        object["cancel_at"] = at.parse::<i64>().map_or(Value::Null, Value::from);
    }
    if let Some(price) = params["items"][0]["price"].as_str() {
        object["items"]["data"][0]["price"] = find(state, "price", price)?;
    }
    if let Some(behavior) = params["pause_collection"]["behavior"].as_str() {
        object["pause_collection"] = json!({ "behavior": behavior, "resumes_at": null });
    }
    merge_metadata(&mut object, params);
    state.put(object);
    state.emit(ask.now, "customer.subscription.updated", id);
    Ok(state.get(id))
}

fn portal(state: &mut State, ask: &Ask<'_>) -> Result<Value, Refusal> {
    known(
        ask.params,
        &[
            "customer",
            "return_url",
            "flow_data",
            "locale",
            "configuration",
        ],
    )?;
    let customer = required(ask.params, "customer")?;
    find(state, "customer", customer)?;
    let id = state.id("bps");
    let session = json!({
        "id": id, "object": "billing_portal.session", "configuration": "bpc_sandbox",
        "created": ask.now, "customer": customer, "customer_account": null, "flow": null,
        "livemode": false, "locale": null, "on_behalf_of": null,
        "return_url": ask.params["return_url"],
        "url": format!("{}/portal/{id}", ask.base_url),
    });
    state.put(session);
    Ok(state.get(&id))
}

fn refund(state: &mut State, ask: &Ask<'_>) -> Result<Value, Refusal> {
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
    state.put(shapes::refund(&id, ask.now, &object, amount, reason));
    let refunded = before + amount;
    let fields = json!({ "amount_refunded": refunded, "refunded": refunded == total });
    state.set(&charge, fields);
    state.emit(ask.now, "refund.created", &id);
    state.emit(ask.now, "charge.refunded", &charge);
    Ok(state.get(&id))
}

fn update(
    state: &mut State,
    ask: &Ask<'_>,
    kind: &str,
    id: &str,
    allowed: &[&str],
) -> Result<Value, Refusal> {
    known(ask.params, allowed)?;
    let mut object = find(state, kind, id)?;
    for (name, value) in ask.params.as_object().cloned().unwrap_or_default() {
        match (name.as_str(), value.as_str()) {
            ("metadata" | "expand", _) => {}
            ("active", Some(text)) => object["active"] = json!(text == "true"),
            (name, _) => object[name] = value,
        }
    }
    merge_metadata(&mut object, ask.params);
    state.put(object);
    state.emit(ask.now, &format!("{kind}.updated"), id);
    Ok(state.get(id))
}

fn known(params: &Value, allowed: &[&str]) -> Result<(), Refusal> {
    let given = params.as_object().into_iter().flat_map(Map::keys);
    let mut strange = given.filter(|name| *name != "expand" && !allowed.contains(&name.as_str()));
    strange.next().map_or(Ok(()), |name| Err(unknown(name)))
}

fn required<'a>(params: &'a Value, name: &str) -> Result<&'a str, Refusal> {
    params[name].as_str().ok_or_else(|| missing(name))
}

fn missing(name: &str) -> Refusal {
    let message = format!("Missing required param: {name}.");
    Refusal::invalid("parameter_missing", message, name)
}

fn number(params: &Value, name: &str) -> Result<i64, Refusal> {
    required(params, name)?.parse().map_err(|_| {
        Refusal::invalid(
            "parameter_invalid_integer",
            format!("Invalid integer: {name}"),
            name,
        )
    })
}

fn metadata(params: &Value) -> Value {
    params["metadata"]
        .as_object()
        .cloned()
        .map_or(json!({}), Value::Object)
}

fn merge_metadata(object: &mut Value, params: &Value) {
    for (name, value) in params["metadata"].as_object().into_iter().flatten() {
        object["metadata"][name] = value.clone();
    }
}
