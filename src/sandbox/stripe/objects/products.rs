//! What is sold. <https://docs.stripe.com/api/products>

use serde_json::{Map, Value, json};

use crate::sandbox::stripe::{
    door::{Answer, Ask, Endpoint, Fields, Refusal},
    state::State,
};

const CREATE: &str = "active default_price_data[currency metadata[*] recurring[interval interval_count] \
    tax_behavior unit_amount unit_amount_decimal] description id images marketing_features[name] \
    metadata[*] name shippable statement_descriptor tax_code unit_label url";
const UPDATE: &str = "active default_price description images marketing_features[name] metadata[*] \
    name shippable statement_descriptor tax_code unit_label url";

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::list("products", "product", "active created[gt gte lt lte] ids"),
    Endpoint::retrieve("products/{}", "product"),
    Endpoint::post("products", "product", CREATE, create),
    Endpoint::post("products/{}", "product", UPDATE, update),
    Endpoint::delete("products/{}", "product", "", delete),
];

/// Puts a new product there. Returns its id.
pub(in super::super) fn product(state: &mut State, name: &str) -> String {
    let id = state.id("prod");
    let id = put(state, id, name);
    state.emit("product.created", &id);
    id
}

fn put(state: &mut State, id: String, name: &str) -> String {
    state.put(json!({
        "id": id, "object": "product", "active": true, "created": state.now,
        "default_price": null, "description": null, "images": [], "livemode": false,
        "marketing_features": [], "metadata": {}, "name": name, "package_dimensions": null,
        "shippable": null, "statement_descriptor": null, "tax_code": null, "type": "service",
        "unit_label": null, "updated": state.now, "url": null,
    }))
}

fn create(state: &mut State, ask: &Ask<'_>) -> Answer {
    let fields = &ask.fields;
    let name = fields.required("name")?;
    let changes = read(fields, &json!({}), state.now)?;
    let id = match fields.text("id") {
        Some(id) if !state.peek(id).is_null() => {
            let code = "resource_already_exists";
            return Err(Refusal::invalid(code, "Product already exists.", "id"));
        }
        Some(id) => id.to_owned(),
        None => state.id("prod"),
    };
    let price = match fields.has("default_price_data") {
        true => Some(super::price(state, &fields.at("default_price_data"), &id)?),
        false => None,
    };
    put(state, id.clone(), name);
    state.set(&id, Value::Object(changes));
    if let Some(price) = price {
        state.emit("price.created", &price);
        state.set(&id, json!({ "default_price": price }));
    }
    state.emit("product.created", &id);
    Ok(state.get(&id))
}

/// What has a price stays. <https://docs.stripe.com/api/products/delete>
fn delete(state: &mut State, ask: &Ask<'_>) -> Answer {
    state.find("product", ask.id)?;
    if state
        .of_kind("price")
        .any(|price| price["product"] == ask.id)
    {
        let message =
            "This product cannot be deleted because it has one or more user-created prices.";
        return Err(Refusal::unfit(message));
    }
    state.emit("product.deleted", ask.id);
    state.forget("product", |product| product["id"] == ask.id);
    Ok(json!({ "id": ask.id, "object": "product", "deleted": true }))
}

fn update(state: &mut State, ask: &Ask<'_>) -> Answer {
    let before = state.find("product", ask.id)?;
    if ask.fields.unsets("name") {
        return Err(Refusal::empty("name"));
    }
    let mut changes = read(&ask.fields, &before["metadata"], state.now)?;
    if ask.fields.has("default_price") {
        let price = state.referred("price", &ask.fields, "default_price")?;
        changes.insert("default_price".to_owned(), price["id"].clone());
    }
    state.set(ask.id, Value::Object(changes));
    state.emit_changed("product.updated", ask.id, &before);
    Ok(state.get(ask.id))
}

fn read(fields: &Fields<'_>, metadata: &Value, now: i64) -> Result<Map<String, Value>, Refusal> {
    let mut changes = Map::new();
    let plain = [
        "description",
        "images",
        "marketing_features",
        "name",
        "statement_descriptor",
        "tax_code",
        "unit_label",
        "url",
    ];
    fields.copy(&plain, &mut changes);
    for name in ["active", "shippable"] {
        if let Some(flag) = fields.flag(name)? {
            changes.insert(name.to_owned(), json!(flag));
        }
    }
    changes.insert("metadata".to_owned(), fields.metadata(metadata));
    changes.insert("updated".to_owned(), json!(now));
    Ok(changes)
}
