//! Pausing a subscription on demand, and going on with it.
//! Source: <https://docs.stripe.com/billing/subscriptions/pause>

use serde_json::{Value, json};

use crate::sandbox::stripe::{
    billing::{self, Attempt, Cost},
    door::{Answer, Ask, Refusal},
    state::{State, text},
};

/// Stops billing until the subscription is resumed; the time left is credited with the next invoice.
pub(super) fn pause(state: &mut State, ask: &Ask<'_>) -> Answer {
    let fields = &ask.fields;
    let object = state.find("subscription", ask.id)?;
    if !matches!(
        text(&object["status"]),
        "active" | "trialing" | "past_due" | "unpaid"
    ) {
        let message = format!(
            "You cannot pause a subscription whose status is {}.",
            text(&object["status"])
        );
        return Err(Refusal::unfit(message));
    }
    fields.one_of("type", &["subscription"])?;
    fields.one_of("invoicing_behavior", &["pending_invoice_item"])?;
    let unused = fields.at("bill_for").at("unused_time_from");
    if unused.one_of("type", &["now", "none"])? != Some("none") && object["status"] == "active" {
        let lines = billing::unused(state, &object, state.now);
        billing::settle(state, ask.id, Cost::later(lines));
    }
    let since = state.now;
    state.set(
        ask.id,
        json!({
            "status": "paused",
            "status_details": { "paused": {
                "type": "subscription", "subscription": { "type": "pause_requested" },
                "transitioned_at": since,
            } },
        }),
    );
    state.emit("customer.subscription.paused", ask.id);
    Ok(state.get(ask.id))
}

/// Begins a new period and bills it; where the request wants that, only a payment resumes.
pub(super) fn resume(state: &mut State, ask: &Ask<'_>) -> Answer {
    let fields = &ask.fields;
    let object = state.find("subscription", ask.id)?;
    if object["status"] != "paused" {
        let message = "Resuming a subscription that is not paused is not possible.";
        return Err(Refusal::unfit(message));
    }
    let anchors = ["now", "unchanged"];
    let anchor = match fields.text("billing_cycle_anchor") {
        Some(_) => fields.one_of("billing_cycle_anchor", &anchors)?,
        None => fields.at("billing_cycle_anchor").one_of("type", &anchors)?,
    };
    let behaviors = ["resume_on_payment_attempt", "resume_on_payment_success"];
    let wants_payment =
        fields.one_of("payment_behavior", &behaviors)? == Some("resume_on_payment_success");
    let (_, end) = billing::period_of(&object);
    if anchor == Some("unchanged") && end > state.now {
        run_again(state, ask.id, "active");
        return Ok(state.get(ask.id));
    }
    let attempt = billing::begin_anew(state, ask.id);
    match (attempt, wants_payment) {
        (Attempt::Paid, _) => run_again(state, ask.id, "active"),
        (_, false) => run_again(state, ask.id, "past_due"),
        (_, true) => {}
    }
    Ok(state.get(ask.id))
}

fn run_again(state: &mut State, id: &str, status: &str) {
    let running = json!({ "status": status, "status_details": Value::Null });
    state.set(id, running);
    state.emit("customer.subscription.resumed", id);
}
