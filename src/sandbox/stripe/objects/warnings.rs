//! Warnings of banks that a payment may be fraud. <https://docs.stripe.com/api/radar/early_fraud_warnings>

use serde_json::{Value, json};

use crate::sandbox::stripe::{door::Endpoint, state::State};

const KIND: &str = "radar.early_fraud_warning";

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::list(
        "radar/early_fraud_warnings",
        KIND,
        "charge created[gt gte lt lte] payment_intent",
    ),
    Endpoint::retrieve("radar/early_fraud_warnings/{}", KIND),
];

/// Warns of a charge. Returns the warning's id.
pub(in super::super) fn warn(state: &mut State, charge: &str) -> String {
    let id = state.id("issfr");
    state.put(json!({
        "id": id, "object": KIND, "actionable": true, "charge": charge, "created": state.now,
        "fraud_type": "unauthorized_use_of_card", "livemode": false,
        "payment_intent": state.peek(charge)["payment_intent"],
    }));
    state.emit("radar.early_fraud_warning.created", &id);
    id
}

/// Nothing is left to be done about a charge that has been refunded.
pub(super) fn settle(state: &mut State, charge: &str) {
    let about: Vec<Value> = state
        .of_kind(KIND)
        .filter(|warning| warning["charge"] == charge && warning["actionable"] == true)
        .cloned()
        .collect();
    for before in about {
        let id = before["id"].as_str().unwrap_or_default();
        state.set(id, json!({ "actionable": false }));
        state.emit_changed("radar.early_fraud_warning.updated", id, &before);
    }
}
