//! What a bank says of a debit that was on its way.
//! Source: <https://docs.stripe.com/payments/sepa-debit>

use serde_json::{Value, json};

use super::{
    HOUR,
    payment::{paid, subscription_of, unpaid},
};
use crate::sandbox::stripe::{
    objects::payments,
    state::{State, text},
};

/// The bank pays the intent, or refuses to.
pub(in super::super) fn decide(state: &mut State, intent: &str, pays: bool) {
    let object = state.get(intent);
    if object["status"] != "processing" {
        return;
    }
    let method = object["payment_method"].as_str();
    let payment = found(state, "invoice_payment", |payment| {
        payment["payment"]["payment_intent"] == intent
    });
    let invoice = payment["invoice"].as_str();
    let session = found(state, "checkout.session", |session| {
        session["payment_intent"] == intent
            || invoice.is_some_and(|invoice| session["invoice"] == invoice)
    });
    let session = session["id"].as_str();
    if pays {
        payments::succeed(state, intent, method);
        if let Some(invoice) = invoice {
            payments::settle(state, text(&payment["id"]));
            paid(state, invoice);
        }
    } else {
        payments::decline(state, intent, method);
        if let Some(invoice) = invoice {
            let own = state.note(invoice, "own_debit").clone();
            if own.is_object() {
                // Stripe's own tries go on as they would have.
                let next = own["next"].as_i64().map(|at| at.max(state.now + HOUR));
                state.set(invoice, json!({ "next_payment_attempt": next }));
            }
            unpaid(state, invoice, "invoice.payment_failed", own.is_object());
            fall_behind(state, invoice);
        }
    }
    let Some(session) = session else { return };
    if pays {
        state.set(session, json!({ "payment_status": "paid" }));
    }
    let event = match pays {
        true => "checkout.session.async_payment_succeeded",
        false => "checkout.session.async_payment_failed",
    };
    state.emit(event, session);
}

/// What began while its first payment was on its way.
fn fall_behind(state: &mut State, invoice: &str) {
    let subscription = subscription_of(state.peek(invoice)).to_owned();
    let before = state.get(&subscription);
    if before["status"] == "active" {
        state.set(&subscription, json!({ "status": "past_due" }));
        state.emit_changed("customer.subscription.updated", &subscription, &before);
    }
}

fn found(state: &State, kind: &str, is_it: impl Fn(&Value) -> bool) -> Value {
    let mut all = state.of_kind(kind);
    let one = all.find(|object| is_it(object));
    one.cloned().unwrap_or_default()
}
