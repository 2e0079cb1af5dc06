//! Changes that take effect once their invoice is paid, and not at all if it never is.
//! Source: <https://docs.stripe.com/billing/subscriptions/pending-updates>

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{Cost, INCOMPLETE_FOR, Line, changing, is_running, shape};
use crate::sandbox::stripe::state::State;

/// Under which a subscription's pending change is noted.
const NOTE: &str = "pending";
/// What a pending change can change.
const FIELDS: [&str; 7] = [
    "billing_cycle_anchor",
    "cancel_at",
    "cancel_at_period_end",
    "canceled_at",
    "cancellation_details",
    "items",
    "metadata",
];

/// What Stripe knows of a pending change and does not show.
#[derive(Serialize, Deserialize)]
struct Pending {
    /// The invoice it waits for.
    invoice: String,
    /// What becomes of the subscription when that is paid.
    to: Map<String, Value>,
    /// What waited for the next invoice and stands in this one.
    waiting: Vec<Line>,
}

/// Bills what `changed` costs and lets the subscription be as it was until that is paid. One that waits
/// already gives way.
pub(in super::super) fn wait(state: &mut State, id: &str, changed: &Value, cost: Cost) {
    discard(state, id);
    let before = state.get(id);
    let is_other = |name: &&&str| changed[**name] != before[**name];
    let to = FIELDS.iter().filter(is_other);
    let to: Map<String, Value> = to
        .map(|name| ((*name).to_owned(), changed[*name].clone()))
        .collect();
    let waiting = changing::waiting_lines(state, id);
    let (own, _) = cost.into_parts();
    let lines = waiting.iter().cloned().chain(own).collect();
    let invoice = super::bill(state, id, lines, "subscription_update");
    let (_, period_end) = shape::period(&before);
    let ends = [state.now + INCOMPLETE_FOR, period_end];
    let shown = |name: &str| to.get(name).cloned().unwrap_or_default();
    state.set(
        id,
        json!({ "pending_update": {
            "billing_cycle_anchor": shown("billing_cycle_anchor"),
            "cancel_at_period_end": shown("cancel_at_period_end"), "discounts": [],
            "expires_at": ends.iter().min(), "metadata": shown("metadata"),
            "subscription_items": changed["items"]["data"], "trial_end": null,
            "trial_from_plan": null,
        } }),
    );
    let pending = Pending {
        invoice: invoice.clone(),
        to,
        waiting,
    };
    state.set_note(id, NOTE, json!(pending));
    state.emit_changed("customer.subscription.updated", id, &before);
    super::finalize(state, &invoice);
    super::attempt(state, &invoice, false);
}

/// Whether a change of the subscription waits for this invoice.
pub(super) fn is_for(state: &State, subscription: &str, invoice: &str) -> bool {
    state.note(subscription, NOTE)["invoice"] == invoice
}

/// Gives up what waits, if anything does: its invoice is void.
pub(in super::super) fn discard(state: &mut State, subscription: &str) {
    let invoice = state.note(subscription, NOTE)["invoice"].clone();
    if let Some(invoice) = invoice.as_str() {
        super::void(state, invoice);
    }
}

/// The invoice is paid: what waited for it takes effect.
pub(super) fn apply(state: &mut State, subscription: &str, invoice: &str) {
    let Some(pending) = take(state, subscription, invoice) else {
        return;
    };
    let before = state.get(subscription);
    let mut to = pending.to;
    if !is_running(&before) {
        to.clear();
    }
    to.insert("pending_update".to_owned(), Value::Null);
    state.set(subscription, Value::Object(to));
    state.emit_changed("customer.subscription.updated", subscription, &before);
    state.emit("customer.subscription.pending_update_applied", subscription);
}

/// The invoice is void: what waited for it never happens.
pub(super) fn expire(state: &mut State, subscription: &str, invoice: &str) {
    let Some(pending) = take(state, subscription, invoice) else {
        return;
    };
    for line in &pending.waiting {
        state.push_note(subscription, "waiting", json!(line));
    }
    let before = state.get(subscription);
    state.set(subscription, json!({ "pending_update": null }));
    state.emit_changed("customer.subscription.updated", subscription, &before);
    state.emit("customer.subscription.pending_update_expired", subscription);
}

fn take(state: &mut State, subscription: &str, invoice: &str) -> Option<Pending> {
    if !is_for(state, subscription, invoice) {
        return None;
    }
    let pending = serde_json::from_value(state.note(subscription, NOTE).clone()).ok();
    state.set_note(subscription, NOTE, Value::Null);
    pending
}
