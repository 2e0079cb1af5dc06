//! Paying an invoice, or not: what happens to the invoice, its payment and its subscription.

use serde_json::{Value, json};

use super::{card, end, pending, period::DAY};
use crate::sandbox::stripe::{
    WhenUnpaid,
    cards::{Card, Outcome},
    objects::{fees, payment_methods, payments},
    state::{State, number, text},
};

/// Days after an unpaid renewal at which it is tried again; after the last Stripe gives up.
const RETRIES: [i64; 3] = [3, 5, 7];

/// What came of an attempt to pay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Attempt {
    Paid,
    Declined,
    NeedsPayer,
    /// On its way from a bank account.
    Processing,
    /// The invoice is not open.
    Idle,
}

/// A payment of its own, without an invoice.
pub(in super::super) struct Payment<'a> {
    pub customer: Option<&'a str>,
    /// Minor units.
    pub amount: i64,
    pub currency: &'a Value,
    pub metadata: Value,
    pub description: Option<&'a str>,
    pub email: &'a str,
    pub card: Card,
    /// To whom the money goes, as `transfers::direction` reads it.
    pub direction: Value,
}

/// Makes the payment that an opened invoice waits for.
pub(super) fn expect(state: &mut State, invoice: &str) {
    let object = state.get(invoice);
    let intent = payments::intent(state, &object["amount_due"], &object["currency"]);
    let first = object["billing_reason"] == "subscription_create";
    let description = match first {
        true => "Subscription creation",
        false => "Subscription update",
    };
    state.set(
        &intent,
        json!({ "customer": object["customer"], "description": description }),
    );
    let subscription = state.get(subscription_of(&object));
    if subscription["transfer_data"].is_object() {
        let fee = fees::of_invoice(&subscription, number(&object["amount_due"]));
        state.set(
            &intent,
            json!({
                "application_fee_amount": fee, "transfer_data": subscription["transfer_data"],
                "on_behalf_of": subscription["on_behalf_of"],
            }),
        );
    }
    let payment = payments::invoice_payment(state, &object, &intent);
    state.set_note(invoice, "intent", json!(intent));
    state.push_note(invoice, "payments", json!(payment));
    state.emit("payment_intent.created", &intent);
}

/// Tries to pay an open invoice, unless its payment is on its way. `is_present`: the payer is there, and it is her own
/// attempt, which does not count among Stripe's, be it the first.
/// Source: <https://docs.stripe.com/api/invoices/object#invoice_object-attempt_count>
pub(in super::super) fn attempt(state: &mut State, invoice: &str, is_present: bool) -> Attempt {
    let object = state.get(invoice);
    let intent = text(state.note(invoice, "intent")).to_owned();
    if object["status"] != "open" || state.peek(&intent)["status"] == "processing" {
        return Attempt::Idle;
    }
    let count = number(&object["attempt_count"]);
    let count = if is_present { count.max(1) } else { count + 1 };
    state.set(
        invoice,
        json!({ "attempted": true, "attempt_count": count }),
    );
    if number(&object["amount_due"]) == 0 {
        paid(state, invoice);
        return Attempt::Paid;
    }
    let subscription = subscription_of(&object).to_owned();
    let card = card(state, state.peek(&subscription));
    let method = card.as_ref().map(|(id, _)| id.as_str());
    let outcome = card
        .as_ref()
        .map_or(Outcome::Declined, |(_, card)| card.charge(is_present));
    match outcome {
        Outcome::Paid => {
            payments::succeed(state, &intent, method);
            let payment = state.note(invoice, "payments")[0].clone();
            payments::settle(state, text(&payment));
            paid(state, invoice);
            Attempt::Paid
        }
        Outcome::Declined => {
            payments::decline(state, &intent, method);
            unpaid(state, invoice, "invoice.payment_failed", is_present);
            Attempt::Declined
        }
        Outcome::NeedsPayer => {
            payments::ask(state, &intent, method);
            let event = "invoice.payment_action_required";
            unpaid(state, invoice, event, is_present);
            Attempt::NeedsPayer
        }
        Outcome::Processing => {
            payments::process(state, &intent, method.unwrap_or_default());
            // Nothing more is tried until the bank has answered.
            let own = is_present.then(|| object["next_payment_attempt"].clone());
            state.set_note(
                invoice,
                "own_debit",
                json!(own.map(|next| json!({ "next": next }))),
            );
            state.set(invoice, json!({ "next_payment_attempt": null }));
            begin(state, &subscription);
            Attempt::Processing
        }
    }
}

/// A subscription starts as soon as its first payment is on its way.
fn begin(state: &mut State, id: &str) {
    let before = state.get(id);
    if before["status"] == "incomplete" {
        state.set(id, json!({ "status": "active" }));
        state.emit_changed("customer.subscription.updated", id, &before);
    }
}

/// Takes a payment of its own at once. Returns the payment intent's id.
pub(in super::super) fn pay(state: &mut State, payment: &Payment<'_>) -> String {
    let intent = payments::intent(state, &json!(payment.amount), payment.currency);
    state.set(
        &intent,
        json!({
            "customer": payment.customer, "metadata": payment.metadata,
            "description": payment.description, "receipt_email": payment.email,
        }),
    );
    state.set(&intent, payment.direction.clone());
    state.emit("payment_intent.created", &intent);
    let method = payment_methods::put(state, payment.customer, payment.card);
    match payment.card.charge(true) {
        Outcome::Processing => payments::process(state, &intent, &method),
        _ => payments::succeed(state, &intent, Some(&method)),
    }
    intent
}

/// The subscription an invoice bills.
pub(in super::super) fn subscription_of(invoice: &Value) -> &str {
    text(&invoice["parent"]["subscription_details"]["subscription"])
}

pub(super) fn paid(state: &mut State, invoice: &str) {
    let now = state.now;
    state.change(invoice, |object| {
        object["status"] = json!("paid");
        object["amount_paid"] = object["amount_due"].clone();
        object["amount_remaining"] = json!(0);
        object["next_payment_attempt"] = Value::Null;
        object["auto_advance"] = json!(false);
        object["status_transitions"]["paid_at"] = json!(now);
    });
    state.emit("invoice.paid", invoice);
    state.emit("invoice.payment_succeeded", invoice);
    let id = subscription_of(state.peek(invoice)).to_owned();
    pending::apply(state, &id, invoice);
    let before = state.get(&id);
    let waits = matches!(
        text(&before["status"]),
        "incomplete" | "past_due" | "unpaid"
    );
    if waits && before["latest_invoice"] == invoice {
        state.set(&id, json!({ "status": "active" }));
        state.emit_changed("customer.subscription.updated", &id, &before);
    }
}

pub(super) fn unpaid(state: &mut State, invoice: &str, event: &str, is_own_attempt: bool) {
    let object = state.get(invoice);
    let id = subscription_of(&object).to_owned();
    let is_first = object["billing_reason"] == "subscription_create";
    let is_latest = state.peek(&id)["latest_invoice"] == invoice;
    // What only waits to be changed goes on as it is.
    let retries = !is_first && is_latest && !pending::is_for(state, &id, invoice);
    if retries && !is_own_attempt {
        let tried = number(state.note(invoice, "tried")) + 1;
        state.set_note(invoice, "tried", json!(tried));
        let nth = usize::try_from(tried - 1).unwrap_or_default();
        let since = number(&object["created"]);
        let next = RETRIES.get(nth).map(|days| since + days * DAY);
        state.set(invoice, json!({ "next_payment_attempt": next }));
    }
    state.emit(event, invoice);
    let before = state.get(&id);
    if retries && matches!(text(&before["status"]), "active" | "trialing") {
        state.set(&id, json!({ "status": "past_due" }));
        state.emit_changed("customer.subscription.updated", &id, &before);
    }
    let over = state.peek(invoice)["next_payment_attempt"].is_null();
    if retries && !is_own_attempt && over {
        give_up(state, &id);
    }
}

/// After the last failure: as the account's settings want it.
fn give_up(state: &mut State, id: &str) {
    let before = state.get(id);
    match state.when_unpaid {
        WhenUnpaid::Cancel => end(state, id, "payment_failed"),
        WhenUnpaid::MarkUnpaid => {
            state.set(id, json!({ "status": "unpaid" }));
            state.emit_changed("customer.subscription.updated", id, &before);
        }
        WhenUnpaid::LeavePastDue => {}
    }
}
