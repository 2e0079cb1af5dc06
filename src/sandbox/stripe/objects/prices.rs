//! What it costs. <https://docs.stripe.com/api/prices>

use serde_json::{Value, json};

use crate::sandbox::stripe::{
    door::{Answer, Ask, Endpoint, Fields, Refusal},
    state::{State, text},
};

const CREATE: &str = "active currency lookup_key metadata[*] nickname product \
    product_data[metadata[*] name] recurring[interval interval_count usage_type] tax_behavior \
    transfer_lookup_key unit_amount unit_amount_decimal";
const UPDATE: &str = "active lookup_key metadata[*] nickname tax_behavior transfer_lookup_key";
const LIST: &str = "active created[gt gte lt lte] currency lookup_keys product \
    recurring[interval usage_type] type";
/// The longest a period may be: three years.
const LONGEST: [(&str, i64); 4] = [("day", 1095), ("week", 156), ("month", 36), ("year", 3)];

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::list("prices", "price", LIST),
    Endpoint::retrieve("prices/{}", "price"),
    Endpoint::post("prices", "price", CREATE, create),
    Endpoint::post("prices/{}", "price", UPDATE, update),
];

/// Reads a price of `product` out of `fields` (a request's or a session's `price_data`) and puts it
/// there. Returns its id.
pub(in super::super) fn price(
    state: &mut State,
    fields: &Fields<'_>,
    product: &str,
) -> Result<String, Refusal> {
    let currency = fields.currency()?;
    let amount = amount(fields)?;
    let recurring = match fields.has("recurring") {
        true => recurring(&fields.at("recurring"))?,
        false => Value::Null,
    };
    let kind = match recurring.is_null() {
        true => "one_time",
        false => "recurring",
    };
    let id = state.id("price");
    Ok(state.put(json!({
        "id": id, "object": "price", "active": fields.flag("active")?.unwrap_or(true),
        "billing_scheme": "per_unit", "created": state.now, "currency": currency,
        "custom_unit_amount": null, "livemode": false,
        "lookup_key": fields.text("lookup_key"), "metadata": fields.metadata(&json!({})),
        "nickname": fields.text("nickname"), "product": product, "recurring": recurring,
        "tax_behavior": fields.text("tax_behavior").unwrap_or("unspecified"),
        "tiers_mode": null, "transform_quantity": null, "type": kind, "unit_amount": amount,
        "unit_amount_decimal": amount.to_string(),
    })))
}

fn amount(fields: &Fields<'_>) -> Result<i64, Refusal> {
    match fields.amount("unit_amount")? {
        Some(amount) => Ok(amount),
        None if fields.has("unit_amount_decimal") => {
            let amount = fields.amount("unit_amount_decimal")?;
            amount.ok_or_else(|| Refusal::required(&fields.param("unit_amount_decimal")))
        }
        None => Err(Refusal::required(&fields.param("unit_amount"))),
    }
}

fn recurring(fields: &Fields<'_>) -> Answer {
    let interval = fields.required("interval")?;
    fields.one_of("interval", &LONGEST.map(|(name, _)| name))?;
    let count = fields.integer("interval_count")?.unwrap_or(1);
    let longest = LONGEST.iter().find(|(name, _)| *name == interval);
    if count < 1 || longest.is_some_and(|(_, longest)| count > *longest) {
        let message = format!("Invalid interval_count: {count}");
        return Err(Refusal::bad(message, &fields.param("interval_count")));
    }
    fields.one_of("usage_type", &["licensed"])?;
    Ok(json!({
        "interval": interval, "interval_count": count, "meter": null,
        "trial_period_days": null, "usage_type": "licensed",
    }))
}

/// A key is one price's; it moves to another where the request wants that.
fn key(state: &mut State, fields: &Fields<'_>, own: &str) -> Result<(), Refusal> {
    let Some(key) = fields.text("lookup_key") else {
        return Ok(());
    };
    let other = state
        .of_kind("price")
        .find(|price| price["lookup_key"] == key && price["id"] != own)
        .map(|price| text(&price["id"]).to_owned());
    let Some(other) = other else {
        return Ok(());
    };
    if fields.flag("transfer_lookup_key")? != Some(true) {
        let message = format!("A price (`{other}`) already uses that lookup key.");
        return Err(Refusal::bad(message, "lookup_key"));
    }
    let before = state.get(&other);
    state.set(&other, json!({ "lookup_key": null }));
    state.emit_changed("price.updated", &other, &before);
    Ok(())
}

fn create(state: &mut State, ask: &Ask<'_>) -> Answer {
    let fields = &ask.fields;
    key(state, fields, "")?;
    let product = match fields.has("product_data") {
        true => super::product(state, fields.at("product_data").required("name")?),
        false => {
            let product = state.referred("product", fields, "product")?;
            product["id"].as_str().unwrap_or_default().to_owned()
        }
    };
    let id = price(state, fields, &product)?;
    state.emit("price.created", &id);
    Ok(state.get(&id))
}

/// Amount, currency and period of a price never change.
fn update(state: &mut State, ask: &Ask<'_>) -> Answer {
    let before = state.find("price", ask.id)?;
    key(state, &ask.fields, ask.id)?;
    let mut object = before.clone();
    if let (Some(active), Some(object)) = (ask.fields.flag("active")?, object.as_object_mut()) {
        object.insert("active".to_owned(), json!(active));
    }
    if let Some(object) = object.as_object_mut() {
        let plain = ["lookup_key", "nickname", "tax_behavior"];
        ask.fields.copy(&plain, object);
    }
    object["metadata"] = ask.fields.metadata(&before["metadata"]);
    state.put(object);
    state.emit_changed("price.updated", ask.id, &before);
    Ok(state.get(ask.id))
}
