//! What the account gets of each payment. <https://docs.stripe.com/api/balance_transactions>

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::sandbox::stripe::{
    door::Endpoint,
    state::{State, number},
};

/// Stripe's share of a payment: so many basis points, and so many minor units on top.
const FEE: (i64, i64) = (150, 25);
/// What Stripe takes for a dispute, in minor units.
const DISPUTE_FEE: i64 = 2_000;

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::list(
        "balance_transactions",
        "balance_transaction",
        "created[gt gte lt lte] currency source type",
    ),
    Endpoint::retrieve("balance_transactions/{}", "balance_transaction"),
    Endpoint::get("balance", "", |state, _| Ok(balance(state))),
];

/// What all transactions left, by currency. Nothing has been paid out yet.
/// <https://docs.stripe.com/api/balance/balance_object>
fn balance(state: &State) -> Value {
    let mut sums: BTreeMap<&str, i64> = BTreeMap::new();
    for transaction in state.of_kind("balance_transaction") {
        let currency = transaction["currency"].as_str().unwrap_or_default();
        *sums.entry(currency).or_default() += number(&transaction["net"]);
    }
    let funds = |sum: i64, currency: &str| json!({ "amount": sum, "currency": currency, "source_types": { "card": sum } });
    let pending: Vec<Value> = sums
        .iter()
        .map(|(currency, sum)| funds(*sum, currency))
        .collect();
    let available: Vec<Value> = sums.keys().map(|currency| funds(0, currency)).collect();
    json!({
        "object": "balance", "available": available, "pending": pending, "livemode": false,
    })
}

/// Books a payment less Stripe's fee. Returns the transaction's id.
pub(super) fn of_charge(state: &mut State, charge: &str) -> String {
    let amount = number(&state.peek(charge)["amount"]);
    let (share, fixed) = FEE;
    let fee = ((amount * share + 5_000) / 10_000 + fixed).min(amount);
    book(state, charge, ("charge", "charge"), amount, fee)
}

/// Gives back to the balance what a failed refund took. Returns the transaction's id.
pub(super) fn of_failed_refund(state: &mut State, refund: &str) -> String {
    let amount = number(&state.peek(refund)["amount"]);
    book(
        state,
        refund,
        ("refund_failure", "refund_failure"),
        amount,
        0,
    )
}

/// Takes a disputed payment from the balance, with Stripe's fee for the trouble. Returns the
/// transaction's id.
pub(super) fn of_dispute(state: &mut State, dispute: &str) -> String {
    let amount = number(&state.peek(dispute)["amount"]);
    let kinds = ("adjustment", "dispute");
    book(state, dispute, kinds, -amount, DISPUTE_FEE)
}

/// Gives back a payment whose dispute is won; the fee is not. Returns the transaction's id.
pub(super) fn of_won_dispute(state: &mut State, dispute: &str) -> String {
    let amount = number(&state.peek(dispute)["amount"]);
    book(
        state,
        dispute,
        ("adjustment", "dispute_reversal"),
        amount,
        0,
    )
}

/// Sends money on. Returns the transaction's id, as do those below.
pub(super) fn of_transfer(state: &mut State, transfer: &str) -> String {
    let amount = number(&state.peek(transfer)["amount"]);
    book(state, transfer, ("transfer", "transfer"), -amount, 0)
}

/// Money that was sent on comes back.
pub(super) fn of_reversal(state: &mut State, reversal: &str) -> String {
    let amount = number(&state.peek(reversal)["amount"]);
    let kinds = ("transfer_refund", "transfer_reversal");
    book(state, reversal, kinds, amount, 0)
}

/// What the application keeps of a payment that was sent on.
pub(super) fn of_application_fee(state: &mut State, fee: &str) -> String {
    let amount = number(&state.peek(fee)["amount"]);
    let kinds = ("application_fee", "platform_earning");
    book(state, fee, kinds, amount, 0)
}

/// The application gives back what it kept.
pub(super) fn of_fee_refund(state: &mut State, refund: &str) -> String {
    let amount = number(&state.peek(refund)["amount"]);
    let kinds = ("application_fee_refund", "platform_earning_refund");
    book(state, refund, kinds, -amount, 0)
}

/// Books a refund; the fee of the payment is not given back. Returns the transaction's id.
pub(super) fn of_refund(state: &mut State, refund: &str) -> String {
    let amount = number(&state.peek(refund)["amount"]);
    book(state, refund, ("refund", "refund"), -amount, 0)
}

fn book(
    state: &mut State,
    source: &str,
    (kind, category): (&str, &str),
    amount: i64,
    fee: i64,
) -> String {
    let id = state.id("txn");
    let currency = state.peek(source)["currency"].clone();
    let details: Vec<Value> = (fee > 0)
        .then(|| {
            json!({
                "amount": fee, "application": null, "currency": currency,
                "description": "Stripe processing fees", "type": "stripe_fee",
            })
        })
        .into_iter()
        .collect();
    state.put(json!({
        "id": id, "object": "balance_transaction", "amount": amount,
        "available_on": state.now + 7 * 24 * 60 * 60, "balance_type": "payments",
        "created": state.now, "currency": currency, "description": null,
        "exchange_rate": null, "fee": fee, "fee_details": details, "net": amount - fee,
        "reporting_category": category, "source": source, "status": "pending", "type": kind,
    }))
}
