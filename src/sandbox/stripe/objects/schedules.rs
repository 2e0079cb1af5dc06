//! Schedules: what becomes of a subscription by itself when its period ends.
//! Source: <https://docs.stripe.com/api/subscription_schedules>

use serde_json::{Value, json};

use super::schedule_phases::{item, phase, phases};
use crate::sandbox::stripe::{
    billing,
    door::{Answer, Ask, Endpoint, Refusal},
    state::{State, data, number, text},
};

const KIND: &str = "subscription_schedule";
const LIST: &str = "created[gt gte lt lte] customer";
/// Where the money of a subscription goes, and of a phase.
const DIRECTION: [&str; 3] = ["application_fee_percent", "on_behalf_of", "transfer_data"];

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::list("subscription_schedules", KIND, LIST),
    Endpoint::retrieve("subscription_schedules/{}", KIND),
    Endpoint::post(
        "subscription_schedules",
        KIND,
        "from_subscription metadata[*]",
        create,
    ),
    Endpoint::post(
        "subscription_schedules/{}",
        KIND,
        "end_behavior metadata[*] phases[application_fee_percent \
        discounts[coupon discount promotion_code] duration[interval interval_count] end_date \
        items[price quantity] on_behalf_of proration_behavior start_date \
        transfer_data[amount destination]] proration_behavior",
        update,
    ),
    Endpoint::post(
        "subscription_schedules/{}/release",
        KIND,
        "preserve_cancel_date",
        release_by_request,
    ),
    Endpoint::post(
        "subscription_schedules/{}/cancel",
        KIND,
        "invoice_now prorate",
        cancel,
    ),
];

fn create(state: &mut State, ask: &Ask<'_>) -> Answer {
    let fields = &ask.fields;
    let subscription = state.referred("subscription", fields, "from_subscription")?;
    if let Some(other) = subscription["schedule"].as_str() {
        let message = format!(
            "You cannot migrate a subscription that is already attached to a schedule: `{other}`."
        );
        return Err(Refusal::bad(message, "from_subscription"));
    }
    if !matches!(
        text(&subscription["status"]),
        "active" | "trialing" | "past_due"
    ) {
        let message = format!(
            "You cannot migrate a subscription that is {}.",
            text(&subscription["status"])
        );
        return Err(Refusal::bad(message, "from_subscription"));
    }
    let id = state.id("sub_sched");
    let (start, end) = billing::period_of(&subscription);
    let items = data(&subscription["items"]).iter();
    let items: Vec<Value> = items
        .map(|one| item(&one["price"]["id"], number(&one["quantity"])))
        .collect();
    let discounts = subscription["discounts"].as_array().into_iter().flatten();
    let discounts: Vec<Value> = discounts
        .map(|one| json!({ "coupon": null, "discount": one, "promotion_code": null }))
        .collect();
    let end_behavior = match subscription["cancel_at"].is_null() {
        true => "release",
        false => "cancel",
    };
    let mut phase = phase(
        (start, end),
        &subscription["currency"],
        items,
        json!(discounts),
    );
    for name in DIRECTION {
        phase[name] = subscription[name].clone();
    }
    state.put(json!({
        "id": id, "object": KIND, "application": null,
        "billing_mode": subscription["billing_mode"], "canceled_at": null, "completed_at": null,
        "created": state.now, "current_phase": { "start_date": start, "end_date": end },
        "customer": subscription["customer"], "customer_account": null,
        "default_settings": {
            "application_fee_percent": null, "billing_cycle_anchor": "automatic",
            "collection_method": "charge_automatically", "default_payment_method": null,
            "description": null, "on_behalf_of": null, "transfer_data": null,
        },
        "end_behavior": end_behavior, "livemode": false,
        "metadata": fields.metadata(&json!({})),
        "phases": [phase],
        "released_at": null, "released_subscription": null, "status": "active",
        "subscription": subscription["id"], "test_clock": null,
    }));
    attach(state, text(&subscription["id"]), json!(id));
    state.emit("subscription_schedule.created", &id);
    Ok(state.get(&id))
}

fn update(state: &mut State, ask: &Ask<'_>) -> Answer {
    let fields = &ask.fields;
    let before = state.find(KIND, ask.id)?;
    is_active(&before, "update")?;
    let mut object = before.clone();
    object["metadata"] = fields.metadata(&before["metadata"]);
    if let Some(behavior) = fields.one_of("end_behavior", &["cancel", "release"])? {
        object["end_behavior"] = json!(behavior);
    }
    let proration = ["always_invoice", "create_prorations", "none"];
    fields.one_of("proration_behavior", &proration)?;
    let wanted = fields.items("phases");
    if !wanted.is_empty() {
        object["phases"] = phases(state, &before, &wanted)?;
        let current = &object["phases"][0];
        object["current_phase"] =
            json!({ "start_date": current["start_date"], "end_date": current["end_date"] });
        point(state, text(&before["subscription"]), &object["phases"][0]);
    }
    state.put(object);
    state.emit_changed("subscription_schedule.updated", ask.id, &before);
    Ok(state.get(ask.id))
}

/// The money of a subscription goes where its phase says.
fn point(state: &mut State, subscription: &str, phase: &Value) {
    let before = state.get(subscription);
    state.change(subscription, |object| {
        for name in DIRECTION {
            object[name] = phase[name].clone();
        }
    });
    state.emit_changed("customer.subscription.updated", subscription, &before);
}

fn release_by_request(state: &mut State, ask: &Ask<'_>) -> Answer {
    let object = state.find(KIND, ask.id)?;
    is_active(&object, "release")?;
    release(state, ask.id);
    Ok(state.get(ask.id))
}

fn cancel(state: &mut State, ask: &Ask<'_>) -> Answer {
    let object = state.find(KIND, ask.id)?;
    is_active(&object, "cancel")?;
    ask.fields.flag("invoice_now")?;
    ask.fields.flag("prorate")?;
    billing::end(
        state,
        text(&object["subscription"]),
        "cancellation_requested",
    );
    Ok(state.get(ask.id))
}

fn is_active(schedule: &Value, act: &str) -> Result<(), Refusal> {
    let status = text(&schedule["status"]);
    match status {
        "active" | "not_started" => Ok(()),
        _ => Err(Refusal::unfit(format!(
            "You cannot {act} a subscription schedule that is currently in the `{status}` status."
        ))),
    }
}

/// Lets go of the subscription, which stays as it is.
fn release(state: &mut State, id: &str) {
    let object = state.get(id);
    let over = json!({
        "status": "released", "released_at": state.now, "subscription": null,
        "released_subscription": object["subscription"], "current_phase": null,
    });
    state.set(id, over);
    attach(state, text(&object["subscription"]), Value::Null);
    state.emit("subscription_schedule.released", id);
}

fn attach(state: &mut State, subscription: &str, schedule: Value) {
    let before = state.get(subscription);
    state.set(subscription, json!({ "schedule": schedule }));
    state.emit_changed("customer.subscription.updated", subscription, &before);
}

/// The subscription has ended, and its schedule with it.
pub(in super::super) fn end_with(state: &mut State, subscription: &str) {
    let id = state.text(subscription, "schedule");
    if state.peek(&id)["status"] == "active" {
        let over = json!({
            "status": "canceled", "canceled_at": state.now, "current_phase": null,
        });
        state.set(&id, over);
        state.emit("subscription_schedule.canceled", &id);
    }
}

/// When the current phase is over, in seconds since 1970.
pub(in super::super) fn phase_ends(schedule: &Value) -> Option<i64> {
    let is_active = schedule["status"] == "active";
    let ends = schedule["current_phase"]["end_date"].as_i64();
    ends.filter(|_| is_active)
}

/// The current phase is over: the next begins, or the schedule has done its work.
pub(in super::super) fn go_on(state: &mut State, id: &str) {
    let before = state.get(id);
    let subscription = text(&before["subscription"]).to_owned();
    let ends = &before["current_phase"]["end_date"];
    let phases = before["phases"].as_array().map(Vec::as_slice);
    let mut phases = phases.unwrap_or_default().iter();
    let Some(next) = phases.find(|phase| phase["start_date"] == *ends) else {
        if before["end_behavior"] == "cancel" {
            return billing::end(state, &subscription, "cancellation_requested");
        }
        return release(state, id);
    };
    let item = &next["items"][0];
    let price = state.get(text(&item["price"]));
    billing::discard(state, &subscription);
    point(state, &subscription, next);
    billing::begin_phase(state, &subscription, &price, number(&item["quantity"]));
    let current = json!({ "start_date": next["start_date"], "end_date": next["end_date"] });
    state.set(id, json!({ "current_phase": current }));
    state.emit_changed("subscription_schedule.updated", id, &before);
}
