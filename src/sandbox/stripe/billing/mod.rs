//! The life of a subscription: started, renewed, ended.

pub(super) mod bank;
mod changing;
pub(super) mod discount;
mod invoice;
mod payment;
mod pending;
pub(super) mod period;
mod preview;
pub(super) mod redeem;
mod shape;

use serde_json::{Value, json};

use super::{
    objects::{payment_methods, schedules},
    state::{State, data, number, text},
};
pub(super) use {
    changing::{
        Change, Cost, Prorate, Terms, begin_phase, change_items, settle, unused, waiting_lines,
    },
    invoice::{Line, bill, finalize, mark_uncollectible, void},
    payment::{Attempt, Payment, attempt, pay, subscription_of},
    pending::{discard, wait},
    preview::{first, preview, tell_of_renewal},
    shape::total,
};

const HOUR: i64 = 60 * 60;

/// What somebody subscribed to.
pub(super) struct Start<'a> {
    pub customer: &'a str,
    /// Each price with its quantity.
    pub prices: Vec<(Value, i64)>,
    pub metadata: Value,
    pub description: Option<&'a str>,
    /// Seconds since 1970.
    pub trial_end: Option<i64>,
    pub payment_method: Option<String>,
    pub is_present: bool,
    /// Nothing is charged before the payer confirms it.
    pub waits: bool,
    /// To whom the money goes, as `transfers::direction` reads it.
    pub direction: Value,
    pub discounts: Vec<redeem::Redeemed>,
}

/// Whether a subscription has not ended.
pub(super) fn is_running(subscription: &Value) -> bool {
    !matches!(
        text(&subscription["status"]),
        "canceled" | "incomplete_expired"
    )
}

/// Starts a subscription and its first invoice. Returns its id.
pub(super) fn start(state: &mut State, start: &Start<'_>) -> String {
    let object = shape_started(state, start);
    let id = text(&object["id"]).to_owned();
    let (now, end) = shape::period(&object);
    state.put(object.clone());
    redeem::attach(state, &id, &start.discounts);
    let lines = match start.trial_end {
        Some(_) => shape::trial_lines(&object, (now, end)),
        None => shape::cycle_lines(&object, (now, end)),
    };
    let invoice = bill(state, &id, lines, "subscription_create");
    state.emit("customer.subscription.created", &id);
    if start.trial_end.is_some_and(|end| end - now <= TOLD_BEFORE) {
        tell_of_trial_end(state, &id);
    }
    finalize(state, &invoice);
    let is_due = number(&state.peek(&invoice)["amount_due"]) > 0;
    if !(start.waits && is_due) {
        attempt(state, &invoice, start.is_present);
    }
    id
}

/// A subscription as it is when it starts, not put there yet.
pub(super) fn shape_started(state: &mut State, start: &Start<'_>) -> Value {
    let now = state.now;
    let mut object = shape::subscription(state, start);
    let recurring = object["items"]["data"][0]["price"]["recurring"].clone();
    let end = match start.trial_end {
        Some(end) => {
            object["status"] = json!("trialing");
            object["trial_start"] = json!(now);
            object["trial_end"] = json!(end);
            object["billing_cycle_anchor"] = json!(end);
            end
        }
        None => period::end(&recurring, now, now),
    };
    shape::set_period(&mut object, now, end);
    direct(&mut object, &start.direction);
    object
}

/// Says on `object` where its money goes from now on.
pub(super) fn direct(object: &mut Value, direction: &Value) {
    for (name, value) in direction.as_object().into_iter().flatten() {
        object[name.as_str()] = value.clone();
    }
}

/// How long before its end a trial is announced, in seconds.
const TOLD_BEFORE: i64 = 3 * period::DAY;

/// Announces the end of a trial, once.
pub(super) fn tell_of_trial_end(state: &mut State, id: &str) {
    let end = state.peek(id)["trial_end"].clone();
    state.set_note(id, "told_of_trial_end", end);
    state.emit("customer.subscription.trial_will_end", id);
}

/// The period is over: the next begins, with its invoice.
pub(super) fn renew(state: &mut State, id: &str) {
    let before = state.get(id);
    let mut object = before.clone();
    let (_, start) = shape::period(&object);
    let recurring = object["items"]["data"][0]["price"]["recurring"].clone();
    let anchor = number(&object["billing_cycle_anchor"]);
    let end = period::end(&recurring, anchor, start);
    shape::set_period(&mut object, start, end);
    if object["status"] == "trialing" {
        object["status"] = json!("active");
    }
    state.put(object.clone());
    let mut lines = changing::waiting_lines(state, id);
    lines.extend(shape::cycle_lines(&object, (start, end)));
    let invoice = bill(state, id, lines, "subscription_cycle");
    state.emit_changed("customer.subscription.updated", id, &before);
    let paused = text(&object["pause_collection"]["behavior"]).to_owned();
    match paused.as_str() {
        "keep_as_draft" => {}
        _ if object["status"] == "unpaid" => {}
        "mark_uncollectible" => {
            finalize(state, &invoice);
            mark_uncollectible(state, &invoice);
        }
        "void" => {
            finalize(state, &invoice);
            void(state, &invoice);
        }
        _ => {
            finalize(state, &invoice);
            attempt(state, &invoice, false);
        }
    }
}

/// Begins a new period now and bills it, as after a pause.
pub(super) fn begin_anew(state: &mut State, id: &str) -> Attempt {
    let now = state.now;
    let mut object = state.get(id);
    let recurring = object["items"]["data"][0]["price"]["recurring"].clone();
    let end = period::end(&recurring, now, now);
    object["billing_cycle_anchor"] = json!(now);
    shape::set_period(&mut object, now, end);
    state.put(object.clone());
    let mut lines = changing::waiting_lines(state, id);
    lines.extend(shape::cycle_lines(&object, (now, end)));
    let invoice = bill(state, id, lines, "subscription_update");
    finalize(state, &invoice);
    attempt(state, &invoice, false)
}

/// The first payment never came. <https://docs.stripe.com/billing/subscriptions/overview>
pub(super) fn give_up_incomplete(state: &mut State, id: &str) {
    let before = state.get(id);
    let ended = json!({ "status": "incomplete_expired", "ended_at": state.now });
    state.set(id, ended);
    let invoice = state.text(id, "latest_invoice");
    void(state, &invoice);
    state.emit_changed("customer.subscription.updated", id, &before);
}

/// How long a first payment may take, in seconds.
pub(super) const INCOMPLETE_FOR: i64 = 23 * HOUR;

/// Ends a subscription at once. `reason`: `cancellation_requested`, `payment_failed`,
/// `payment_disputed`.
pub(super) fn end(state: &mut State, id: &str, reason: &str) {
    let now = state.now;
    if !is_running(state.peek(id)) {
        return;
    }
    state.change(id, |object| {
        object["status"] = json!("canceled");
        object["ended_at"] = json!(now);
        if object["canceled_at"].is_null() {
            object["canceled_at"] = json!(now);
        }
        if object["cancellation_details"]["reason"].is_null() {
            object["cancellation_details"]["reason"] = json!(reason);
        }
    });
    changing::waiting_lines(state, id);
    schedules::end_with(state, id);
    let invoice = state.text(id, "latest_invoice");
    if matches!(state.text(&invoice, "status").as_str(), "open" | "draft") {
        let over = json!({ "auto_advance": false, "next_payment_attempt": null });
        state.set(&invoice, over);
    }
    state.emit("customer.subscription.deleted", id);
}

/// Books the end of a subscription: at a time, at the end of its period, or not at all.
pub(super) fn book_end(object: &mut Value, now: i64, booked: Booked) {
    let (_, end) = shape::period(object);
    let (at, is_period_end) = match booked {
        Booked::PeriodEnd => (json!(end), true),
        Booked::At(at) => (json!(at), false),
        Booked::Never => (Value::Null, false),
    };
    object["cancel_at_period_end"] = json!(is_period_end);
    match at.is_null() {
        true => {
            object["canceled_at"] = Value::Null;
            object["cancellation_details"]["reason"] = Value::Null;
        }
        false => {
            object["canceled_at"] = json!(now);
            object["cancellation_details"]["reason"] = json!("cancellation_requested");
        }
    }
    object["cancel_at"] = at;
}

/// When a subscription is to end.
#[derive(Clone, Copy, Debug)]
pub(super) enum Booked {
    PeriodEnd,
    /// Seconds since 1970.
    At(i64),
    Never,
}

/// Start and end of the current period, which stands on the items.
pub(super) fn period_of(subscription: &Value) -> (i64, i64) {
    shape::period(subscription)
}

/// The card that pays for a subscription; for one that has ended, the one that was put in last.
fn card(state: &State, subscription: &Value) -> Option<(String, super::Card)> {
    let customer = text(&subscription["customer"]);
    let put_in = payment_methods::paying(state, &Value::Null, customer);
    let put_in = put_in.filter(|_| !is_running(subscription));
    put_in.or_else(|| payment_methods::paying(state, subscription, customer))
}

/// Whether the renewals of a subscription are announced: not where they come every few days.
pub(super) fn is_announced(subscription: &Value) -> bool {
    let first = data(&subscription["items"]).first();
    let recurring = first.map(|item| &item["price"]["recurring"]["interval"]);
    recurring.is_some_and(|interval| interval == "year" || interval == "month")
}
