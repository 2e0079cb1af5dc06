//! Money that goes back. <https://docs.stripe.com/api/refunds>

use serde_json::{Value, json};

use super::{balance, disputes, fees, payment_methods, transfers, warnings};
use crate::{
    money::Money,
    sandbox::stripe::{
        cards::Card,
        door::{Answer, Ask, Endpoint, Refusal},
        planned::{MOMENT, Plan},
        state::{State, number, text},
    },
};

const CREATE: &str = "amount charge currency instructions_email metadata[*] payment_intent reason \
    refund_application_fee reverse_transfer";
const REASONS: [&str; 3] = ["duplicate", "fraudulent", "requested_by_customer"];

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::list(
        "refunds",
        "refund",
        "charge created[gt gte lt lte] payment_intent",
    ),
    Endpoint::retrieve("refunds/{}", "refund"),
    Endpoint::post("refunds", "refund", CREATE, create),
    Endpoint::post("refunds/{}", "refund", "metadata[*]", update),
];

fn create(state: &mut State, ask: &Ask<'_>) -> Answer {
    let fields = &ask.fields;
    let charge = match fields.has("charge") {
        true => state.referred("charge", fields, "charge")?,
        false if fields.has("payment_intent") => {
            let intent = state.referred("payment_intent", fields, "payment_intent")?;
            let charge = state.get(text(&intent["latest_charge"]));
            if charge["status"] != "succeeded" {
                let message = format!(
                    "This PaymentIntent ({}) does not have a successful charge to refund.",
                    text(&intent["id"])
                );
                return Err(Refusal::unfit(message));
            }
            charge
        }
        false => {
            let message = "One of the following params should be provided for this request: \
                           payment_intent or charge.";
            return Err(Refusal::unfit(message));
        }
    };
    let left = number(&charge["amount"]) - number(&charge["amount_refunded"]);
    let amount = fields.amount("amount")?.unwrap_or(left);
    let currency = text(&charge["currency"]);
    let written = |amount: i64| Money::new(amount, currency).format("en");
    let id = text(&charge["id"]);
    if left == 0 {
        let message = format!("Charge {id} has already been refunded.");
        return Err(Refusal::invalid("charge_already_refunded", message, ""));
    }
    // While a dispute is open and when it is lost; not of what is won, or was only asked about.
    let is_taken = |one: &Value| one["charge"] == id && one["is_charge_refundable"] == false;
    if state.of_kind("dispute").any(is_taken) {
        let message = format!("Charge {id} has been charged back; cannot issue a refund.");
        return Err(Refusal::invalid("charge_disputed", message, ""));
    }
    if amount == 0 || amount > left {
        let message = match amount {
            0 => "This value must be greater than or equal to 1.".to_owned(),
            amount => format!(
                "Refund amount ({}) is greater than unrefunded amount on charge ({})",
                written(amount),
                written(left)
            ),
        };
        return Err(Refusal::bad(message, "amount"));
    }
    let reason = fields.one_of("reason", &REASONS)?;
    let metadata = fields.metadata(&json!({}));
    let (reverses, with_fee) = (
        fields.flag("reverse_transfer")? == Some(true),
        fields.flag("refund_application_fee")? == Some(true),
    );
    for (asked, name) in [(reverses, "transfer"), (with_fee, "application_fee")] {
        if asked && charge[name].is_null() {
            let words = name.replace('_', " ");
            let message = format!("Charge {id} has no {words} that could be given back.");
            return Err(Refusal::unfit(message));
        }
    }
    let back = GoesBack { reverses, with_fee };
    let refund = put_with(state, &charge, amount, (reason, metadata), back);
    Ok(state.get(&refund))
}

/// What goes back with a refund of a charge whose money was sent on.
/// Source: <https://docs.stripe.com/connect/destination-charges#issue-refunds>
#[derive(Clone, Copy, Default)]
struct GoesBack {
    reverses: bool,
    with_fee: bool,
}

/// Refunds a part of a charge, or what is left of it. Returns the refund's id.
pub(in super::super) fn put(
    state: &mut State,
    charge: &Value,
    amount: i64,
    reason: Option<&str>,
    metadata: Value,
) -> String {
    put_with(
        state,
        charge,
        amount,
        (reason, metadata),
        GoesBack::default(),
    )
}

fn put_with(
    state: &mut State,
    charge: &Value,
    amount: i64,
    (reason, metadata): (Option<&str>, Value),
    back: GoesBack,
) -> String {
    let id = state.id("re");
    let reversal = match back.reverses {
        true => transfers::follow_refund(state, charge, amount),
        false => None,
    };
    if back.with_fee {
        fees::give_back(state, charge, amount, number(&charge["amount"]));
    }
    let of = text(&charge["id"]).to_owned();
    state.put(json!({
        "id": id, "object": "refund", "amount": amount, "balance_transaction": null,
        "charge": of, "created": state.now, "currency": charge["currency"],
        "customer": charge["customer"],
        "destination_details": {
            "card": {
                "reference": "pending", "reference_status": "pending",
                "reference_type": "acquirer_reference_number", "type": "refund",
            },
            "type": "card",
        },
        "customer_account": null, "metadata": metadata,
        "payment_intent": charge["payment_intent"],
        "payment_method": charge["payment_method"], "reason": reason,
        "receipt_number": null, "source_transfer_reversal": null, "status": "succeeded",
        "transfer_reversal": reversal,
    }));
    match payment_methods::card(state, text(&charge["payment_method"])) {
        Some(Card::RefundsLater) => {
            state.set(&id, json!({ "status": "pending" }));
            state.plan(MOMENT, Plan::RefundSucceeds, &id);
        }
        Some(Card::RefundFails) => state.plan(MOMENT, Plan::RefundFails, &id),
        _ => {}
    }
    let transaction = balance::of_refund(state, &id);
    state.set(&id, json!({ "balance_transaction": transaction }));
    state.push_note(&of, "refunds", json!(id));
    let before = state.get(&of);
    let refunded = number(&before["amount_refunded"]) + amount;
    let is_whole = before["amount"] == refunded;
    state.set(
        &of,
        json!({ "amount_refunded": refunded, "refunded": is_whole }),
    );
    state.emit("refund.created", &id);
    state.emit_changed("charge.refunded", &of, &before);
    warnings::settle(state, &of);
    if is_whole {
        disputes::settle(state, &of);
    }
    id
}

/// A refund that was on its way has arrived.
pub(in super::super) fn succeed(state: &mut State, id: &str) {
    let before = state.get(id);
    state.set(id, json!({ "status": "succeeded" }));
    state.emit_changed("refund.updated", id, &before);
    state.emit_changed("charge.refund.updated", id, &before);
}

/// A refund could not be paid out: the money is back in the balance.
/// Source: <https://docs.stripe.com/refunds#failed-refunds>
pub(in super::super) fn fail(state: &mut State, id: &str) {
    let before = state.get(id);
    if !matches!(text(&before["status"]), "pending" | "succeeded") {
        return;
    }
    state.unplan(id);
    let transaction = balance::of_failed_refund(state, id);
    state.set(
        id,
        json!({
            "status": "failed", "failure_reason": "expired_or_canceled_card",
            "failure_balance_transaction": transaction,
        }),
    );
    let of = text(&before["charge"]);
    let charge = state.get(of);
    let refunded = number(&charge["amount_refunded"]) - number(&before["amount"]);
    state.set(
        of,
        json!({ "amount_refunded": refunded, "refunded": false }),
    );
    state.emit_changed("refund.failed", id, &before);
    state.emit_changed("charge.refund.updated", id, &before);
    state.emit_changed("charge.updated", of, &charge);
}

fn update(state: &mut State, ask: &Ask<'_>) -> Answer {
    let before = state.find("refund", ask.id)?;
    let metadata = ask.fields.metadata(&before["metadata"]);
    state.set(ask.id, json!({ "metadata": metadata }));
    state.emit_changed("refund.updated", ask.id, &before);
    Ok(state.get(ask.id))
}
