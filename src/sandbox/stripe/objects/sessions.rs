//! Checkout Sessions. <https://docs.stripe.com/api/checkout/sessions>

use serde_json::{Map, Value, json};

use super::{session_discounts, session_lines, subscriptions::trial_end, transfers::direction};
use crate::sandbox::stripe::{
    door::{Answer, Ask, Endpoint, Fields, Refusal, found},
    state::{State, number, text},
};

const CREATE: &str = "allow_promotion_codes billing_address_collection cancel_url \
    client_reference_id currency customer customer_creation customer_email \
    customer_update[address name shipping] discounts[coupon promotion_code] expires_at \
    line_items[metadata[*] price quantity price_data[currency product \
    product_data[description images metadata[*] name] recurring[interval interval_count] \
    unit_amount unit_amount_decimal]] locale metadata[*] mode \
    payment_intent_data[application_fee_amount description metadata[*] on_behalf_of receipt_email \
    transfer_data[amount destination]] payment_method_collection \
    payment_method_types submit_type \
    subscription_data[application_fee_percent description metadata[*] on_behalf_of \
    transfer_data[destination] trial_end trial_period_days] success_url ui_mode";
const LIST: &str = "created[gt gte lt lte] customer customer_details[email] payment_intent status \
    subscription";
const HOUR: i64 = 60 * 60;

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::list("checkout/sessions", "checkout.session", LIST),
    Endpoint::retrieve("checkout/sessions/{}", "checkout.session"),
    Endpoint::get(
        "checkout/sessions/{}/line_items",
        "limit starting_after ending_before",
        line_items,
    ),
    Endpoint::post("checkout/sessions", "checkout.session", CREATE, create),
    Endpoint::post(
        "checkout/sessions/{}/expire",
        "checkout.session",
        "",
        expire,
    ),
    Endpoint::post(
        "checkout/sessions/{}",
        "checkout.session",
        "metadata[*]",
        update,
    ),
];

fn create(state: &mut State, ask: &Ask<'_>) -> Answer {
    let fields = &ask.fields;
    let mode = fields.required("mode")?;
    fields.one_of("mode", &["payment", "subscription"])?;
    consistent(fields, mode)?;
    let customer = match fields.has("customer") {
        true => Some(super::customers::referred(state, fields, "customer")?),
        false => None,
    };
    fields.required("success_url")?;
    let (success, cancel) = (
        fields.address("success_url")?,
        fields.address("cancel_url")?,
    );
    let expires_at = expires_at(fields, state.now)?;
    let trial = trial_end(state, &fields.at("subscription_data"))?;
    let directions = (
        direction(state, &fields.at("subscription_data"))?,
        direction(state, &fields.at("payment_intent_data"))?,
    );
    let id = state.id("cs_test");
    let items = session_lines::read(state, fields, mode, &id)?;
    let currency = items[0]["currency"].clone();
    let total: i64 = match trial {
        Some(_) => 0,
        None => items.iter().map(|item| number(&item["amount_total"])).sum(),
    };
    let known = customer.as_ref().map(|customer| text(&customer["id"]));
    if let Some(customer) = known.filter(|_| mode == "subscription") {
        super::customers::one_currency(state, customer, &currency)?;
    }
    let redeemed = session_discounts::read(state, fields, known, &items)?;
    if redeemed.is_empty() {
        session_lines::enough(total, text(&currency))?;
    }
    let mut session = shape(&id, state.now);
    let always = if mode == "subscription" {
        "always"
    } else {
        "if_required"
    };
    let creation = match (mode, &customer) {
        ("payment", None) => fields.text("customer_creation").or(Some("if_required")),
        (_, None) => Some("always"),
        _ => None,
    };
    let url = format!("{}/checkout/{id}", state.settings.base_url);
    for (name, value) in [
        ("mode", json!(mode)),
        ("amount_subtotal", json!(total)),
        ("amount_total", json!(total)),
        ("currency", currency),
        (
            "customer",
            json!(customer.map(|customer| customer["id"].clone())),
        ),
        ("customer_creation", json!(creation)),
        ("success_url", json!(success)),
        ("cancel_url", json!(cancel)),
        ("expires_at", json!(expires_at)),
        ("metadata", fields.metadata(&json!({}))),
        ("payment_method_collection", json!(always)),
        (
            "allow_promotion_codes",
            json!(fields.flag("allow_promotion_codes")?),
        ),
        ("url", json!(url)),
    ] {
        session[name] = value;
    }
    let mut plain = Map::new();
    let names = [
        "billing_address_collection",
        "client_reference_id",
        "customer_email",
        "locale",
        "submit_type",
    ];
    fields.copy(&names, &mut plain);
    for (name, value) in plain {
        session[name.as_str()] = value;
    }
    state.put(session);
    state.set_note(&id, "line_items", Value::Array(items));
    session_discounts::set(state, &id, &redeemed);
    keep(state, &id, fields, (trial, directions));
    Ok(state.get(&id))
}

/// Notes what is only needed when somebody pays.
fn keep(
    state: &mut State,
    id: &str,
    fields: &Fields<'_>,
    (trial, directions): (Option<i64>, (Value, Value)),
) {
    let (subscription, payment) = (
        fields.at("subscription_data"),
        fields.at("payment_intent_data"),
    );
    state.set_note(
        id,
        "subscription_data",
        json!({
            "metadata": subscription.metadata(&json!({})),
            "description": subscription.text("description"),
            "trial_seconds": trial.map(|end| end - state.now),
            "direction": directions.0,
        }),
    );
    state.set_note(
        id,
        "payment_intent_data",
        json!({
            "metadata": payment.metadata(&json!({})),
            "description": payment.text("description"),
            "direction": directions.1,
        }),
    );
    let update = fields.at("customer_update").text("name") == Some("auto");
    state.set_note(id, "updates_name", json!(update));
}

/// Parameters that do not go together.
fn consistent(fields: &Fields<'_>, mode: &str) -> Result<(), Refusal> {
    let (other, own) = match mode {
        "payment" => ("subscription_data", "subscription"),
        _ => ("payment_intent_data", "payment"),
    };
    if fields.has(other) {
        let message = format!("You can not pass `{other}` unless the mode is `{own}`.");
        return Err(Refusal::bad(message, other));
    }
    if mode == "subscription" && fields.has("customer_creation") {
        let message = "`customer_creation` can only be used in `payment` and `setup` mode.";
        return Err(Refusal::bad(message, "customer_creation"));
    }
    if fields.has("customer") && fields.has("customer_email") {
        let message = "You may only specify one of these parameters: customer, customer_email.";
        return Err(Refusal::invalid("parameters_exclusive", message, ""));
    }
    if fields.has("customer_update") && !fields.has("customer") {
        let message = "`customer_update` can only be used with `customer`.";
        return Err(Refusal::bad(message, "customer_update"));
    }
    fields.one_of(
        "submit_type",
        &["auto", "book", "donate", "pay", "subscribe"],
    )?;
    fields.one_of("billing_address_collection", &["auto", "required"])?;
    fields.one_of("customer_creation", &["always", "if_required"])?;
    fields.one_of("payment_method_collection", &["always"])?;
    fields.one_of("ui_mode", &["hosted", "hosted_page"])?;
    Ok(())
}

fn expires_at(fields: &Fields<'_>, now: i64) -> Result<i64, Refusal> {
    let longest = now + 24 * HOUR;
    match fields.integer("expires_at")? {
        None => Ok(longest),
        Some(at) if at < now + HOUR / 2 => {
            let message = "The `expires_at` timestamp must be at least 30 minutes from Checkout \
                           Session creation.";
            Err(Refusal::bad(message, "expires_at"))
        }
        Some(at) if at > longest => {
            let message = "The `expires_at` timestamp must be less than 24 hours from Checkout \
                           Session creation.";
            Err(Refusal::bad(message, "expires_at"))
        }
        Some(at) => Ok(at),
    }
}

fn line_items(state: &mut State, ask: &Ask<'_>) -> Answer {
    state.find("checkout.session", ask.id)?;
    let items = state.note(ask.id, "line_items").as_array().cloned();
    found(
        items.unwrap_or_default().iter(),
        &ask.fields,
        "item",
        ask.path,
    )
}

fn update(state: &mut State, ask: &Ask<'_>) -> Answer {
    let session = state.find("checkout.session", ask.id)?;
    let metadata = ask.fields.metadata(&session["metadata"]);
    state.set(ask.id, json!({ "metadata": metadata }));
    Ok(state.get(ask.id))
}

fn expire(state: &mut State, ask: &Ask<'_>) -> Answer {
    let session = state.find("checkout.session", ask.id)?;
    if session["status"] != "open" {
        let message = format!(
            "Only Checkout Sessions with a status in [\"open\"] can be expired. This Checkout \
             Session has a status of {}.",
            text(&session["status"])
        );
        return Err(Refusal::unfit(message));
    }
    close(state, ask.id);
    Ok(state.get(ask.id))
}

/// Nobody can pay any more.
pub(in super::super) fn close(state: &mut State, id: &str) {
    state.set(id, json!({ "status": "expired", "url": null }));
    state.emit("checkout.session.expired", id);
}

fn shape(id: &str, now: i64) -> Value {
    json!({
        "id": id, "object": "checkout.session", "adaptive_pricing": null,
        "after_expiration": null, "allow_promotion_codes": null, "amount_subtotal": null,
        "amount_total": null,
        "automatic_tax": { "enabled": false, "liability": null, "provider": null, "status": null },
        "billing_address_collection": null, "cancel_url": null, "client_reference_id": null,
        "client_secret": null, "collected_information": null, "consent": null,
        "consent_collection": null, "created": now, "currency": null,
        "currency_conversion": null, "custom_fields": [],
        "custom_text": {
            "after_submit": null, "shipping_address": null, "submit": null,
            "terms_of_service_acceptance": null,
        },
        "customer": null, "customer_account": null, "customer_creation": null,
        "customer_details": null, "customer_email": null, "discounts": [],
        "expires_at": null, "integration_identifier": null, "invoice": null,
        "invoice_creation": null, "livemode": false, "locale": null, "metadata": {},
        "mode": null, "origin_context": null, "payment_intent": null, "payment_link": null,
        "payment_method_collection": null, "payment_method_configuration_details": null,
        "payment_method_options": {}, "payment_method_types": ["card"],
        "payment_status": "unpaid", "permissions": null,
        "phone_number_collection": { "enabled": false }, "recovered_from": null,
        "saved_payment_method_options": null, "setup_intent": null,
        "shipping_address_collection": null, "shipping_cost": null, "shipping_options": [],
        "status": "open", "submit_type": null, "subscription": null, "success_url": null,
        "total_details": { "amount_discount": 0, "amount_shipping": 0, "amount_tax": 0 },
        "ui_mode": "hosted_page", "url": null, "wallet_options": null,
    })
}
