//! Customers. <https://docs.stripe.com/api/customers>

use serde_json::{Map, Value, json};

use crate::sandbox::stripe::{
    billing,
    door::{Answer, Ask, Endpoint, Fields, Refusal},
    state::State,
};

const TAKES: &str = "address[city country line1 line2 postal_code state] description email \
    invoice_settings[default_payment_method] metadata[*] name payment_method phone \
    preferred_locales";
const CREATE: &str = "address[city country line1 line2 postal_code state] description email \
    invoice_settings[default_payment_method] metadata[*] name payment_method phone \
    preferred_locales test_clock";

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::list("customers", "customer", "created[gt gte lt lte] email"),
    Endpoint::retrieve("customers/{}", "customer"),
    Endpoint::post("customers", "customer", CREATE, create),
    Endpoint::post("customers/{}", "customer", TAKES, update),
    Endpoint::delete("customers/{}", "customer", "", delete),
];

/// Puts a new customer there. Returns its id.
pub(in super::super) fn add(state: &mut State, email: Value, name: Value) -> String {
    let id = state.id("cus");
    let prefix: String = id.chars().rev().take(8).collect();
    state.put(json!({
        "id": id, "object": "customer", "address": null, "balance": 0, "created": state.now,
        "currency": null, "customer_account": null, "default_source": null,
        "delinquent": false, "description": null, "discount": null, "email": email,
        "invoice_prefix": prefix.chars().rev().collect::<String>(),
        "invoice_settings": {
            "custom_fields": null, "default_payment_method": null, "footer": null,
            "rendering_options": null,
        },
        "livemode": false, "metadata": {}, "name": name, "next_invoice_sequence": 1,
        "phone": null, "preferred_locales": [], "shipping": null, "tax_exempt": "none",
        "test_clock": null,
    }))
}

/// The customer that `name` refers to, if it has not been deleted.
pub(super) fn referred(state: &State, fields: &Fields<'_>, name: &str) -> Answer {
    let customer = state.referred("customer", fields, name)?;
    match customer["deleted"] == true {
        true => {
            let id = fields.required(name)?;
            Err(Refusal::reference("customer", id, &fields.param(name)))
        }
        false => Ok(customer),
    }
}

/// A customer is billed in one currency at a time.
/// Source: <https://docs.stripe.com/billing/customer#currency>
pub(super) fn one_currency(state: &State, customer: &str, currency: &Value) -> Result<(), Refusal> {
    let mut own = state
        .of_kind("subscription")
        .filter(|object| object["customer"] == customer && billing::is_running(object));
    match own.find(|object| object["currency"] != *currency) {
        None => Ok(()),
        Some(other) => Err(Refusal::unfit(format!(
            "You cannot combine currencies on a single customer. This customer has an active \
             subscription, subscription schedule, discount, quote, or invoice item with currency {}",
            other["currency"].as_str().unwrap_or_default()
        ))),
    }
}

fn create(state: &mut State, ask: &Ask<'_>) -> Answer {
    let changes = read(&ask.fields, &json!({}))?;
    let clock = super::test_clocks::named(state, ask)?;
    let id = add(state, Value::Null, Value::Null);
    state.set(&id, Value::Object(changes));
    state.set(&id, json!({ "test_clock": clock }));
    if let Some(card) = ask.fields.text("payment_method") {
        super::payment_methods::attach_named(state, &id, card, "payment_method")?;
    }
    state.emit("customer.created", &id);
    Ok(state.get(&id))
}

fn update(state: &mut State, ask: &Ask<'_>) -> Answer {
    let before = state.find("customer", ask.id)?;
    if before["deleted"] == true {
        return Err(Refusal::missing("customer", ask.id));
    }
    let changes = read(&ask.fields, &before["metadata"])?;
    state.set(ask.id, Value::Object(changes));
    if let Some(card) = ask
        .fields
        .at("invoice_settings")
        .text("default_payment_method")
    {
        let param = "invoice_settings[default_payment_method]";
        let card = super::payment_methods::attach_named(state, ask.id, card, param)?;
        state.change(ask.id, |object| {
            object["invoice_settings"]["default_payment_method"] = json!(card);
        });
    }
    state.emit_changed("customer.updated", ask.id, &before);
    Ok(state.get(ask.id))
}

fn read(fields: &Fields<'_>, metadata: &Value) -> Result<Map<String, Value>, Refusal> {
    if let Some(email) = fields.text("email").filter(|email| !email.contains('@')) {
        let message = format!("Invalid email address: {email}");
        return Err(Refusal::invalid("email_invalid", message, "email"));
    }
    let mut changes = Map::new();
    let plain = ["description", "email", "name", "phone", "preferred_locales"];
    fields.copy(&plain, &mut changes);
    if fields.has("address") {
        let mut address = Map::new();
        for part in ["city", "country", "line1", "line2", "postal_code", "state"] {
            address.insert(part.to_owned(), Value::Null);
            fields.at("address").copy(&[part], &mut address);
        }
        changes.insert("address".to_owned(), Value::Object(address));
    }
    changes.insert("metadata".to_owned(), fields.metadata(metadata));
    Ok(changes)
}

/// Her subscriptions end at once. <https://docs.stripe.com/api/customers/delete>
fn delete(state: &mut State, ask: &Ask<'_>) -> Answer {
    state.find("customer", ask.id)?;
    Ok(remove(state, ask.id))
}

/// Ends all that runs for a customer, and forgets her. Returns what is left.
pub(super) fn remove(state: &mut State, id: &str) -> Value {
    let own: Vec<String> = state
        .of_kind("subscription")
        .filter(|object| object["customer"] == id && billing::is_running(object))
        .filter_map(|object| object["id"].as_str().map(str::to_owned))
        .collect();
    for subscription in own {
        billing::end(state, &subscription, "cancellation_requested");
    }
    state.emit("customer.deleted", id);
    let left = json!({ "id": id, "object": "customer", "deleted": true });
    state.put(left.clone());
    left
}
