//! What the application keeps of a charge whose money goes on. <https://docs.stripe.com/api/application_fees>

use serde_json::{Value, json};

use super::balance;
use crate::sandbox::stripe::{
    door::{Answer, Ask, Endpoint, Fields, Refusal, found},
    state::{State, data, number, page, text},
};

const KIND: &str = "application_fee";

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::list("application_fees", KIND, "charge created[gt gte lt lte]"),
    Endpoint::retrieve("application_fees/{}", KIND),
    Endpoint::get(
        "application_fees/{}/refunds",
        "limit starting_after ending_before",
        refunds,
    ),
    Endpoint::post(
        "application_fees/{}/refunds",
        KIND,
        "amount metadata[*]",
        refund,
    ),
];

/// Keeps a part of a charge. Returns the fee's id.
pub(super) fn put(state: &mut State, charge: &str, account: &str, amount: i64) -> String {
    let id = state.id("fee");
    let currency = state.peek(charge)["currency"].clone();
    state.put(json!({
        "id": id, "object": KIND, "account": account, "amount": amount, "amount_refunded": 0,
        "application": "ca_sandbox", "balance_transaction": null, "charge": charge,
        "created": state.now, "currency": currency,
        "fee_source": { "charge": charge, "type": "charge" }, "livemode": false,
        "originating_transaction": charge, "refunded": false,
        "refunds": page(vec![], &format!("/v1/application_fees/{id}/refunds")),
    }));
    let transaction = balance::of_application_fee(state, &id);
    state.set(&id, json!({ "balance_transaction": transaction }));
    state.emit("application_fee.created", &id);
    id
}

/// Gives the part of a charge's fee back that belongs to `amount` of `whole`.
pub(super) fn give_back(state: &mut State, charge: &Value, amount: i64, whole: i64) {
    let Some(id) = charge["application_fee"].as_str() else {
        return;
    };
    let fee = state.get(id);
    let left = number(&fee["amount"]) - number(&fee["amount_refunded"]);
    let before = number(&charge["amount_refunded"]);
    let part = match before + amount >= whole {
        true => left,
        false => (number(&fee["amount"]) * amount / whole.max(1)).min(left),
    };
    if part > 0 {
        put_refund(state, id, part);
    }
}

fn refund(state: &mut State, ask: &Ask<'_>) -> Answer {
    let fee = state.find(KIND, ask.id)?;
    let left = number(&fee["amount"]) - number(&fee["amount_refunded"]);
    let amount = ask.fields.amount("amount")?.unwrap_or(left);
    if amount == 0 || amount > left {
        let message = "The amount is greater than what is left of the application fee.";
        return Err(Refusal::bad(message, "amount"));
    }
    let id = put_refund(state, ask.id, amount);
    Ok(state.get(&id))
}

fn put_refund(state: &mut State, fee: &str, amount: i64) -> String {
    let before = state.get(fee);
    let id = state.id("fr");
    state.put(json!({
        "id": id, "object": "fee_refund", "amount": amount, "balance_transaction": null,
        "created": state.now, "currency": before["currency"], "fee": fee, "metadata": {},
    }));
    let transaction = balance::of_fee_refund(state, &id);
    state.set(&id, json!({ "balance_transaction": transaction }));
    let refund = state.get(&id);
    let refunded = number(&before["amount_refunded"]) + amount;
    state.change(fee, |object| {
        object["amount_refunded"] = json!(refunded);
        object["refunded"] = json!(object["amount"] == refunded);
        if let Some(all) = object["refunds"]["data"].as_array_mut() {
            all.push(refund);
        }
    });
    state.emit_changed("application_fee.refunded", fee, &before);
    id
}

fn refunds(state: &mut State, ask: &Ask<'_>) -> Answer {
    let fee = state.find(KIND, ask.id)?;
    found(
        data(&fee["refunds"]).iter(),
        &ask.fields,
        "fee_refund",
        ask.path,
    )
}

/// Reads `application_fee_percent` and `application_fee_amount` into `direct`.
pub(super) fn asked(fields: &Fields<'_>, direct: &mut Value) -> Result<(), Refusal> {
    if fields.unsets("application_fee_percent") {
        direct["application_fee_percent"] = Value::Null;
    } else if let Some(typed) = fields.text("application_fee_percent") {
        let decimals = typed.split_once('.').map_or(0, |(_, after)| after.len());
        let percent = typed.parse::<f64>().ok();
        let percent = percent.filter(|percent| (0.0..=100.0).contains(percent) && decimals <= 2);
        let Some(percent) = percent else {
            let message = "Invalid application_fee_percent: must be between 0 and 100, with at \
                           most two decimals";
            let param = fields.param("application_fee_percent");
            return Err(Refusal::bad(message, &param));
        };
        direct["application_fee_percent"] = json!(percent);
    }
    if let Some(amount) = fields.amount("application_fee_amount")? {
        direct["application_fee_amount"] = json!(amount);
    }
    Ok(())
}

/// What the application keeps of an invoice's payment, in minor units.
pub(in super::super) fn of_invoice(subscription: &Value, amount: i64) -> Option<i64> {
    let percent = subscription["application_fee_percent"].as_f64()?;
    let basis: i64 = format!("{:.0}", percent * 100.0).parse().ok()?;
    Some((amount * basis + 5_000) / 10_000)
        .filter(|fee| *fee > 0 && !text(&subscription["id"]).is_empty())
}
