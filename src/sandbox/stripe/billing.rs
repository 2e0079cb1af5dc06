//! The life of a subscription: billed, paid or not, tried again, ended.

use chrono::{DateTime, Months, Utc};
use serde_json::{Value, json};

use super::{
    payment_shapes,
    shapes::{self, Bill},
    state::{Card, State},
};

/// Days after the first failure at which Stripe tries again; after the last it gives up.
const RETRIES: [i64; 3] = [3, 5, 7];
const DAY: i64 = 24 * 60 * 60;

/// What somebody subscribed to.
pub(super) struct Start<'a> {
    pub customer: &'a str,
    pub price: &'a Value,
    pub metadata: Value,
    pub trial_days: i64,
    pub base_url: String,
}

/// Starts a subscription and its first invoice. Returns its id.
pub(super) fn start(state: &mut State, now: i64, start: &Start<'_>) -> String {
    let (id, item) = (state.id("sub"), state.id("si"));
    let mut object = shapes::subscription(
        &id,
        &item,
        now,
        start.customer,
        start.price,
        start.metadata.clone(),
    );
    object["sandbox"] = json!({ "base_url": start.base_url });
    let end = match start.trial_days {
        0 => period_end(&object, now),
        days => now + days * DAY,
    };
    object["items"]["data"][0]["current_period_end"] = json!(end);
    if start.trial_days > 0 {
        object["status"] = json!("trialing");
        object["trial_start"] = json!(now);
        object["trial_end"] = json!(end);
        object["billing_cycle_anchor"] = json!(end);
    }
    state.put(object);
    let amount = match start.trial_days {
        0 => start.price["unit_amount"].as_i64().unwrap_or_default(),
        _ => 0,
    };
    let invoice = bill(state, now, &id, amount, "subscription_create", (now, end));
    state.emit(now, "customer.subscription.created", &id);
    state.emit(now, "invoice.finalized", &invoice);
    if attempt(state, now, &invoice, true) && start.trial_days == 0 {
        state.set(&id, json!({ "status": "active" }));
    }
    state.emit(now, "customer.subscription.updated", &id);
    id
}

fn bill(
    state: &mut State,
    now: i64,
    subscription: &str,
    amount: i64,
    reason: &str,
    period: (i64, i64),
) -> String {
    let (id, line) = (state.id("in"), state.id("il"));
    let object = state.get(subscription);
    let base = object["sandbox"]["base_url"].as_str().unwrap_or_default();
    let invoice = shapes::invoice(&Bill {
        id: &id,
        line: &line,
        now,
        subscription: &object,
        amount,
        reason,
        period,
        hosted_url: format!("{base}/invoice/{id}"),
    });
    state.put(invoice);
    state.set(subscription, json!({ "latest_invoice": id }));
    id
}

/// Tries to pay an invoice. `is_present`: the payer is there, so a card that fails later pays.
pub(super) fn attempt(state: &mut State, now: i64, invoice: &str, is_present: bool) -> bool {
    let object = state.get(invoice);
    let customer = object["customer"].as_str().unwrap_or_default().to_owned();
    let card = state.cards.get(&customer).copied().unwrap_or_default();
    let amount = object["amount_due"].as_i64().unwrap_or_default();
    let pays = amount == 0
        || match card {
            Card::Good | Card::Confirms => true,
            Card::FailsLater => is_present,
            Card::Declined => false,
        };
    let count = object["attempt_count"].as_i64().unwrap_or_default() + 1;
    state.set(
        invoice,
        json!({ "attempted": true, "attempt_count": count }),
    );
    if !pays {
        let due = object["created"].as_i64().unwrap_or(now);
        let next = usize::try_from(count - 1)
            .ok()
            .and_then(|nth| RETRIES.get(nth));
        let next = next.map(|days| due + days * DAY);
        state.set(invoice, json!({ "next_payment_attempt": next }));
        state.emit(now, "invoice.payment_failed", invoice);
        return false;
    }
    let mut transitions = object["status_transitions"].clone();
    transitions["paid_at"] = json!(now);
    state.set(
        invoice,
        json!({
            "status": "paid", "amount_paid": amount, "amount_remaining": 0,
            "next_payment_attempt": null, "status_transitions": transitions,
        }),
    );
    if amount > 0 {
        let metadata = object["parent"]["subscription_details"]["metadata"].clone();
        charge(
            state,
            now,
            &object["customer"],
            amount,
            &object["currency"],
            metadata,
        );
    }
    state.emit(now, "invoice.paid", invoice);
    true
}

/// A successful payment. Returns the payment intent's id.
pub(super) fn charge(
    state: &mut State,
    now: i64,
    customer: &Value,
    amount: i64,
    currency: &Value,
    metadata: Value,
) -> String {
    let (intent, charge) = (state.id("pi"), state.id("ch"));
    let mut object =
        payment_shapes::payment_intent(&intent, now, customer, amount, currency, metadata);
    object["status"] = json!("succeeded");
    object["amount_received"] = json!(amount);
    object["latest_charge"] = json!(charge);
    state.put(payment_shapes::charge(&charge, now, &object));
    state.put(object);
    state.emit(now, "payment_intent.succeeded", &intent);
    state.emit(now, "charge.succeeded", &charge);
    intent
}

/// The period is over: the end that was booked, or the next invoice.
pub(super) fn renew(state: &mut State, now: i64, id: &str) {
    let mut object = state.get(id);
    if object["cancel_at"].as_i64().is_some_and(|end| end <= now) {
        cancel_now(state, now, id);
        return;
    }
    let end = period_end(&object, now);
    object["items"]["data"][0]["current_period_start"] = json!(now);
    object["items"]["data"][0]["current_period_end"] = json!(end);
    let amount = object["items"]["data"][0]["price"]["unit_amount"].as_i64();
    if object["status"] == "trialing" {
        object["status"] = json!("active");
    }
    state.put(object);
    let amount = amount.unwrap_or_default();
    let invoice = bill(state, now, id, amount, "subscription_cycle", (now, end));
    state.emit(now, "invoice.finalized", &invoice);
    if !attempt(state, now, &invoice, false) {
        state.set(id, json!({ "status": "past_due" }));
    }
    state.emit(now, "customer.subscription.updated", id);
}

/// Another try at an unpaid renewal; the last failure ends the subscription.
pub(super) fn retry(state: &mut State, now: i64, id: &str, is_present: bool) {
    let invoice = state.text(id, "latest_invoice");
    if attempt(state, now, &invoice, is_present) {
        state.set(id, json!({ "status": "active" }));
        state.emit(now, "customer.subscription.updated", id);
    } else if state.get(&invoice)["next_payment_attempt"].is_null() {
        cancel_now(state, now, id);
    } else {
        state.emit(now, "customer.subscription.updated", id);
    }
}

/// Ends a subscription at once.
pub(super) fn cancel_now(state: &mut State, now: i64, id: &str) {
    let object = state.get(id);
    let canceled = object["canceled_at"].as_i64().unwrap_or(now);
    let fields = json!({ "status": "canceled", "ended_at": now, "canceled_at": canceled });
    state.set(id, fields);
    state.emit(now, "customer.subscription.deleted", id);
}

/// The end of the period that begins at `start`: the anchor's day of the month is kept
/// (31 January, 28 February, 31 March).
fn period_end(subscription: &Value, start: i64) -> i64 {
    let anchor = subscription["billing_cycle_anchor"]
        .as_i64()
        .unwrap_or(start);
    let every = &subscription["items"]["data"][0]["price"]["recurring"]["interval"];
    let step = if every == "year" { 12 } else { 1 };
    let Some(anchored) = DateTime::<Utc>::from_timestamp(anchor, 0) else {
        return start;
    };
    let ends = (1..).map_while(|count| anchored.checked_add_months(Months::new(count * step)));
    ends.map(|end| end.timestamp())
        .find(|end| *end > start)
        .unwrap_or(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_of_the_month_is_kept() {
        let at = |text: &str| {
            let instant = text.parse::<DateTime<Utc>>();
            instant.expect("time").timestamp()
        };
        let subscription = json!({
            "billing_cycle_anchor": at("2026-01-31T10:00:00Z"),
            "items": { "data": [{ "price": { "recurring": { "interval": "month" } } }] },
        });
        let february = period_end(&subscription, at("2026-01-31T10:00:00Z"));
        assert_eq!(february, at("2026-02-28T10:00:00Z"));
        assert_eq!(
            period_end(&subscription, february),
            at("2026-03-31T10:00:00Z")
        );
    }
}
