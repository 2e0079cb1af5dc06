//! Changing a subscription that runs. <https://docs.stripe.com/api/subscriptions/update>

use serde_json::{Map, Value, json};

use super::{
    payment_methods,
    subscriptions::{booked, explain, or_refuse, recurring_price, trial_end},
    transfers,
};
use crate::sandbox::stripe::{
    billing::{self, Change, Cost, Prorate, Terms},
    cards::Outcome,
    door::{Answer, Ask, Fields, Refusal},
    state::{State, data, number, text},
};

/// What may still change when a subscription has ended.
const AFTER_THE_END: [&str; 3] = ["metadata", "cancellation_details", "expand"];
/// What may change once it is paid; `cancel_at_period_end` and `metadata` since 2026.
/// Source: <https://docs.stripe.com/billing/subscriptions/pending-updates#supported-attributes>
const PENDING: [&str; 9] = [
    "billing_cycle_anchor",
    "cancel_at_period_end",
    "expand",
    "items",
    "metadata",
    "payment_behavior",
    "proration_behavior",
    "proration_date",
    "trial_end",
];
/// What takes the place of a change that waits.
const OTHER_CHANGES: [&str; 4] = [
    "billing_cycle_anchor",
    "cancel_at_period_end",
    "items",
    "trial_end",
];

pub(super) fn update(state: &mut State, ask: &Ask<'_>) -> Answer {
    let fields = &ask.fields;
    let before = state.find("subscription", ask.id)?;
    let mut object = before.clone();
    if !billing::is_running(&before) && !fields.are_among(&AFTER_THE_END) {
        let message =
            "A canceled subscription can only update its cancellation_details and metadata.";
        let code = "invalid_canceled_subscription_fields";
        return Err(Refusal::invalid(code, message, ""));
    }
    if waits_if_unpaid(fields) && !fields.are_among(&PENDING) {
        let message = "When `payment_behavior` is `pending_if_incomplete`, only parameters that pending updates \
                       support can be passed.";
        return Err(Refusal::bad(message, "payment_behavior"));
    }
    plain(state, &mut object, fields)?;
    if let Some(booked) = booked(fields)? {
        not_scheduled(&before)?;
        billing::book_end(&mut object, state.now, booked);
    }
    explain(&mut object, fields)?;
    billing::direct(&mut object, &transfers::direction(state, fields)?);
    let trial_ended = trial(state, &mut object, fields)?;
    let cost = items(state, &mut object, fields)?;
    if waits(state, &object, fields, &cost)? {
        billing::wait(state, ask.id, &object, cost);
        return Ok(state.get(ask.id));
    }
    payable(state, &object, fields, &cost)?;
    if OTHER_CHANGES.iter().any(|name| fields.has(name)) {
        billing::discard(state, ask.id);
        object["pending_update"] = Value::Null;
    }
    state.put(object);
    state.emit_changed("customer.subscription.updated", ask.id, &before);
    if trial_ended {
        billing::renew(state, ask.id);
    }
    billing::settle(state, ask.id, cost);
    Ok(state.get(ask.id))
}

/// Changes one item alone.
pub(super) fn item(
    state: &mut State,
    before: &Value,
    fields: &Fields<'_>,
    change: Change,
) -> Result<(), Refusal> {
    let mut object = before.clone();
    let terms = terms(state, &object, fields)?;
    let cost = billing::change_items(state, &mut object, &[change], terms)?;
    if waits(state, &object, fields, &cost)? {
        billing::wait(state, text(&before["id"]), &object, cost);
        return Ok(());
    }
    payable(state, &object, fields, &cost)?;
    billing::discard(state, text(&before["id"]));
    object["pending_update"] = Value::Null;
    let id = state.put(object);
    state.emit_changed("customer.subscription.updated", &id, before);
    billing::settle(state, &id, cost);
    Ok(())
}

fn waits_if_unpaid(fields: &Fields<'_>) -> bool {
    fields.text("payment_behavior") == Some("pending_if_incomplete")
}

/// Whether the change has to wait until it is paid, where the request wants that.
fn waits(state: &State, object: &Value, fields: &Fields<'_>, cost: &Cost) -> Result<bool, Refusal> {
    if !waits_if_unpaid(fields) || !cost.takes_now() {
        return Ok(false);
    }
    let card = payment_methods::paying(state, object, text(&object["customer"]));
    match card.map(|(_, card)| card.charge(false)) {
        Some(Outcome::Paid) => Ok(false),
        Some(Outcome::Processing) => {
            let message = "Pending updates are not supported for this payment method.";
            Err(Refusal::bad(message, "payment_behavior"))
        }
        Some(Outcome::Declined | Outcome::NeedsPayer) | None => Ok(true),
    }
}

/// Refuses what is to be paid at once and cannot be, where the request wants that.
fn payable(state: &State, object: &Value, fields: &Fields<'_>, cost: &Cost) -> Result<(), Refusal> {
    let card = payment_methods::paying(state, object, text(&object["customer"]));
    match card.filter(|_| cost.takes_now()) {
        Some((_, card)) => or_refuse(fields, card.charge(false)),
        None => Ok(()),
    }
}

/// While a schedule says what becomes of a subscription, its end is not booked beside it.
pub(in super::super) fn not_scheduled(subscription: &Value) -> Result<(), Refusal> {
    let Some(schedule) = subscription["schedule"].as_str() else {
        return Ok(());
    };
    Err(Refusal::unfit(format!(
        "The subscription is managed by the subscription schedule `{schedule}`, and updating any \
         cancelation behavior directly is not allowed. Please update the schedule instead."
    )))
}

fn plain(state: &mut State, object: &mut Value, fields: &Fields<'_>) -> Result<(), Refusal> {
    object["metadata"] = fields.metadata(&object["metadata"]);
    let mut changes = Map::new();
    fields.copy(&["description"], &mut changes);
    for (name, value) in changes {
        object[name.as_str()] = value;
    }
    if let Some(method) = fields.text("default_payment_method") {
        let customer = text(&object["customer"]).to_owned();
        let param = "default_payment_method";
        let method = payment_methods::attach_named(state, &customer, method, param)?;
        object["default_payment_method"] = json!(method);
    }
    discounts(state, object, fields)?;
    if fields.unsets("pause_collection") {
        object["pause_collection"] = Value::Null;
    } else if fields.has("pause_collection") {
        let pause = fields.at("pause_collection");
        pause.required("behavior")?;
        let behaviors = ["keep_as_draft", "mark_uncollectible", "void"];
        object["pause_collection"] = json!({
            "behavior": pause.one_of("behavior", &behaviors)?,
            "resumes_at": pause.integer("resumes_at")?,
        });
    }
    Ok(())
}

/// Puts other discounts in place of those there are. One that stays is named by its id.
fn discounts(state: &mut State, object: &mut Value, fields: &Fields<'_>) -> Result<(), Refusal> {
    if !fields.has("discounts") {
        return Ok(());
    }
    let id = text(&object["id"]).to_owned();
    let stays = fields.items("discounts").into_iter();
    let stays: Vec<&str> = stays.filter_map(|item| item.text("discount")).collect();
    let own = object["discounts"].as_array().cloned().unwrap_or_default();
    let mut kept: Vec<Value> = own
        .into_iter()
        .filter(|one| stays.contains(&text(one)))
        .collect();
    if kept.is_empty() {
        let customer = text(&object["customer"]).to_owned();
        let prices = prices(object);
        let wanted = super::subscriptions::discounts(state, fields, &customer, &prices)?;
        billing::redeem::attach(state, &id, &wanted);
        kept = state.peek(&id)["discounts"]
            .as_array()
            .cloned()
            .unwrap_or_default();
    }
    object["discounts"] = json!(kept);
    Ok(())
}

/// What somebody subscribed to, with the quantities.
pub(super) fn prices(subscription: &Value) -> Vec<(Value, i64)> {
    let items = data(&subscription["items"]).iter();
    items
        .map(|item| (item["price"].clone(), number(&item["quantity"])))
        .collect()
}

/// Moves the end of the trial. Whether it is now.
fn trial(state: &State, object: &mut Value, fields: &Fields<'_>) -> Result<bool, Refusal> {
    if !fields.has("trial_end") {
        return Ok(false);
    }
    let end = trial_end(state, fields)?;
    let is_over = end.is_none() && object["status"] == "trialing";
    let at = end.unwrap_or(state.now);
    if end.is_some() || is_over {
        object["trial_end"] = json!(at);
        object["billing_cycle_anchor"] = json!(at);
        for item in object["items"]["data"].as_array_mut().into_iter().flatten() {
            item["current_period_end"] = json!(at);
        }
    }
    if end.is_some() {
        object["status"] = json!("trialing");
        if object["trial_start"].is_null() {
            object["trial_start"] = json!(state.now);
        }
    }
    Ok(is_over)
}

/// Changes the items of `object`, which is not put back yet.
fn items(state: &mut State, object: &mut Value, fields: &Fields<'_>) -> Result<Cost, Refusal> {
    let terms = terms(state, object, fields)?;
    let changes = wanted(state, fields)?;
    match changes.is_empty() && !terms.anew {
        true => Ok(Cost::default()),
        false => billing::change_items(state, object, &changes, terms),
    }
}

/// How a change is billed, as the request wants it.
pub(super) fn terms(state: &State, object: &Value, fields: &Fields<'_>) -> Result<Terms, Refusal> {
    let behaviors = ["create_prorations", "always_invoice", "none"];
    let prorate = match fields.one_of("proration_behavior", &behaviors)? {
        Some("always_invoice") => Prorate::Now,
        Some("none") => Prorate::Never,
        _ => Prorate::Later,
    };
    let (start, end) = billing::period_of(object);
    let at = fields.integer("proration_date")?;
    if at.is_some_and(|at| !(start..=end).contains(&at)) {
        let message = "The `proration_date` must be within the current billing period.";
        return Err(Refusal::bad(message, &fields.param("proration_date")));
    }
    let anew = fields.one_of("billing_cycle_anchor", &["now", "unchanged"])? == Some("now");
    Ok(Terms {
        prorate,
        at: at.unwrap_or(state.now),
        anew,
    })
}

/// What is wanted of the items.
pub(super) fn wanted(state: &State, fields: &Fields<'_>) -> Result<Vec<Change>, Refusal> {
    let mut changes = Vec::new();
    for item in fields.items("items") {
        let price = match item.has("price") {
            true => Some(recurring_price(state, &item)?),
            false => None,
        };
        changes.push(Change {
            item: item.text("id").map(str::to_owned),
            price,
            quantity: item.amount("quantity")?,
            is_removed: item.flag("deleted")?.unwrap_or_default(),
            param: item.place().to_owned(),
        });
    }
    Ok(changes)
}
