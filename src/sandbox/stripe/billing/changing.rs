//! Changing what somebody subscribed to, and what that costs in the middle of a period.
//! Source: <https://docs.stripe.com/billing/subscriptions/prorations>

use serde_json::{Value, json};

use super::{Line, discount, period, shape};
use crate::sandbox::stripe::{
    door::Refusal,
    state::{State, text},
};

/// How a change in the middle of a period is billed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Prorate {
    /// With the next invoice.
    Later,
    /// At once.
    Now,
    Never,
}

/// When and how a change takes effect.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Terms {
    pub prorate: Prorate,
    /// From when on the rest of the period is reckoned, in seconds since 1970.
    pub at: i64,
    /// Whether a new period begins now in any case.
    pub anew: bool,
}

/// What happens to one item.
#[derive(Clone, Debug)]
pub(in super::super) struct Change {
    /// The item's id; none adds an item.
    pub item: Option<String>,
    pub price: Option<Value>,
    pub quantity: Option<i64>,
    pub is_removed: bool,
    pub param: String,
}

/// What a change costs, to be billed when the subscription has been put back.
#[derive(Debug, Default)]
pub(in super::super) struct Cost {
    lines: Vec<Line>,
    is_due_now: bool,
}

/// Changes the items of `subscription`, which is not put back yet.
pub(in super::super) fn change_items(
    state: &mut State,
    subscription: &mut Value,
    changes: &[Change],
    terms: Terms,
) -> Result<Cost, Refusal> {
    let before = subscription.clone();
    let old_interval = interval(&before);
    for change in changes {
        change_one(state, subscription, change)?;
    }
    let items = subscription["items"]["data"].as_array().cloned();
    let items = items.unwrap_or_default();
    let recurring = items.iter().map(|item| &item["price"]["recurring"]);
    if recurring.clone().any(|one| *one != interval(subscription)) || items.is_empty() {
        let message = "All the items of a subscription must have the same billing interval.";
        return Err(Refusal::bad(message, "items"));
    }
    if before["status"] == "trialing" {
        return Ok(Cost::default());
    }
    if terms.anew || interval(subscription) != old_interval {
        return Ok(from_now_on(state, &before, subscription, terms));
    }
    Ok(Cost {
        is_due_now: terms.prorate == Prorate::Now,
        lines: match terms.prorate {
            Prorate::Never => Vec::new(),
            _ => differences(state, &before, subscription, terms.at),
        },
    })
}

/// Bills what a change cost, with the next invoice or at once.
pub(in super::super) fn settle(state: &mut State, id: &str, cost: Cost) {
    if cost.lines.is_empty() {
        return;
    }
    if !cost.is_due_now {
        for line in &cost.lines {
            state.push_note(id, "waiting", json!(line));
        }
        return;
    }
    let mut lines = waiting_lines(state, id);
    lines.extend(cost.lines);
    let invoice = super::bill(state, id, lines, "subscription_update");
    super::finalize(state, &invoice);
    super::attempt(state, &invoice, false);
}

/// Takes what waits for the next invoice.
pub(in super::super) fn waiting_lines(state: &mut State, id: &str) -> Vec<Line> {
    let lines = seen_waiting(state, id);
    state.set_note(id, "waiting", Value::Null);
    lines
}

/// What waits for the next invoice, left where it is.
pub(super) fn seen_waiting(state: &State, id: &str) -> Vec<Line> {
    serde_json::from_value(state.note(id, "waiting").clone()).unwrap_or_default()
}

/// What the time left of this period is worth from `at` on, as a credit.
pub(in super::super) fn unused(state: &State, subscription: &Value, at: i64) -> Vec<Line> {
    let lines = shape::cycle_lines(subscription, shape::period(subscription));
    let lines = lines.into_iter();
    lines
        .map(|line| rest(state, subscription, line, (at, true)))
        .collect()
}

impl Cost {
    /// Whether money is to be taken at once.
    pub fn takes_now(&self) -> bool {
        self.is_due_now && self.lines.iter().map(|line| line.amount).sum::<i64>() > 0
    }

    pub fn later(lines: Vec<Line>) -> Self {
        Self {
            lines,
            is_due_now: false,
        }
    }

    pub fn now(lines: Vec<Line>) -> Self {
        Self {
            lines,
            is_due_now: true,
        }
    }

    /// The lines, and whether they are billed at once.
    pub(super) fn into_parts(self) -> (Vec<Line>, bool) {
        (self.lines, self.is_due_now)
    }
}

/// Another price from the next period on, which begins at this moment.
pub(in super::super) fn begin_phase(state: &mut State, id: &str, price: &Value, quantity: i64) {
    let before = state.get(id);
    let mut object = before.clone();
    let item = &mut object["items"]["data"][0];
    item["price"] = price.clone();
    item["plan"] = shape::plan(price);
    item["quantity"] = json!(quantity);
    if interval(&before) != interval(&object) {
        object["billing_cycle_anchor"] = json!(state.now);
    }
    state.put(object);
    state.emit_changed("customer.subscription.updated", id, &before);
}

fn change_one(state: &mut State, subscription: &mut Value, change: &Change) -> Result<(), Refusal> {
    let id = text(&subscription["id"]).to_owned();
    let (start, end) = shape::period(subscription);
    let Some(items) = subscription["items"]["data"].as_array_mut() else {
        return Ok(());
    };
    let Some(wanted) = &change.item else {
        let Some(price) = &change.price else {
            return Err(Refusal::required(&format!("{}[price]", change.param)));
        };
        let mut item = shape::item(state, &id, price, change.quantity.unwrap_or(1));
        item["current_period_start"] = json!(start);
        item["current_period_end"] = json!(end);
        items.push(item);
        return Ok(());
    };
    let Some(at) = items.iter().position(|item| item["id"] == *wanted) else {
        let param = format!("{}[id]", change.param);
        return Err(Refusal::reference("subscription_item", wanted, &param));
    };
    if change.is_removed {
        items.remove(at);
        return Ok(());
    }
    if let Some(price) = &change.price {
        items[at]["price"] = price.clone();
        items[at]["plan"] = shape::plan(price);
    }
    if let Some(quantity) = change.quantity {
        items[at]["quantity"] = json!(quantity);
    }
    Ok(())
}

/// Another interval begins a new period now, which is billed at once.
fn from_now_on(state: &State, before: &Value, subscription: &mut Value, terms: Terms) -> Cost {
    let now = terms.at;
    let end = period::end(&interval(subscription), now, now);
    subscription["billing_cycle_anchor"] = json!(now);
    shape::set_period(subscription, now, end);
    let mut lines = match terms.prorate {
        Prorate::Never => Vec::new(),
        _ => unused(state, before, now),
    };
    lines.extend(shape::cycle_lines(subscription, (now, end)));
    Cost::now(lines)
}

/// A credit for what goes and a debit for what comes, for the rest of the period.
fn differences(state: &State, before: &Value, after: &Value, at: i64) -> Vec<Line> {
    let period = shape::period(before);
    let (old, new) = (
        shape::cycle_lines(before, period),
        shape::cycle_lines(after, period),
    );
    let is_in = |line: &Line, lines: &[Line]| {
        let mut same = lines.iter();
        same.any(|other| {
            other.item == line.item && other.amount == line.amount && other.price == line.price
        })
    };
    let goes = old.iter().filter(|line| !is_in(line, &new));
    let comes = new.iter().filter(|line| !is_in(line, &old));
    let goes = goes.map(|line| rest(state, before, line.clone(), (at, true)));
    let comes = comes.map(|line| rest(state, after, line.clone(), (at, false)));
    goes.chain(comes).collect()
}

/// The share of a line that the rest of the period from `at` on has, rounded half up.
fn rest(state: &State, subscription: &Value, mut line: Line, (at, is_credit): (i64, bool)) -> Line {
    let (start, end) = shape::period(subscription);
    let left = (end - at).clamp(0, end - start);
    let length = (end - start).max(1);
    let whole = discount::net(state, subscription, &line, is_credit);
    let share = (whole * left * 2 + length) / (length * 2);
    let product = text(&line.price["product"]);
    let name = text(&state.peek(product)["name"]);
    let day = shape::day(at);
    line.description = match is_credit {
        true => format!("Unused time on {name} after {day}"),
        false => format!("Remaining time on {name} after {day}"),
    };
    line.amount = if is_credit { -share } else { share };
    line.period = (at, end);
    line.is_proration = true;
    line
}

fn interval(subscription: &Value) -> Value {
    subscription["items"]["data"][0]["price"]["recurring"].clone()
}
