//! What would be billed: before a change, and before the next period.
//! Source: <https://docs.stripe.com/api/invoices/create_preview>

use serde_json::{Value, json};

use super::{Cost, Line, changing, invoice, period, shape};
use crate::sandbox::stripe::state::{State, number, text};

/// What a subscription is billed next, as it would be after a change that costs this. Nothing where it
/// ends before it would be billed.
pub(in super::super) fn preview(state: &State, object: &Value, cost: Cost) -> Option<Value> {
    let mut lines = changing::seen_waiting(state, text(&object["id"]));
    let (own, is_due_now) = cost.into_parts();
    lines.extend(own);
    let at = match is_due_now {
        true => state.now,
        false => {
            lines.extend(next_lines(object));
            shape::period(object).1
        }
    };
    (!lines.is_empty()).then(|| invoice::preview(state, object, lines, at))
}

/// What the first invoice of a new subscription would be.
pub(in super::super) fn first(state: &State, object: &Value) -> Value {
    let period = shape::period(object);
    let lines = match object["status"] == "trialing" {
        true => shape::trial_lines(object, period),
        false => shape::cycle_lines(object, period),
    };
    invoice::preview(state, object, lines, state.now)
}

/// Announces the next invoice, once a period.
pub(in super::super) fn tell_of_renewal(state: &mut State, id: &str) {
    let object = state.get(id);
    let (_, end) = shape::period(&object);
    state.set_note(id, "told_of_renewal", json!(end));
    if let Some(invoice) = preview(state, &object, Cost::default()) {
        state.emit_about("invoice.upcoming", invoice);
    }
}

/// The lines of the period after the current one, none if the subscription ends before.
fn next_lines(object: &Value) -> Vec<Line> {
    let (_, start) = shape::period(object);
    let ends = object["cancel_at"].as_i64();
    if ends.is_some_and(|ends| ends <= start) {
        return Vec::new();
    }
    let recurring = &object["items"]["data"][0]["price"]["recurring"];
    let anchor = number(&object["billing_cycle_anchor"]);
    shape::cycle_lines(object, (start, period::end(recurring, anchor, start)))
}
