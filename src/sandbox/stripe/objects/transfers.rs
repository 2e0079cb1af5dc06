//! Money sent on to connected accounts, and taken back. <https://docs.stripe.com/api/transfers>

use serde_json::{Value, json};

use super::{accounts, balance, fees};
use crate::sandbox::stripe::{
    door::{Answer, Ask, Endpoint, Fields, Refusal, found},
    state::{State, data, number, page, text},
};

const KIND: &str = "transfer";
const CREATE: &str = "amount currency description destination metadata[*] source_transaction \
    transfer_group";

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::list(
        "transfers",
        KIND,
        "created[gt gte lt lte] destination transfer_group",
    ),
    Endpoint::retrieve("transfers/{}", KIND),
    Endpoint::post("transfers", KIND, CREATE, create),
    Endpoint::post("transfers/{}", KIND, "description metadata[*]", update),
    Endpoint::get(
        "transfers/{}/reversals",
        "limit starting_after ending_before",
        reversals,
    ),
    Endpoint::post(
        "transfers/{}/reversals",
        KIND,
        "amount description metadata[*] refund_application_fee",
        take_back,
    ),
];

fn create(state: &mut State, ask: &Ask<'_>) -> Answer {
    let fields = &ask.fields;
    let currency = fields.currency()?;
    let account = accounts::destination(state, fields, "destination")?;
    let amount = fields.amount("amount")?;
    let amount = amount.ok_or_else(|| Refusal::required("amount"))?;
    let source = match fields.has("source_transaction") {
        true => Some(state.referred("charge", fields, "source_transaction")?),
        false => None,
    };
    let source = source.map(|charge| text(&charge["id"]).to_owned());
    let id = put(
        state,
        text(&account["id"]),
        amount,
        &json!(currency),
        source.as_deref(),
    );
    let metadata = fields.metadata(&json!({}));
    state.set(
        &id,
        json!({
            "metadata": metadata, "description": fields.text("description"),
            "transfer_group": fields.text("transfer_group"),
        }),
    );
    Ok(state.get(&id))
}

fn update(state: &mut State, ask: &Ask<'_>) -> Answer {
    let before = state.find(KIND, ask.id)?;
    let metadata = ask.fields.metadata(&before["metadata"]);
    state.set(ask.id, json!({ "metadata": metadata }));
    state.emit_changed("transfer.updated", ask.id, &before);
    Ok(state.get(ask.id))
}

/// Sends money on. Returns the transfer's id.
fn put(
    state: &mut State,
    account: &str,
    amount: i64,
    currency: &Value,
    source: Option<&str>,
) -> String {
    let id = state.id("tr");
    let payment = state.id("py");
    state.put(json!({
        "id": id, "object": KIND, "amount": amount, "amount_reversed": 0,
        "balance_transaction": null, "created": state.now, "currency": currency,
        "description": null, "destination": account, "destination_payment": payment,
        "livemode": false, "metadata": {},
        "reversals": page(vec![], &format!("/v1/transfers/{id}/reversals")),
        "reversed": false, "source_transaction": source, "source_type": "card",
        "transfer_group": null,
    }));
    let transaction = balance::of_transfer(state, &id);
    state.set(&id, json!({ "balance_transaction": transaction }));
    state.emit("transfer.created", &id);
    id
}

/// A charge that names where it goes has been paid: the money is sent on, less the application's fee.
/// Source: <https://docs.stripe.com/connect/destination-charges>
pub(super) fn send_on(state: &mut State, charge: &str) {
    let object = state.get(charge);
    let Some(account) = object["transfer_data"]["destination"].as_str() else {
        return;
    };
    let amount = object["transfer_data"]["amount"].as_i64();
    let amount = amount.unwrap_or_else(|| number(&object["amount"]));
    let transfer = put(state, account, amount, &object["currency"], Some(charge));
    let group = format!("group_{}", text(&object["payment_intent"]));
    state.set(&transfer, json!({ "transfer_group": group }));
    state.set(
        charge,
        json!({ "transfer": transfer, "transfer_group": group }),
    );
    let fee = number(&object["application_fee_amount"]);
    if fee > 0 {
        let fee = fees::put(state, charge, account, fee);
        state.set(charge, json!({ "application_fee": fee }));
    }
}

/// Takes the part of a charge's transfer back that a refund of `amount` asks for. Returns the reversal's id.
pub(super) fn follow_refund(state: &mut State, charge: &Value, amount: i64) -> Option<String> {
    let id = charge["transfer"].as_str()?;
    let transfer = state.get(id);
    let left = number(&transfer["amount"]) - number(&transfer["amount_reversed"]);
    let whole = number(&charge["amount"]).max(1);
    let is_last = number(&charge["amount_refunded"]) + amount >= whole;
    let part = match is_last {
        true => left,
        false => (number(&transfer["amount"]) * amount / whole).min(left),
    };
    (part > 0).then(|| reverse(state, id, part))
}

fn take_back(state: &mut State, ask: &Ask<'_>) -> Answer {
    let transfer = state.find(KIND, ask.id)?;
    let left = number(&transfer["amount"]) - number(&transfer["amount_reversed"]);
    let amount = ask.fields.amount("amount")?.unwrap_or(left);
    if left == 0 {
        let message = format!("Transfer {} is already fully reversed.", ask.id);
        return Err(Refusal::unfit(message));
    }
    if amount == 0 || amount > left {
        let message = "The amount to reverse is greater than what is left of the transfer.";
        return Err(Refusal::bad(message, "amount"));
    }
    let with_fee = ask.fields.flag("refund_application_fee")? == Some(true);
    let id = reverse(state, ask.id, amount);
    if with_fee {
        let charge = state.get(text(&transfer["source_transaction"]));
        fees::give_back(state, &charge, amount, number(&transfer["amount"]));
    }
    Ok(state.get(&id))
}

fn reverse(state: &mut State, transfer: &str, amount: i64) -> String {
    let before = state.get(transfer);
    let id = state.id("trr");
    state.put(json!({
        "id": id, "object": "transfer_reversal", "amount": amount, "balance_transaction": null,
        "created": state.now, "currency": before["currency"],
        "destination_payment_refund": null, "metadata": {}, "source_refund": null,
        "transfer": transfer,
    }));
    let transaction = balance::of_reversal(state, &id);
    state.set(&id, json!({ "balance_transaction": transaction }));
    let reversal = state.get(&id);
    let reversed = number(&before["amount_reversed"]) + amount;
    state.change(transfer, |object| {
        object["amount_reversed"] = json!(reversed);
        object["reversed"] = json!(object["amount"] == reversed);
        if let Some(all) = object["reversals"]["data"].as_array_mut() {
            all.push(reversal);
        }
    });
    state.emit_changed("transfer.reversed", transfer, &before);
    id
}

fn reversals(state: &mut State, ask: &Ask<'_>) -> Answer {
    let transfer = state.find(KIND, ask.id)?;
    found(
        data(&transfer["reversals"]).iter(),
        &ask.fields,
        "transfer_reversal",
        ask.path,
    )
}

/// What a request says of where the money goes, as it stands on the object it makes.
pub(in super::super) fn direction(state: &State, fields: &Fields<'_>) -> Answer {
    let mut direct = json!({});
    if fields.unsets("transfer_data") {
        direct["transfer_data"] = Value::Null;
    } else if fields.has("transfer_data") {
        let data = fields.at("transfer_data");
        let account = accounts::destination(state, &data, "destination")?;
        direct["transfer_data"] =
            json!({ "amount": data.amount("amount")?, "destination": account["id"] });
    }
    if fields.has("on_behalf_of") {
        let account = state.referred("account", fields, "on_behalf_of")?;
        direct["on_behalf_of"] = account["id"].clone();
    }
    fees::asked(fields, &mut direct)?;
    Ok(direct)
}
