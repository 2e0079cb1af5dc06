//! What POST and DELETE do.

use axum::http::Method;
use serde_json::{Map, Value, json};

use super::{
    api::{Ask, find, unknown},
    billing,
    refusal::Refusal,
    selling::{refund, session},
    shapes,
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

pub(super) fn known(params: &Value, allowed: &[&str]) -> Result<(), Refusal> {
    let given = params.as_object().into_iter().flat_map(Map::keys);
    let mut strange = given.filter(|name| *name != "expand" && !allowed.contains(&name.as_str()));
    strange.next().map_or(Ok(()), |name| Err(unknown(name)))
}

pub(super) fn required<'a>(params: &'a Value, name: &str) -> Result<&'a str, Refusal> {
    params[name].as_str().ok_or_else(|| missing(name))
}

pub(super) fn missing(name: &str) -> Refusal {
    let message = format!("Missing required param: {name}.");
    Refusal::invalid("parameter_missing", message, name)
}

pub(super) fn number(params: &Value, name: &str) -> Result<i64, Refusal> {
    required(params, name)?.parse().map_err(|_| {
        Refusal::invalid(
            "parameter_invalid_integer",
            format!("Invalid integer: {name}"),
            name,
        )
    })
}

pub(super) fn metadata(params: &Value) -> Value {
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
