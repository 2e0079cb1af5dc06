//! Invoices: drafted, finalised, voided. <https://docs.stripe.com/api/invoices>

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{discount, payment, pending};
use crate::sandbox::stripe::state::{State, number, page, text};

/// One thing that is billed. Kept while it waits for the next invoice.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in super::super) struct Line {
    pub description: String,
    /// Minor units; negative for a credit.
    pub amount: i64,
    pub quantity: i64,
    pub price: Value,
    /// Seconds since 1970.
    pub period: (i64, i64),
    pub is_proration: bool,
    /// The subscription item it bills.
    pub item: String,
}

/// Drafts an invoice of a subscription and makes it the latest. Returns its id.
pub(in super::super) fn bill(
    state: &mut State,
    subscription: &str,
    lines: Vec<Line>,
    reason: &str,
) -> String {
    let id = state.id("in");
    let object = state.get(subscription);
    let lines: Vec<Value> = lines
        .iter()
        .map(|line| {
            let line_id = state.id("il");
            shape_line(line, &line_id, &id, &object)
        })
        .collect();
    let invoice = shape(state, &id, &object, lines, (reason, state.now));
    state.put(invoice);
    state.set(subscription, json!({ "latest_invoice": id }));
    discount::used(state, subscription, &id);
    state.emit("invoice.created", &id);
    id
}

/// What an invoice of these lines would be, billed at `at`, the customer's balance taken into account.
pub(super) fn preview(state: &State, subscription: &Value, lines: Vec<Line>, at: i64) -> Value {
    let id = format!("upcoming_in_{}", text(&subscription["id"]));
    let lines = lines.iter().enumerate();
    let lines = lines
        .map(|(index, line)| shape_line(line, &format!("il_tmp_{index}"), &id, subscription))
        .collect();
    let mut invoice = shape(state, &id, subscription, lines, ("upcoming", at));
    let customer = state.peek(text(&subscription["customer"]));
    let balance = number(&customer["balance"]);
    let due = number(&invoice["total"]) + balance;
    for (name, value) in [
        ("next_payment_attempt", at),
        ("starting_balance", balance),
        ("ending_balance", due.min(0)),
        ("amount_due", due.max(0)),
        ("amount_remaining", due.max(0)),
    ] {
        invoice[name] = json!(value);
    }
    invoice
}

/// Opens a draft: it gets its number, the customer's balance is taken into account, and it is to be
/// paid.
pub(in super::super) fn finalize(state: &mut State, id: &str) {
    let now = state.now;
    let object = state.get(id);
    if object["status"] != "draft" {
        return;
    }
    let customer = text(&object["customer"]).to_owned();
    let owner = state.get(&customer);
    let sequence = number(&owner["next_invoice_sequence"]);
    let balance = number(&owner["balance"]);
    let due = number(&object["total"]) + balance;
    let left = due.min(0);
    state.set(
        &customer,
        json!({ "next_invoice_sequence": sequence + 1, "balance": left }),
    );
    let page = format!("{}/invoice/{id}", state.settings.base_url);
    let number = format!("{}-{sequence:04}", text(&owner["invoice_prefix"]));
    state.change(id, |invoice| {
        invoice["status"] = json!("open");
        invoice["number"] = json!(number);
        invoice["effective_at"] = json!(now);
        invoice["starting_balance"] = json!(balance);
        invoice["ending_balance"] = json!(left);
        invoice["amount_due"] = json!(due.max(0));
        invoice["amount_remaining"] = json!(due.max(0));
        invoice["hosted_invoice_url"] = json!(page);
        invoice["invoice_pdf"] = json!(format!("{page}/print"));
        invoice["status_transitions"]["finalized_at"] = json!(now);
    });
    if due > 0 {
        payment::expect(state, id);
    }
    state.emit("invoice.finalized", id);
}

/// Takes an unpaid invoice back.
pub(in super::super) fn void(state: &mut State, id: &str) {
    close(state, id, "void", "voided_at", "invoice.voided");
    let subscription = payment::subscription_of(state.peek(id)).to_owned();
    pending::expire(state, &subscription, id);
}

/// Gives up on an unpaid invoice.
pub(in super::super) fn mark_uncollectible(state: &mut State, id: &str) {
    let at = "marked_uncollectible_at";
    close(
        state,
        id,
        "uncollectible",
        at,
        "invoice.marked_uncollectible",
    );
}

fn close(state: &mut State, id: &str, status: &str, transition: &str, event: &str) {
    let now = state.now;
    if !matches!(
        state.text(id, "status").as_str(),
        "draft" | "open" | "uncollectible"
    ) {
        return;
    }
    state.change(id, |invoice| {
        invoice["status"] = json!(status);
        invoice["auto_advance"] = json!(false);
        invoice["next_payment_attempt"] = Value::Null;
        invoice["status_transitions"][transition] = json!(now);
    });
    state.emit(event, id);
}

fn shape_line(line: &Line, id: &str, invoice: &str, subscription: &Value) -> Value {
    let unit = number(&line.price["unit_amount"]);
    json!({
        "id": id, "object": "line_item", "amount": line.amount,
        "currency": subscription["currency"], "description": line.description,
        "discount_amounts": [], "discountable": !line.is_proration, "discounts": [],
        "invoice": invoice, "livemode": false, "metadata": subscription["metadata"],
        "parent": {
            "invoice_item_details": null, "type": "subscription_item_details",
            "subscription_item_details": {
                "invoice_item": null, "proration": line.is_proration,
                "proration_details": { "credited_items": null },
                "subscription": subscription["id"], "subscription_item": line.item,
            },
        },
        "period": { "start": line.period.0, "end": line.period.1 },
        "pretax_credit_amounts": [],
        "pricing": {
            "type": "price_details",
            "price_details": { "price": line.price["id"], "product": line.price["product"] },
            "unit_amount_decimal": unit.to_string(),
        },
        "quantity": line.quantity, "quantity_decimal": line.quantity.to_string(),
        "subtotal": line.amount, "taxes": [],
    })
}

/// An invoice for `reason`, made at an instant in seconds since 1970.
fn shape(
    state: &State,
    id: &str,
    subscription: &Value,
    lines: Vec<Value>,
    (reason, at): (&str, i64),
) -> Value {
    let total: i64 = lines.iter().map(|line| number(&line["amount"])).sum();
    let customer = state.peek(text(&subscription["customer"]));
    let (start, end) = super::period_of(subscription);
    let mut invoice = json!({
        "id": id, "object": "invoice", "account_country": "DE", "account_name": "Sandbox",
        "account_tax_ids": null, "amount_due": total.max(0), "amount_overpaid": 0,
        "amount_paid": 0, "amount_remaining": total.max(0), "amount_shipping": 0,
        "application": null, "attempt_count": 0, "attempted": false, "auto_advance": true,
        "automatic_tax": {
            "enabled": false, "disabled_reason": null, "liability": null, "provider": null,
            "status": null,
        },
        "automatically_finalizes_at": null, "billing_reason": reason,
        "collection_method": "charge_automatically", "created": at,
        "currency": subscription["currency"], "custom_fields": null,
        "customer": subscription["customer"], "customer_account": null,
        "customer_address": customer["address"], "customer_email": customer["email"],
        "customer_name": customer["name"], "customer_phone": customer["phone"],
        "customer_shipping": null, "customer_tax_exempt": "none", "customer_tax_ids": [],
        "default_payment_method": null, "default_source": null, "default_tax_rates": [],
        "description": null, "discounts": [], "due_date": null, "effective_at": null,
        "ending_balance": null, "footer": null, "from_invoice": null,
        "hosted_invoice_url": null, "invoice_pdf": null, "issuer": { "type": "self" },
        "last_finalization_error": null, "latest_revision": null,
        "lines": page(lines, &format!("/v1/invoices/{id}/lines")), "livemode": false,
        "metadata": {}, "next_payment_attempt": null, "number": null, "on_behalf_of": null,
        "parent": {
            "quote_details": null, "type": "subscription_details",
            "subscription_details": {
                "metadata": subscription["metadata"], "subscription": subscription["id"],
            },
        },
        "payment_settings": {
            "default_mandate": null, "payment_method_options": null,
            "payment_method_types": null,
        },
        "period_start": start, "period_end": end, "post_payment_credit_notes_amount": 0,
        "pre_payment_credit_notes_amount": 0, "receipt_number": null, "rendering": null,
        "shipping_cost": null, "shipping_details": null, "starting_balance": 0,
        "statement_descriptor": null, "status": "draft",
        "status_transitions": {
            "finalized_at": null, "marked_uncollectible_at": null, "paid_at": null,
            "voided_at": null,
        },
        "subtotal": total, "subtotal_excluding_tax": total, "test_clock": null,
        "total": total, "total_discount_amounts": [], "total_excluding_tax": total,
        "total_pretax_credit_amounts": [], "total_taxes": [], "webhooks_delivered_at": null,
    });
    discount::take_off(state, subscription, &mut invoice, at);
    invoice
}
