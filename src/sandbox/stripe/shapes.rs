//! The objects in Stripe's current shapes, as far as a client looks at them.

use serde_json::{Value, json};

/// A one-page list.
pub(super) fn list(data: Value, url: &str) -> Value {
    json!({ "object": "list", "data": data, "has_more": false, "url": url })
}

pub(super) fn customer(id: &str, now: i64, email: Value, name: Value, metadata: Value) -> Value {
    json!({
        "id": id, "object": "customer", "address": null, "balance": 0, "created": now,
        "currency": null, "default_source": null, "delinquent": false, "description": null,
        "discount": null, "email": email, "invoice_prefix": "SANDBOX",
        "invoice_settings": {
            "custom_fields": null, "default_payment_method": null, "footer": null,
            "rendering_options": null,
        },
        "livemode": false, "metadata": metadata, "name": name, "next_invoice_sequence": 1,
        "phone": null, "preferred_locales": [], "shipping": null, "tax_exempt": "none",
        "test_clock": null,
    })
}

pub(super) fn product(
    id: &str,
    now: i64,
    name: &str,
    description: Value,
    metadata: Value,
) -> Value {
    json!({
        "id": id, "object": "product", "active": true, "created": now, "default_price": null,
        "description": description, "images": [], "livemode": false, "marketing_features": [],
        "metadata": metadata, "name": name, "package_dimensions": null, "shippable": null,
        "statement_descriptor": null, "tax_code": null, "type": "service", "unit_label": null,
        "updated": now, "url": null,
    })
}

/// `recurring` is `{"interval": "month", …}` or `null`.
pub(super) fn price(
    id: &str,
    now: i64,
    product: &str,
    amount: i64,
    currency: &str,
    recurring: Value,
    metadata: Value,
) -> Value {
    let kind = if recurring.is_null() {
        "one_time"
    } else {
        "recurring"
    };
    json!({
        "id": id, "object": "price", "active": true, "billing_scheme": "per_unit",
        "created": now, "currency": currency, "custom_unit_amount": null, "livemode": false,
        "lookup_key": null, "metadata": metadata, "nickname": null, "product": product,
        "recurring": recurring, "tax_behavior": "unspecified", "tiers_mode": null,
        "transform_quantity": null, "type": kind, "unit_amount": amount,
        "unit_amount_decimal": amount.to_string(),
    })
}

/// An open Checkout Session; the caller adds what is special about it.
pub(super) fn session(id: &str, now: i64, mode: &str, amount: i64, currency: &str) -> Value {
    json!({
        "id": id, "object": "checkout.session", "adaptive_pricing": null,
        "after_expiration": null, "allow_promotion_codes": null, "amount_subtotal": amount,
        "amount_total": amount,
        "automatic_tax": { "enabled": false, "liability": null, "provider": null, "status": null },
        "billing_address_collection": null, "cancel_url": null, "client_reference_id": null,
        "client_secret": null, "collected_information": null, "consent": null,
        "consent_collection": null, "created": now, "currency": currency,
        "currency_conversion": null, "custom_fields": [],
        "custom_text": {
            "after_submit": null, "shipping_address": null, "submit": null,
            "terms_of_service_acceptance": null,
        },
        "customer": null, "customer_creation": null, "customer_details": null,
        "customer_email": null, "discounts": [], "expires_at": now + 24 * 60 * 60,
        "invoice": null, "invoice_creation": null, "livemode": false, "locale": null,
        "metadata": {}, "mode": mode, "origin_context": null, "payment_intent": null,
        "payment_link": null, "payment_method_collection": "always",
        "payment_method_configuration_details": null, "payment_method_options": {},
        "payment_method_types": ["card"], "payment_status": "unpaid", "permissions": null,
        "phone_number_collection": { "enabled": false }, "recovered_from": null,
        "saved_payment_method_options": null, "setup_intent": null,
        "shipping_address_collection": null, "shipping_cost": null, "shipping_options": [],
        "status": "open", "submit_type": null, "subscription": null, "success_url": null,
        "total_details": { "amount_discount": 0, "amount_shipping": 0, "amount_tax": 0 },
        "ui_mode": "hosted_page", "url": null, "wallet_options": null,
    })
}

/// A subscription to one price. The period stands on its item.
pub(super) fn subscription(
    id: &str,
    item: &str,
    now: i64,
    customer: &str,
    price: &Value,
    metadata: Value,
) -> Value {
    json!({
        "id": id, "object": "subscription", "application": null,
        "application_fee_percent": null,
        "automatic_tax": { "enabled": false, "disabled_reason": null, "liability": null },
        "billing_cycle_anchor": now, "billing_cycle_anchor_config": null,
        "billing_mode": { "type": "flexible", "flexible": null }, "billing_schedules": [],
        "billing_thresholds": null, "cancel_at": null, "cancel_at_period_end": false,
        "canceled_at": null,
        "cancellation_details": { "comment": null, "feedback": null, "reason": null },
        "collection_method": "charge_automatically", "created": now,
        "currency": price["currency"], "customer": customer, "days_until_due": null,
        "default_payment_method": null, "default_source": null, "default_tax_rates": [],
        "description": null, "discounts": [], "ended_at": null,
        "invoice_settings": { "account_tax_ids": null, "issuer": { "type": "self" } },
        "items": list(json!([{
            "id": item, "object": "subscription_item", "billing_thresholds": null,
            "created": now, "current_period_start": now, "current_period_end": now,
            "discounts": [], "metadata": {}, "price": price, "plan": plan(price),
            "quantity": 1, "subscription": id, "tax_rates": [],
        }]), &format!("/v1/subscription_items?subscription={id}")),
        "latest_invoice": null, "livemode": false, "metadata": metadata,
        "next_pending_invoice_item_invoice": null, "on_behalf_of": null,
        "pause_collection": null,
        "payment_settings": {
            "payment_method_options": null, "payment_method_types": null,
            "save_default_payment_method": "off",
        },
        "pending_invoice_item_interval": null, "pending_setup_intent": null,
        "pending_update": null, "schedule": null, "start_date": now, "status": "incomplete",
        "test_clock": null, "transfer_data": null, "trial_end": null,
        "trial_settings": { "end_behavior": { "missing_payment_method": "create_invoice" } },
        "trial_start": null,
    })
}

/// The old twin of a price, which items still carry.
fn plan(price: &Value) -> Value {
    json!({
        "id": price["id"], "object": "plan", "active": true, "amount": price["unit_amount"],
        "amount_decimal": price["unit_amount_decimal"], "billing_scheme": "per_unit",
        "created": price["created"], "currency": price["currency"],
        "interval": price["recurring"]["interval"], "interval_count": 1, "livemode": false,
        "metadata": {}, "meter": null, "nickname": null, "product": price["product"],
        "tiers_mode": null, "transform_usage": null, "trial_period_days": null,
        "usage_type": "licensed",
    })
}

/// What an invoice is made from.
pub(super) struct Bill<'a> {
    pub id: &'a str,
    pub line: &'a str,
    pub now: i64,
    pub subscription: &'a Value,
    pub amount: i64,
    pub reason: &'a str,
    pub period: (i64, i64),
    pub hosted_url: String,
}

/// An open, finalised invoice of a subscription.
pub(super) fn invoice(bill: &Bill<'_>) -> Value {
    let Bill {
        id,
        now,
        subscription,
        amount,
        ..
    } = bill;
    let details = json!({
        "metadata": subscription["metadata"], "subscription": subscription["id"],
    });
    json!({
        "id": id, "object": "invoice", "account_country": "DE", "account_name": "Sandbox",
        "account_tax_ids": null, "amount_due": amount, "amount_overpaid": 0, "amount_paid": 0,
        "amount_remaining": amount, "amount_shipping": 0, "application": null,
        "attempt_count": 0, "attempted": false, "auto_advance": true,
        "automatic_tax": {
            "enabled": false, "disabled_reason": null, "liability": null, "provider": null,
            "status": null,
        },
        "automatically_finalizes_at": null, "billing_reason": bill.reason,
        "collection_method": "charge_automatically", "created": now,
        "currency": subscription["currency"], "custom_fields": null,
        "customer": subscription["customer"], "customer_address": null, "customer_email": null,
        "customer_name": null, "customer_phone": null, "customer_shipping": null,
        "customer_tax_exempt": "none", "customer_tax_ids": [], "default_payment_method": null,
        "default_source": null, "default_tax_rates": [], "description": null, "discounts": [],
        "due_date": null, "effective_at": now, "ending_balance": 0, "footer": null,
        "from_invoice": null, "hosted_invoice_url": bill.hosted_url,
        "invoice_pdf": format!("{}?pdf", bill.hosted_url), "issuer": { "type": "self" },
        "last_finalization_error": null, "latest_revision": null,
        "lines": list(json!([{
            "id": bill.line, "object": "line_item", "amount": amount,
            "currency": subscription["currency"], "description": null,
            "discount_amounts": [], "discountable": true, "discounts": [], "invoice": id,
            "livemode": false, "metadata": subscription["metadata"],
            "parent": {
                "invoice_item_details": null, "type": "subscription_item_details",
                "subscription_item_details": {
                    "invoice_item": null, "proration": false, "proration_details": null,
                    "subscription": subscription["id"],
                    "subscription_item": subscription["items"]["data"][0]["id"],
                },
            },
            "period": { "start": bill.period.0, "end": bill.period.1 },
            "pretax_credit_amounts": [],
            "pricing": {
                "type": "price_details",
                "price_details": {
                    "price": subscription["items"]["data"][0]["price"]["id"],
                    "product": subscription["items"]["data"][0]["price"]["product"],
                },
                "unit_amount_decimal": amount.to_string(),
            },
            "quantity": 1, "quantity_decimal": "1", "subscription": subscription["id"],
            "subtotal": amount, "taxes": [],
        }]), &format!("/v1/invoices/{id}/lines")),
        "livemode": false, "metadata": {}, "next_payment_attempt": null,
        "number": format!("SANDBOX-{id}"), "on_behalf_of": null,
        "parent": {
            "quote_details": null, "subscription_details": details,
            "type": "subscription_details",
        },
        "payment_settings": {
            "default_mandate": null, "payment_method_options": null,
            "payment_method_types": null,
        },
        "period_start": bill.period.0, "period_end": bill.period.1,
        "post_payment_credit_notes_amount": 0, "pre_payment_credit_notes_amount": 0,
        "receipt_number": null, "rendering": null, "shipping_cost": null,
        "shipping_details": null, "starting_balance": 0, "statement_descriptor": null,
        "status": "open",
        "status_transitions": {
            "finalized_at": now, "marked_uncollectible_at": null, "paid_at": null,
            "voided_at": null,
        },
        "subtotal": amount, "subtotal_excluding_tax": amount, "test_clock": null,
        "total": amount, "total_discount_amounts": [], "total_excluding_tax": amount,
        "total_pretax_credit_amounts": [], "total_taxes": [], "webhooks_delivered_at": null,
    })
}
