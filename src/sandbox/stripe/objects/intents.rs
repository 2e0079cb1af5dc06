//! Payment intents that somebody makes herself: made, confirmed, called off.
//! <https://docs.stripe.com/payments/paymentintents/lifecycle>

use serde_json::json;

use super::{customers, payment_methods, payments};
use crate::sandbox::stripe::{
    billing,
    cards::Outcome,
    door::{Answer, Ask, Endpoint, Fields, Refusal},
    state::{State, number, text},
};

const CREATE: &str = "amount automatic_payment_methods[allow_redirects enabled] capture_method confirm \
    currency customer description metadata[*] off_session payment_method payment_method_types \
    receipt_email return_url setup_future_usage statement_descriptor_suffix";
const UPDATE: &str = "amount currency customer description metadata[*] payment_method receipt_email \
    setup_future_usage statement_descriptor_suffix";
const CONFIRM: &str = "off_session payment_method receipt_email return_url setup_future_usage";

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::post("payment_intents", "payment_intent", CREATE, create),
    Endpoint::post("payment_intents/{}", "payment_intent", UPDATE, update),
    Endpoint::post(
        "payment_intents/{}/confirm",
        "payment_intent",
        CONFIRM,
        confirm,
    ),
    Endpoint::post(
        "payment_intents/{}/cancel",
        "payment_intent",
        "cancellation_reason",
        cancel,
    ),
];

/// Before the payer has done all that is hers.
const EARLY: [&str; 3] = [
    "requires_payment_method",
    "requires_confirmation",
    "requires_action",
];

fn create(state: &mut State, ask: &Ask<'_>) -> Answer {
    let fields = &ask.fields;
    let amount = fields.amount("amount")?;
    let amount = amount.ok_or_else(|| Refusal::required("amount"))?;
    if amount == 0 {
        let message = "This value must be greater than or equal to 1.";
        return Err(Refusal::invalid(
            "parameter_invalid_integer",
            message,
            "amount",
        ));
    }
    fields.required("currency")?;
    let currency = json!(fields.currency()?);
    fields.one_of("capture_method", &["automatic", "automatic_async"])?;
    let id = payments::intent(state, &json!(amount), &currency);
    if let Err(refusal) = describe(state, &id, fields) {
        state.forget("payment_intent", |object| object["id"] == id.as_str());
        return Err(refusal);
    }
    if fields.at("automatic_payment_methods").flag("enabled")? == Some(true) {
        let redirects = fields
            .at("automatic_payment_methods")
            .text("allow_redirects");
        let automatic =
            json!({ "allow_redirects": redirects.unwrap_or("always"), "enabled": true });
        state.set(&id, json!({ "automatic_payment_methods": automatic }));
    }
    state.emit("payment_intent.created", &id);
    match fields.flag("confirm")? {
        Some(true) => confirmed(state, &id, fields.flag("off_session")? != Some(true)),
        _ => Ok(state.get(&id)),
    }
}

/// Takes over what is said of it.
fn describe(state: &mut State, id: &str, fields: &Fields<'_>) -> Result<(), Refusal> {
    let before = state.get(id);
    let mut object = before.clone();
    if fields.has("customer") {
        object["customer"] = customers::referred(state, fields, "customer")?["id"].clone();
    }
    if let Some(amount) = fields.amount("amount")? {
        object["amount"] = json!(amount);
    }
    object["metadata"] = fields.metadata(&before["metadata"]);
    if let Some(kept) = object.as_object_mut() {
        let plain = [
            "description",
            "receipt_email",
            "setup_future_usage",
            "statement_descriptor_suffix",
        ];
        fields.copy(&plain, kept);
    }
    let types = fields.texts("payment_method_types");
    if !types.is_empty() {
        object["payment_method_types"] = json!(types);
    }
    state.put(object);
    take_method(state, id, fields)
}

/// With what it is to be paid, where that is said.
fn take_method(state: &mut State, id: &str, fields: &Fields<'_>) -> Result<(), Refusal> {
    let Some(named) = fields.text("payment_method") else {
        return Ok(());
    };
    let customer = state.text(id, "customer");
    let method = match customer.as_str() {
        "" => payment_methods::unattached(state, named, "payment_method")?,
        customer => payment_methods::attach_named(state, customer, named, "payment_method")?,
    };
    state.set(
        id,
        json!({ "payment_method": method, "status": "requires_confirmation" }),
    );
    Ok(())
}

fn update(state: &mut State, ask: &Ask<'_>) -> Answer {
    let before = early(state, ask.id, "update")?;
    describe(state, ask.id, &ask.fields)?;
    if state.peek(ask.id)["amount"] != before["amount"] {
        state.emit("payment_intent.amount_updated", ask.id);
    }
    Ok(state.get(ask.id))
}

fn confirm(state: &mut State, ask: &Ask<'_>) -> Answer {
    early(state, ask.id, "confirm")?;
    take_method(state, ask.id, &ask.fields)?;
    let is_present = ask.fields.flag("off_session")? != Some(true);
    confirmed(state, ask.id, is_present)
}

/// Charges what it is to be paid with. Of an invoice's payment the invoice says the rest.
fn confirmed(state: &mut State, id: &str, is_present: bool) -> Answer {
    let method = state.text(id, "payment_method");
    let Some(card) = payment_methods::card(state, &method) else {
        let message = "You cannot confirm this PaymentIntent because it's missing a payment method. \
                       You can either update the PaymentIntent with a payment method and then confirm \
                       it again, or confirm it again directly with a payment method or ConfirmationToken.";
        let code = "payment_intent_unexpected_state";
        return Err(Refusal::invalid(code, message, ""));
    };
    // Whoever is there has still to be asked by her bank, on a page that is not ours to show.
    let is_present = is_present && !card.asks();
    if let Some(invoice) = invoice_of(state, id) {
        let subscription = billing::subscription_of(state.peek(&invoice)).to_owned();
        state.set(&subscription, json!({ "default_payment_method": method }));
        return match billing::attempt(state, &invoice, is_present) {
            billing::Attempt::Declined => Err(Refusal::declined()),
            _ => Ok(state.get(id)),
        };
    }
    match card.charge(is_present) {
        Outcome::Paid => payments::succeed(state, id, Some(&method)),
        Outcome::NeedsPayer => payments::ask(state, id, Some(&method)),
        Outcome::Processing => payments::process(state, id, &method),
        Outcome::Declined => {
            payments::decline(state, id, Some(&method));
            return Err(Refusal::declined());
        }
    }
    Ok(state.get(id))
}

/// The invoice it pays.
fn invoice_of(state: &State, intent: &str) -> Option<String> {
    let mut all = state.of_kind("invoice_payment");
    let own = all.find(|one| one["payment"]["payment_intent"] == intent)?;
    own["invoice"].as_str().map(str::to_owned)
}

fn cancel(state: &mut State, ask: &Ask<'_>) -> Answer {
    const REASONS: [&str; 4] = [
        "abandoned",
        "duplicate",
        "fraudulent",
        "requested_by_customer",
    ];
    let reason = ask.fields.one_of("cancellation_reason", &REASONS)?;
    early(state, ask.id, "cancel")?;
    if invoice_of(state, ask.id).is_some() {
        let message = "This PaymentIntent belongs to an invoice: void the invoice instead.";
        return Err(Refusal::unfit(message));
    }
    let now = state.now;
    state.set(
        ask.id,
        json!({
            "status": "canceled", "canceled_at": now, "cancellation_reason": reason,
            "next_action": null,
        }),
    );
    state.emit("payment_intent.canceled", ask.id);
    Ok(state.get(ask.id))
}

/// The intent, if the payer has still something to do; else Stripe refuses what is asked.
fn early(state: &State, id: &str, verb: &str) -> Answer {
    let object = state.find("payment_intent", id)?;
    let status = text(&object["status"]);
    if EARLY.contains(&status) && number(&object["amount_received"]) == 0 {
        return Ok(object);
    }
    let message = format!(
        "You cannot {verb} this PaymentIntent because it has a status of {status}. Only a PaymentIntent \
         with one of the following statuses may be {verb}ed: {}.",
        EARLY.join(", ")
    );
    Err(Refusal::invalid(
        "payment_intent_unexpected_state",
        message,
        "",
    ))
}
