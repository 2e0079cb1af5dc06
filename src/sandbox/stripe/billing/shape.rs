//! What a subscription and its items look like, and the lines they are billed by.

use chrono::DateTime;
use serde_json::{Value, json};

use super::{Line, Start};
use crate::{
    money::Money,
    sandbox::stripe::state::{State, data, number, page, text},
};

/// A new subscription, not put there yet; its period is still to be set.
pub(super) fn subscription(state: &mut State, start: &Start<'_>) -> Value {
    let now = state.now;
    let id = state.id("sub");
    let items = start.prices.iter();
    let items: Vec<Value> = items
        .map(|(price, quantity)| item(state, &id, price, *quantity))
        .collect();
    let currency = start.prices.first().map(|(price, _)| &price["currency"]);
    json!({
        "id": id, "object": "subscription", "application": null,
        "application_fee_percent": null,
        "automatic_tax": { "enabled": false, "disabled_reason": null, "liability": null },
        "billing_cycle_anchor": now, "billing_cycle_anchor_config": null,
        "billing_mode": {
            "type": "flexible", "flexible": { "proration_discounts": "included" },
            "updated_at": now,
        },
        "billing_schedules": [], "billing_thresholds": null, "cancel_at": null,
        "cancel_at_period_end": false, "canceled_at": null,
        "cancellation_details": { "comment": null, "feedback": null, "reason": null },
        "collection_method": "charge_automatically", "created": now, "currency": currency,
        "customer": start.customer, "customer_account": null, "days_until_due": null,
        "default_payment_method": start.payment_method, "default_source": null,
        "default_tax_rates": [], "description": start.description, "discounts": [],
        "ended_at": null,
        "invoice_settings": { "account_tax_ids": null, "issuer": { "type": "self" } },
        "items": page(items, &format!("/v1/subscription_items?subscription={id}")),
        "latest_invoice": null, "livemode": false, "metadata": start.metadata,
        "next_pending_invoice_item_invoice": null, "on_behalf_of": null,
        "pause_collection": null,
        "payment_settings": {
            "payment_method_options": null, "payment_method_types": null,
            "save_default_payment_method": "off",
        },
        "pending_invoice_item_interval": null, "pending_setup_intent": null,
        "pending_update": null, "schedule": null, "start_date": now, "status": "incomplete",
        "status_details": null, "test_clock": null, "transfer_data": null, "trial_end": null,
        "trial_settings": { "end_behavior": { "missing_payment_method": "create_invoice" } },
        "trial_start": null,
    })
}

/// One thing subscribed to.
pub(super) fn item(state: &mut State, subscription: &str, price: &Value, quantity: i64) -> Value {
    json!({
        "id": state.id("si"), "object": "subscription_item", "billing_thresholds": null,
        "created": state.now, "current_period_end": state.now,
        "current_period_start": state.now, "discounts": [], "metadata": {},
        "plan": plan(price), "price": price, "quantity": quantity,
        "subscription": subscription, "tax_rates": [],
    })
}

/// The old twin of a price, which items still carry.
pub(super) fn plan(price: &Value) -> Value {
    json!({
        "id": price["id"], "object": "plan", "active": price["active"],
        "amount": price["unit_amount"], "amount_decimal": price["unit_amount_decimal"],
        "billing_scheme": "per_unit", "created": price["created"],
        "currency": price["currency"], "interval": price["recurring"]["interval"],
        "interval_count": price["recurring"]["interval_count"], "livemode": false,
        "metadata": price["metadata"], "meter": null, "nickname": price["nickname"],
        "product": price["product"], "tiers_mode": null, "transform_usage": null,
        "trial_period_days": null, "usage_type": "licensed",
    })
}

/// Sets the current period, which stands on every item.
pub(super) fn set_period(subscription: &mut Value, start: i64, end: i64) {
    let items = subscription["items"]["data"].as_array_mut();
    for item in items.into_iter().flatten() {
        item["current_period_start"] = json!(start);
        item["current_period_end"] = json!(end);
    }
}

pub(super) fn period(subscription: &Value) -> (i64, i64) {
    let item = &subscription["items"]["data"][0];
    (
        number(&item["current_period_start"]),
        number(&item["current_period_end"]),
    )
}

/// What an item costs in one period, in minor units.
pub(in super::super) fn total(price: &Value, quantity: i64) -> i64 {
    number(&price["unit_amount"]) * quantity
}

/// A line for each item and one period.
pub(super) fn cycle_lines(subscription: &Value, period: (i64, i64)) -> Vec<Line> {
    let items = data(&subscription["items"]).iter();
    items
        .map(|item| {
            let (price, quantity) = (item["price"].clone(), number(&item["quantity"]));
            Line {
                description: describe(&price, quantity),
                amount: total(&price, quantity),
                quantity,
                price,
                period,
                is_proration: false,
                item: text(&item["id"]).to_owned(),
            }
        })
        .collect()
}

/// The same, free while the trial lasts.
pub(super) fn trial_lines(subscription: &Value, period: (i64, i64)) -> Vec<Line> {
    let mut lines = cycle_lines(subscription, period);
    for line in &mut lines {
        line.amount = 0;
        line.description = format!("Trial period: {}", line.description);
    }
    lines
}

/// Such as `1 × €3.00 every month`.
fn describe(price: &Value, quantity: i64) -> String {
    let amount = Money::new(number(&price["unit_amount"]), text(&price["currency"]));
    let amount = amount.format("en");
    match price["recurring"]["interval"].as_str() {
        Some(interval) => format!("{quantity} × {amount} every {interval}"),
        None => format!("{quantity} × {amount}"),
    }
}

/// A day as invoices write it.
pub(super) fn day(at: i64) -> String {
    let instant = DateTime::from_timestamp(at, 0).unwrap_or_default();
    instant.format("%-d %b %Y").to_string()
}
