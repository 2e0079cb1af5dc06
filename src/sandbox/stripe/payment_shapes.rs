//! Payment intents, charges and refunds in Stripe's current shapes.

use serde_json::{Value, json};

pub(super) fn payment_intent(
    id: &str,
    now: i64,
    customer: &Value,
    amount: i64,
    currency: &Value,
    metadata: Value,
) -> Value {
    json!({
        "id": id, "object": "payment_intent", "amount": amount, "amount_capturable": 0,
        "amount_details": { "tip": {} }, "amount_received": 0, "application": null,
        "application_fee_amount": null, "automatic_payment_methods": null, "canceled_at": null,
        "cancellation_reason": null, "capture_method": "automatic",
        "client_secret": format!("{id}_secret_sandbox"), "confirmation_method": "automatic",
        "created": now, "currency": currency, "customer": customer, "description": null,
        "excluded_payment_method_types": null, "last_payment_error": null,
        "latest_charge": null, "livemode": false, "metadata": metadata, "next_action": null,
        "on_behalf_of": null, "payment_method": null,
        "payment_method_configuration_details": null, "payment_method_options": {},
        "payment_method_types": ["card"], "processing": null, "receipt_email": null,
        "review": null, "setup_future_usage": null, "shipping": null,
        "statement_descriptor": null, "statement_descriptor_suffix": null,
        "status": "requires_payment_method", "transfer_data": null, "transfer_group": null,
    })
}

pub(super) fn charge(id: &str, now: i64, intent: &Value) -> Value {
    json!({
        "id": id, "object": "charge", "amount": intent["amount"],
        "amount_captured": intent["amount"], "amount_refunded": 0, "application": null,
        "application_fee": null, "application_fee_amount": null, "balance_transaction": null,
        "billing_details": {
            "address": {
                "city": null, "country": null, "line1": null, "line2": null,
                "postal_code": null, "state": null,
            },
            "email": null, "name": null, "phone": null, "tax_id": null,
        },
        "calculated_statement_descriptor": null, "captured": true, "created": now,
        "currency": intent["currency"], "customer": intent["customer"], "description": null,
        "disputed": false, "failure_balance_transaction": null, "failure_code": null,
        "failure_message": null, "fraud_details": {}, "livemode": false,
        "metadata": intent["metadata"], "on_behalf_of": null, "outcome": null, "paid": true,
        "payment_intent": intent["id"], "payment_method": null,
        "payment_method_details": null, "receipt_email": null, "receipt_number": null,
        "receipt_url": null, "refunded": false, "review": null, "shipping": null,
        "source_transfer": null, "statement_descriptor": null,
        "statement_descriptor_suffix": null, "status": "succeeded", "transfer_data": null,
        "transfer_group": null,
    })
}

pub(super) fn refund(id: &str, now: i64, charge: &Value, amount: i64, reason: Value) -> Value {
    json!({
        "id": id, "object": "refund", "amount": amount, "balance_transaction": null,
        "charge": charge["id"], "created": now, "currency": charge["currency"],
        "destination_details": { "card": { "type": "refund" }, "type": "card" },
        "metadata": {}, "payment_intent": charge["payment_intent"], "reason": reason,
        "receipt_number": null, "source_transfer_reversal": null, "status": "succeeded",
        "transfer_reversal": null,
    })
}
