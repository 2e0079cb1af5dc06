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
/// How long what a bank only asks about stays open, in days.
const ASKS_FOR: i64 = 120;
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
/// charge was not paid or is disputed already. What a bank has only asked about becomes the dispute.
pub(in super::super) fn open(state: &mut State, charge: &str, reason: &str) -> Option<String> {
    let before = state.get(charge);
    if before["status"] != "succeeded" || before["disputed"] == true {
        return None;
    }
    let asked = of(state, charge).filter(|asked| text(&asked["status"]).starts_with("warning_"));
    let asked = asked.filter(|asked| asked["status"] != "warning_closed");
    let id = match &asked {
        Some(asked) => text(&asked["id"]).to_owned(),
        None => put(state, &before, reason),
    };
    state.unplan(&id);
    state.change(&id, |object| {
        object["status"] = json!("needs_response");
        object["is_charge_refundable"] = json!(false);
        object["payment_method_details"]["card"]["case_type"] = json!("chargeback");
    });
    state.set(charge, json!({ "disputed": true }));
    state.emit_changed("charge.updated", charge, &before);
    match &asked {
        Some(asked) => state.emit_changed("charge.dispute.updated", &id, asked),
        None => drop(state.emit("charge.dispute.created", &id)),
    }
    let transaction = balance::of_dispute(state, &id);
    book(state, &id, &transaction);
    state.emit("charge.dispute.funds_withdrawn", &id);
    state.plan(ANSWERED_WITHIN * DAY, Plan::DisputeLost, &id);
    Some(id)
}

/// The bank asks about a charge before it disputes it: no money moves. Returns the id of what is asked, nothing
/// where the charge was not paid, or something was asked or disputed already.
/// Source: <https://docs.stripe.com/disputes/how-disputes-work#inquiries>
pub(in super::super) fn inquire(state: &mut State, charge: &str, reason: &str) -> Option<String> {
    let object = state.get(charge);
    if object["status"] != "succeeded" || of(state, charge).is_some() {
        return None;
    }
    let id = put(state, &object, reason);
    state.emit("charge.dispute.created", &id);
    state.plan(ASKS_FOR * DAY, Plan::InquiryOver, &id);
    Some(id)
}

/// The latest that is known of a charge.
pub(in super::super) fn of(state: &State, charge: &str) -> Option<Value> {
    let mut all = state.of_kind("dispute").rev();
    all.find(|dispute| dispute["charge"] == charge).cloned()
}

/// Puts what a bank asks there. Returns its id.
fn put(state: &mut State, charge: &Value, reason: &str) -> String {
    let id = state.id("du");
    let due_by = state.now + ANSWERED_WITHIN * DAY;
    let evidence = EVIDENCE
        .iter()
        .map(|name| ((*name).to_owned(), Value::Null));
    let mut evidence: Map<String, Value> = evidence.collect();
    evidence.insert("enhanced_evidence".to_owned(), json!({}));
    state.put(json!({
        "id": id, "object": "dispute", "amount": charge["amount"], "balance_transactions": [],
        "charge": charge["id"], "created": state.now, "currency": charge["currency"],
        "enhanced_eligibility_types": [], "evidence": evidence,
        "evidence_details": {
            "due_by": due_by, "enhanced_eligibility": {}, "has_evidence": false,
            "past_due": false, "submission_count": 0,
        },
        "is_charge_refundable": true, "livemode": false, "metadata": {},
        "payment_intent": charge["payment_intent"],
        "payment_method_details": {
            "card": {
                "brand": "visa", "case_type": "inquiry", "network": "visa",
                "network_reason_code": "10.4",
            },
            "type": "card",
        },
        "reason": reason, "status": "warning_needs_response",
    }))
}

/// The bank has decided. What it only asked about is over, whichever way.
pub(in super::super) fn close(state: &mut State, id: &str, is_won: bool) {
    let before = state.get(id);
    let was_asked = match text(&before["status"]) {
        "won" | "lost" | "warning_closed" | "" => return,
        status => status.starts_with("warning_"),
    };
    state.unplan(id);
    let status = match is_won {
        _ if was_asked => "warning_closed",
        true => "won",
        false => "lost",
    };
    state.set(
        id,
        json!({ "status": status, "is_charge_refundable": status != "lost" }),
    );
    if is_won && !was_asked {
        let transaction = balance::of_won_dispute(state, id);
        book(state, id, &transaction);
        state.emit("charge.dispute.funds_reinstated", id);
    }
    state.emit_changed("charge.dispute.closed", id, &before);
}

/// A payment was given back whole: what the bank only asked about is settled.
/// Source: <https://docs.stripe.com/disputes/how-disputes-work#inquiries>
pub(super) fn settle(state: &mut State, charge: &str) {
    let asked = of(state, charge).filter(|asked| text(&asked["status"]).starts_with("warning_"));
    if let Some(asked) = asked {
        close(state, text(&asked["id"]), true);
    }
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
    let reviewed = match text(&before["status"]) {
        "needs_response" => Some("under_review"),
        "warning_needs_response" => Some("warning_under_review"),
        _ => None,
    };
    if let (true, Some(status)) = (submits, reviewed) {
        object["status"] = json!(status);
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
    let status = state.find("dispute", ask.id)?["status"].clone();
    if let "won" | "lost" | "warning_closed" = text(&status) {
        let message = "This dispute is already closed";
        return Err(Refusal::unfit(message.to_owned()));
    }
    close(state, ask.id, false);
    Ok(state.get(ask.id))
}
