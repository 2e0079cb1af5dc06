//! Payment intents, charges and what they pay. <https://docs.stripe.com/api/payment_intents>

use serde_json::{Value, json};

use super::{balance, payment_methods, transfers};
use crate::sandbox::stripe::{
    cards::Card,
    door::Endpoint,
    planned::{DEBIT, MOMENT, Plan},
    state::{State, number, text},
};

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::list(
        "payment_intents",
        "payment_intent",
        "created[gt gte lt lte] customer",
    ),
    Endpoint::retrieve("payment_intents/{}", "payment_intent"),
    Endpoint::list(
        "charges",
        "charge",
        "created[gt gte lt lte] customer payment_intent",
    ),
    Endpoint::retrieve("charges/{}", "charge"),
    Endpoint::list(
        "invoice_payments",
        "invoice_payment",
        "created[gt gte lt lte] invoice payment[type payment_intent] status",
    ),
    Endpoint::retrieve("invoice_payments/{}", "invoice_payment"),
];

/// Puts a new payment intent there. Returns its id.
pub(in super::super) fn intent(state: &mut State, amount: &Value, currency: &Value) -> String {
    let id = state.id("pi");
    state.put(json!({
        "id": id, "object": "payment_intent", "amount": amount, "amount_capturable": 0,
        "amount_details": { "tip": {} }, "amount_received": 0, "application": null,
        "application_fee_amount": null, "automatic_payment_methods": null, "canceled_at": null,
        "cancellation_reason": null, "capture_method": "automatic",
        "client_secret": format!("{id}_secret_sandbox"), "confirmation_method": "automatic",
        "created": state.now, "currency": currency, "customer": null, "customer_account": null,
        "description": null, "excluded_payment_method_types": null,
        "last_payment_error": null, "latest_charge": null, "livemode": false, "metadata": {},
        "next_action": null, "on_behalf_of": null, "payment_method": null,
        "payment_method_configuration_details": null, "payment_method_options": {},
        "payment_method_types": ["card"], "processing": null, "receipt_email": null,
        "review": null, "setup_future_usage": null, "shipping": null, "source": null,
        "statement_descriptor": null, "statement_descriptor_suffix": null,
        "status": "requires_payment_method", "transfer_data": null, "transfer_group": null,
    }))
}

/// The payment is on its way from a bank account; the bank tells later.
pub(in super::super) fn process(state: &mut State, intent: &str, method: &str) {
    let charge = charge(state, intent, Some(method));
    state.set(&charge, json!({ "status": "pending", "paid": false }));
    state.set(
        intent,
        json!({
            "status": "processing", "latest_charge": charge, "payment_method": method,
            "last_payment_error": null, "next_action": null,
        }),
    );
    state.emit("charge.pending", &charge);
    state.emit("payment_intent.processing", intent);
    let plan = match payment_methods::card(state, method) {
        Some(Card::BankRefuses) => Plan::BankRefuses,
        _ => Plan::BankPays,
    };
    state.plan(DEBIT, plan, intent);
}

/// The charge that is on its way, or a new one.
fn charge_of(state: &mut State, intent: &str, method: Option<&str>) -> String {
    let object = state.peek(intent);
    match (&object["status"], object["latest_charge"].as_str()) {
        (status, Some(charge)) if *status == "processing" => charge.to_owned(),
        _ => charge(state, intent, method),
    }
}

/// The payment went through.
pub(in super::super) fn succeed(state: &mut State, intent: &str, method: Option<&str>) {
    let charge = charge_of(state, intent, method);
    state.set(&charge, json!({ "status": "succeeded", "paid": true }));
    let fee = balance::of_charge(state, &charge);
    state.set(&charge, json!({ "balance_transaction": fee }));
    transfers::send_on(state, &charge);
    state.change(intent, |object| {
        object["status"] = json!("succeeded");
        object["amount_received"] = object["amount"].clone();
        object["latest_charge"] = json!(charge);
        object["payment_method"] = json!(method);
        object["last_payment_error"] = Value::Null;
        object["next_action"] = Value::Null;
    });
    state.emit("charge.succeeded", &charge);
    state.emit("payment_intent.succeeded", intent);
    match method.and_then(|method| payment_methods::card(state, method)) {
        Some(Card::Disputed) => state.plan(MOMENT, Plan::Dispute, &charge),
        Some(Card::Suspicious) => state.plan(MOMENT, Plan::Warn, &charge),
        _ => {}
    }
}

/// The card was declined.
pub(in super::super) fn decline(state: &mut State, intent: &str, method: Option<&str>) {
    let charge = charge_of(state, intent, method);
    let words = "Your card was declined.";
    state.set(
        &charge,
        json!({
            "status": "failed", "paid": false, "captured": false, "amount_captured": 0,
            "failure_code": "card_declined", "failure_message": words,
            "outcome": {
                "advice_code": null, "network_advice_code": null,
                "network_decline_code": null, "network_status": "declined_by_network",
                "reason": "generic_decline", "risk_level": "normal",
                "seller_message": "The bank did not return any further details.",
                "type": "issuer_declined",
            },
        }),
    );
    let error = json!({
        "type": "card_error", "code": "card_declined", "decline_code": "generic_decline",
        "message": words, "charge": charge,
    });
    state.set(
        intent,
        json!({
            "status": "requires_payment_method", "latest_charge": charge,
            "payment_method": null, "last_payment_error": error,
        }),
    );
    state.emit("charge.failed", &charge);
    state.emit("payment_intent.payment_failed", intent);
}

/// The bank wants the payer to confirm.
pub(in super::super) fn ask(state: &mut State, intent: &str, method: Option<&str>) {
    state.set(
        intent,
        json!({
            "status": "requires_action", "payment_method": method,
            "next_action": { "type": "use_stripe_sdk", "use_stripe_sdk": {} },
        }),
    );
    state.emit("payment_intent.requires_action", intent);
}

/// Puts there that an invoice waits for this payment. Returns its id.
pub(in super::super) fn invoice_payment(
    state: &mut State,
    invoice: &Value,
    intent: &str,
) -> String {
    let id = state.id("inpay");
    state.put(json!({
        "id": id, "object": "invoice_payment", "amount_paid": null,
        "amount_requested": invoice["amount_due"], "created": state.now,
        "currency": invoice["currency"], "invoice": invoice["id"], "is_default": true,
        "livemode": false, "payment": { "type": "payment_intent", "payment_intent": intent },
        "status": "open", "status_transitions": { "canceled_at": null, "paid_at": null },
    }))
}

/// The payment of an invoice has come.
pub(in super::super) fn settle(state: &mut State, payment: &str) {
    let now = state.now;
    state.change(payment, |object| {
        object["status"] = json!("paid");
        object["amount_paid"] = object["amount_requested"].clone();
        object["status_transitions"]["paid_at"] = json!(now);
    });
    state.emit("invoice_payment.paid", payment);
}

fn charge(state: &mut State, intent: &str, method: Option<&str>) -> String {
    let id = state.id("ch");
    let object = state.get(intent);
    let method_object = method.map(|method| state.get(method)).unwrap_or_default();
    let kind = text(&method_object["type"]);
    let details = match method_object[kind]["last4"].as_str() {
        Some(last4) if kind == "sepa_debit" => json!({
            "type": "sepa_debit",
            "sepa_debit": {
                "bank_code": "19043", "branch_code": "", "country": "AT",
                "fingerprint": format!("sandbox{last4}"), "last4": last4, "mandate": null,
            },
        }),
        Some(last4) => json!({
            "type": "card",
            "card": {
                "amount_authorized": number(&object["amount"]), "brand": "visa",
                "country": "DE", "exp_month": 12, "exp_year": 2040, "funding": "credit",
                "last4": last4, "network": "visa", "three_d_secure": null, "wallet": null,
            },
        }),
        None => Value::Null,
    };
    let billing = match &method_object["billing_details"] {
        Value::Null => json!({
            "address": null, "email": object["receipt_email"], "name": null, "phone": null,
            "tax_id": null,
        }),
        known => known.clone(),
    };
    let receipt = format!("{}/receipt/{id}", state.settings.base_url);
    state.put(json!({
        "id": id, "object": "charge", "amount": object["amount"],
        "amount_captured": object["amount"], "amount_refunded": 0, "application": null,
        "application_fee": null, "application_fee_amount": object["application_fee_amount"],
        "balance_transaction": null,
        "billing_details": billing, "calculated_statement_descriptor": "SANDBOX",
        "captured": true, "created": state.now, "currency": object["currency"],
        "customer": object["customer"], "description": object["description"],
        "disputed": false, "failure_balance_transaction": null, "failure_code": null,
        "failure_message": null, "fraud_details": {}, "livemode": false,
        "metadata": object["metadata"], "on_behalf_of": object["on_behalf_of"],
        "outcome": {
            "advice_code": null, "network_advice_code": null, "network_decline_code": null,
            "network_status": "approved_by_network", "reason": null, "risk_level": "normal",
            "seller_message": "Payment complete.", "type": "authorized",
        },
        "paid": true, "payment_intent": intent, "payment_method": method,
        "payment_method_details": details, "radar_options": {},
        "receipt_email": object["receipt_email"], "receipt_number": null,
        "receipt_url": receipt, "refunded": false, "review": null, "shipping": null,
        "source": null, "source_transfer": null, "statement_descriptor": null,
        "statement_descriptor_suffix": null, "status": "succeeded",
        "transfer_data": object["transfer_data"],
        "transfer_group": null,
    }))
}
