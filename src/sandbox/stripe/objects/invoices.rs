//! Invoices, as the API lets one treat them. <https://docs.stripe.com/api/invoices>

use serde_json::json;

use crate::sandbox::stripe::{
    billing::{self, Attempt},
    door::{Answer, Ask, Endpoint, Refusal, found},
    state::{State, data, text},
};

const LIST: &str = "collection_method created[gt gte lt lte] customer status subscription";

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::list("invoices", "invoice", LIST),
    Endpoint::retrieve("invoices/{}", "invoice"),
    Endpoint::get(
        "invoices/{}/lines",
        "limit starting_after ending_before",
        lines,
    ),
    Endpoint::post(
        "invoices/create_preview",
        "invoice",
        super::previews::TAKES,
        super::previews::create,
    ),
    Endpoint::post("invoices/{}", "invoice", "description metadata[*]", update),
    Endpoint::post("invoices/{}/finalize", "invoice", "auto_advance", finalize),
    Endpoint::post("invoices/{}/pay", "invoice", "off_session", pay),
    Endpoint::post("invoices/{}/void", "invoice", "", void),
    Endpoint::post(
        "invoices/{}/mark_uncollectible",
        "invoice",
        "",
        mark_uncollectible,
    ),
];

fn lines(state: &mut State, ask: &Ask<'_>) -> Answer {
    let invoice = state.find("invoice", ask.id)?;
    let lines = data(&invoice["lines"]).iter();
    found(lines, &ask.fields, "line_item", ask.path)
}

fn update(state: &mut State, ask: &Ask<'_>) -> Answer {
    let before = state.find("invoice", ask.id)?;
    let metadata = ask.fields.metadata(&before["metadata"]);
    state.set(ask.id, json!({ "metadata": metadata }));
    if ask.fields.has("description") {
        let description = ask.fields.text("description");
        state.set(ask.id, json!({ "description": description }));
    }
    state.emit_changed("invoice.updated", ask.id, &before);
    Ok(state.get(ask.id))
}

fn finalize(state: &mut State, ask: &Ask<'_>) -> Answer {
    is_one_of(state, ask, &["draft"], "finalize")?;
    billing::finalize(state, ask.id);
    Ok(state.get(ask.id))
}

fn pay(state: &mut State, ask: &Ask<'_>) -> Answer {
    let invoice = state.find("invoice", ask.id)?;
    if invoice["status"] == "paid" {
        let message = "Invoice is already paid";
        return Err(Refusal::invalid("invoice_already_paid", message, ""));
    }
    if invoice["status"] == "draft" {
        billing::finalize(state, ask.id);
    }
    match billing::attempt(state, ask.id, false) {
        Attempt::Paid | Attempt::Processing => Ok(state.get(ask.id)),
        Attempt::Declined => Err(Refusal::declined()),
        Attempt::NeedsPayer => Err(Refusal::needs_confirmation("invoice")),
        Attempt::Idle => Err(Refusal::unfit("You can only pay an open invoice.")),
    }
}

fn void(state: &mut State, ask: &Ask<'_>) -> Answer {
    is_one_of(state, ask, &["open", "uncollectible"], "void")?;
    // Its payment would have to be cancelled, and one that is on its way from a bank cannot be.
    let intent = text(state.note(ask.id, "intent"));
    if state.peek(intent)["status"] == "processing" {
        let message = "You cannot void an invoice whose payment is processing.";
        return Err(Refusal::invalid("invoice_not_editable", message, ""));
    }
    billing::void(state, ask.id);
    Ok(state.get(ask.id))
}

fn mark_uncollectible(state: &mut State, ask: &Ask<'_>) -> Answer {
    is_one_of(state, ask, &["open"], "mark as uncollectible")?;
    billing::mark_uncollectible(state, ask.id);
    Ok(state.get(ask.id))
}

fn is_one_of(state: &State, ask: &Ask<'_>, allowed: &[&str], act: &str) -> Result<(), Refusal> {
    let invoice = state.find("invoice", ask.id)?;
    let status = text(&invoice["status"]);
    match allowed.contains(&status) {
        true => Ok(()),
        false => {
            let message = format!("You cannot {act} an invoice whose status is {status}.");
            Err(Refusal::invalid("invoice_not_editable", message, ""))
        }
    }
}
