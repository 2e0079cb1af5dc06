//! What is sold. <https://docs.stripe.com/api/products>

use serde_json::{Map, Value, json};

use crate::sandbox::stripe::{
    door::{Answer, Ask, Endpoint, Fields, Refusal},
    state::State,
};

const TAKES: &str = "active description images marketing_features[name] metadata[*] name \
    statement_descriptor tax_code unit_label url";

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::list("products", "product", "active created[gt gte lt lte] ids"),
    Endpoint::retrieve("products/{}", "product"),
    Endpoint::post("products", "product", TAKES, create),
    Endpoint::post("products/{}", "product", TAKES, update),
];

/// Puts a new product there. Returns its id.
pub(in super::super) fn product(state: &mut State, name: &str) -> String {
    let id = state.id("prod");
    let id = state.put(json!({
        "id": id, "object": "product", "active": true, "created": state.now,
        "default_price": null, "description": null, "images": [], "livemode": false,
        "marketing_features": [], "metadata": {}, "name": name, "package_dimensions": null,
        "shippable": null, "statement_descriptor": null, "tax_code": null, "type": "service",
        "unit_label": null, "updated": state.now, "url": null,
    }));
    state.emit("product.created", &id);
    id
}

fn create(state: &mut State, ask: &Ask<'_>) -> Answer {
    let name = ask.fields.required("name")?;
    let changes = read(&ask.fields, &json!({}), state.now)?;
    let id = product(state, name);
    state.set(&id, Value::Object(changes));
    Ok(state.get(&id))
}

fn update(state: &mut State, ask: &Ask<'_>) -> Answer {
    let before = state.find("product", ask.id)?;
    if ask.fields.unsets("name") {
        return Err(Refusal::empty("name"));
    }
    let changes = read(&ask.fields, &before["metadata"], state.now)?;
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
    if let Some(active) = fields.flag("active")? {
        changes.insert("active".to_owned(), json!(active));
    }
    changes.insert("metadata".to_owned(), fields.metadata(metadata));
    changes.insert("updated".to_owned(), json!(now));
    Ok(changes)
}
