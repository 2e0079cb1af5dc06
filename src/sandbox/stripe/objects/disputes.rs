//! Payments that the holder of the card disputes. <https://docs.stripe.com/api/disputes>

use serde_json::{Map, Value, json};

use super::balance;
use crate::sandbox::stripe::{
    billing::period::DAY,
    door::{Answer, Ask, Endpoint, Refusal},
    planned::Plan,
    state::{State, text},
};

/// How long one may answer, in days.
const ANSWERED_WITHIN: i64 = 9;
/// What may be said in one's defence.
const EVIDENCE: [&str; 27] = [
    "access_activity_log",
    "billing_address",
    "cancellation_policy",
    "cancellation_policy_disclosure",
    "cancellation_rebuttal",
    "customer_communication",
    "customer_email_address",
    "customer_name",
    "customer_purchase_ip",
    "customer_signature",
    "duplicate_charge_documentation",
    "duplicate_charge_explanation",
    "duplicate_charge_id",
    "product_description",
    "receipt",
    "refund_policy",
    "refund_policy_disclosure",
    "refund_refusal_explanation",
    "service_date",
    "service_documentation",
    "shipping_address",
    "shipping_carrier",
    "shipping_date",
    "shipping_documentation",
    "shipping_tracking_number",
    "uncategorized_file",
    "uncategorized_text",
];

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::list(
        "disputes",
        "dispute",
        "charge created[gt gte lt lte] payment_intent",
    ),
    Endpoint::retrieve("disputes/{}", "dispute"),
    Endpoint::post(
        "disputes/{}",
        "dispute",
        "evidence[*] metadata[*] submit",
        update,
    ),
    Endpoint::post("disputes/{}/close", "dispute", "", give_in),
];

/// Disputes a charge: the money goes until it is decided. Returns the dispute's id, nothing where the
/// charge was not paid or is disputed already.
pub(in super::super) fn open(state: &mut State, charge: &str, reason: &str) -> Option<String> {
    let before = state.get(charge);
    if before["status"] != "succeeded" || before["disputed"] == true {
        return None;
    }
    let id = state.id("du");
    let due_by = state.now + ANSWERED_WITHIN * DAY;
    let evidence = EVIDENCE
        .iter()
        .map(|name| ((*name).to_owned(), Value::Null));
    let mut evidence: Map<String, Value> = evidence.collect();
    evidence.insert("enhanced_evidence".to_owned(), json!({}));
    state.put(json!({
        "id": id, "object": "dispute", "amount": before["amount"], "balance_transactions": [],
        "charge": charge, "created": state.now, "currency": before["currency"],
        "enhanced_eligibility_types": [], "evidence": evidence,
        "evidence_details": {
            "due_by": due_by, "enhanced_eligibility": {}, "has_evidence": false,
            "past_due": false, "submission_count": 0,
        },
        "is_charge_refundable": false, "livemode": false, "metadata": {},
        "payment_intent": before["payment_intent"],
        "payment_method_details": {
            "card": {
                "brand": "visa", "case_type": "chargeback", "network": "visa",
                "network_reason_code": "10.4",
            },
            "type": "card",
        },
        "reason": reason, "status": "needs_response",
    }));
    state.set(charge, json!({ "disputed": true }));
    state.emit_changed("charge.updated", charge, &before);
    state.emit("charge.dispute.created", &id);
    let transaction = balance::of_dispute(state, &id);
    book(state, &id, &transaction);
    state.emit("charge.dispute.funds_withdrawn", &id);
    state.plan(ANSWERED_WITHIN * DAY, Plan::DisputeLost, &id);
    Some(id)
}

/// The bank has decided.
pub(in super::super) fn close(state: &mut State, id: &str, is_won: bool) {
    let before = state.get(id);
    if matches!(text(&before["status"]), "won" | "lost" | "") {
        return;
    }
    state.unplan(id);
    let status = if is_won { "won" } else { "lost" };
    state.set(id, json!({ "status": status }));
    if is_won {
        let transaction = balance::of_won_dispute(state, id);
        book(state, id, &transaction);
        state.emit("charge.dispute.funds_reinstated", id);
    }
    state.emit_changed("charge.dispute.closed", id, &before);
}

fn book(state: &mut State, id: &str, transaction: &str) {
    let transaction = state.get(transaction);
    state.change(id, |object| {
        if let Some(all) = object["balance_transactions"].as_array_mut() {
            all.push(transaction);
        }
    });
}

/// Takes evidence; Stripe's test words `winning_evidence` and `losing_evidence` decide at once.
/// Source: <https://docs.stripe.com/testing#evidence>
fn update(state: &mut State, ask: &Ask<'_>) -> Answer {
    let before = state.find("dispute", ask.id)?;
    let fields = &ask.fields;
    let evidence = fields.at("evidence");
    if !evidence.are_among(&EVIDENCE) {
        return Err(Refusal::unknown("evidence"));
    }
    let mut object = before.clone();
    object["metadata"] = fields.metadata(&before["metadata"]);
    if let Some(kept) = object["evidence"].as_object_mut() {
        evidence.copy(&EVIDENCE, kept);
    }
    let is_given = fields.has("evidence");
    let submits = is_given && fields.flag("submit")?.unwrap_or(true);
    if is_given {
        object["evidence_details"]["has_evidence"] = json!(true);
    }
    if submits && before["status"] == "needs_response" {
        object["status"] = json!("under_review");
        object["evidence_details"]["submission_count"] = json!(1);
        state.unplan(ask.id);
    }
    state.put(object);
    state.emit_changed("charge.dispute.updated", ask.id, &before);
    match (submits, evidence.text("uncategorized_text")) {
        (true, Some("winning_evidence")) => close(state, ask.id, true),
        (true, Some("losing_evidence")) => close(state, ask.id, false),
        _ => {}
    }
    Ok(state.get(ask.id))
}

fn give_in(state: &mut State, ask: &Ask<'_>) -> Answer {
    state.find("dispute", ask.id)?;
    close(state, ask.id, false);
    Ok(state.get(ask.id))
}
