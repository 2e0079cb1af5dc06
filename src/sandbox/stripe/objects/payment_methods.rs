//! Cards that customers have put there. <https://docs.stripe.com/api/payment_methods>

use serde_json::{Value, json};

use crate::sandbox::stripe::{
    cards::Card,
    door::{Answer, Ask, Endpoint, Fields, Refusal, found},
    state::{State, text},
};

const CREATE: &str = "billing_details[email name phone] card[cvc exp_month exp_year number token] \
    metadata[*] type";
const UPDATE: &str = "billing_details[email name phone] metadata[*]";

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::list("payment_methods", "payment_method", "customer type"),
    Endpoint::retrieve("payment_methods/{}", "payment_method"),
    Endpoint::post("payment_methods", "payment_method", CREATE, create),
    Endpoint::post("payment_methods/{}", "payment_method", UPDATE, update),
    Endpoint::get(
        "customers/{}/payment_methods",
        "type limit starting_after ending_before",
        of_customer,
    ),
    Endpoint::post(
        "payment_methods/{}/attach",
        "payment_method",
        "customer",
        attach_by_request,
    ),
    Endpoint::post("payment_methods/{}/detach", "payment_method", "", detach),
];

/// Puts a card on a customer. Returns the payment method's id.
pub(in super::super) fn attach(state: &mut State, customer: &str, card: Card) -> String {
    let id = put(state, Some(customer), card);
    state.emit("payment_method.attached", &id);
    id
}

/// Puts a card there, which is nobody's if there is no customer. Returns the payment method's id.
pub(in super::super) fn put(state: &mut State, customer: Option<&str>, card: Card) -> String {
    let id = state.id("pm");
    let owner = state.peek(customer.unwrap_or_default());
    let details = json!({
        "address": {
            "city": null, "country": null, "line1": null, "line2": null, "postal_code": null,
            "state": null,
        },
        "email": owner["email"], "name": owner["name"], "phone": null, "tax_id": null,
    });
    if card.is_bank() {
        state.put(json!({
            "id": id, "object": "payment_method", "allow_redisplay": "limited",
            "billing_details": details, "created": state.now, "customer": customer,
            "customer_account": null, "livemode": false, "metadata": {},
            "sepa_debit": {
                "bank_code": "19043", "branch_code": "", "country": "AT",
                "fingerprint": format!("sandbox{}", card.last4()),
                "generated_from": { "charge": null, "setup_attempt": null },
                "last4": card.last4(),
            },
            "type": "sepa_debit",
        }));
        return id;
    }
    state.put(json!({
        "id": id, "object": "payment_method", "allow_redisplay": "limited",
        "billing_details": details,
        "card": {
            "brand": "visa",
            "checks": {
                "address_line1_check": null, "address_postal_code_check": null,
                "cvc_check": "pass",
            },
            "country": "DE", "display_brand": "visa", "exp_month": 12, "exp_year": 2040,
            "fingerprint": format!("sandbox{}", card.last4()), "funding": "credit",
            "generated_from": null, "last4": card.last4(),
            "networks": { "available": ["visa"], "preferred": null },
            "regulated_status": "unregulated",
            "three_d_secure_usage": { "supported": true }, "wallet": null,
        },
        "created": state.now, "customer": customer, "customer_account": null,
        "livemode": false, "metadata": {}, "type": "card",
    }))
}

/// The payment method called `id`, put on the customer if it is one of Stripe's test names or
/// nobody's yet. Returns its id.
pub(in super::super) fn attach_named(
    state: &mut State,
    customer: &str,
    id: &str,
    param: &str,
) -> Result<String, Refusal> {
    if let Some(card) = Card::by_test_name(id) {
        return Ok(attach(state, customer, card));
    }
    let object = state.peek(id);
    if object["object"] != "payment_method" {
        return Err(Refusal::reference("PaymentMethod", id, param));
    }
    match text(&object["customer"]) {
        owner if owner == customer => Ok(id.to_owned()),
        "" => {
            state.set(id, json!({ "customer": customer }));
            state.emit("payment_method.attached", id);
            Ok(id.to_owned())
        }
        _ => {
            let message = "The payment method you provided is attached to another customer.";
            Err(Refusal::bad(message, param))
        }
    }
}

/// The payment method called `id`, of nobody if it is one of Stripe's test names. Returns its id.
pub(super) fn unattached(state: &mut State, id: &str, param: &str) -> Result<String, Refusal> {
    if let Some(card) = Card::by_test_name(id) {
        return Ok(put(state, None, card));
    }
    match state.peek(id)["object"] == "payment_method" {
        true => Ok(id.to_owned()),
        false => Err(Refusal::reference("PaymentMethod", id, param)),
    }
}

/// The card that pays for a subscription or, without one of its own, for its customer.
pub(in super::super) fn paying(
    state: &State,
    subscription: &Value,
    customer: &str,
) -> Option<(String, Card)> {
    let of_customer = &state.peek(customer)["invoice_settings"]["default_payment_method"];
    let own = subscription["default_payment_method"].as_str();
    let id = own.or(of_customer.as_str())?;
    Some((id.to_owned(), card(state, id)?))
}

/// Which card a payment method is.
pub(in super::super) fn card(state: &State, method: &str) -> Option<Card> {
    let object = state.peek(method);
    Card::by_last4(text(&object[text(&object["type"])]["last4"]))
}

/// By its number, or by one of Stripe's test names. <https://docs.stripe.com/testing#cards>
fn create(state: &mut State, ask: &Ask<'_>) -> Answer {
    let fields = &ask.fields;
    fields.required("type")?;
    fields.one_of("type", &["card"])?;
    let given = fields.at("card");
    let card = match given.text("token") {
        Some(token) => {
            let name = token.replacen("tok_", "pm_card_", 1);
            Card::by_test_name(&name)
                .ok_or_else(|| Refusal::reference("token", token, "card[token]"))?
        }
        None => Card::by_number(given.required("number")?).ok_or_else(|| {
            let message = "Your card number is incorrect.";
            Refusal::invalid("incorrect_number", message, "card[number]")
        })?,
    };
    let id = put(state, None, card);
    describe(state, &id, fields);
    Ok(state.get(&id))
}

fn update(state: &mut State, ask: &Ask<'_>) -> Answer {
    let before = state.find("payment_method", ask.id)?;
    describe(state, ask.id, &ask.fields);
    state.emit_changed("payment_method.updated", ask.id, &before);
    Ok(state.get(ask.id))
}

fn describe(state: &mut State, id: &str, fields: &Fields<'_>) {
    state.change(id, |object| {
        object["metadata"] = fields.metadata(&object["metadata"]);
        if let Some(details) = object["billing_details"].as_object_mut() {
            let names = ["email", "name", "phone"];
            fields.at("billing_details").copy(&names, details);
        }
    });
}

fn of_customer(state: &mut State, ask: &Ask<'_>) -> Answer {
    state.find("customer", ask.id)?;
    let all = state.of_kind("payment_method").rev();
    let own = all.filter(|object| object["customer"] == ask.id);
    found(own, &ask.fields, "payment_method", ask.path)
}

fn attach_by_request(state: &mut State, ask: &Ask<'_>) -> Answer {
    let customer = super::customers::referred(state, &ask.fields, "customer")?;
    if state.peek(ask.id).is_null() && Card::by_test_name(ask.id).is_none() {
        return Err(Refusal::missing("PaymentMethod", ask.id));
    }
    let id = attach_named(state, text(&customer["id"]), ask.id, "payment_method")?;
    Ok(state.get(&id))
}

fn detach(state: &mut State, ask: &Ask<'_>) -> Answer {
    state.find("payment_method", ask.id)?;
    state.set(ask.id, json!({ "customer": null }));
    state.emit("payment_method.detached", ask.id);
    Ok(state.get(ask.id))
}
