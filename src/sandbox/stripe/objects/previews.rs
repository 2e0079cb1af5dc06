//! Previews of invoices: what a change or the next period would cost.
//! Source: <https://docs.stripe.com/api/invoices/create_preview>

use serde_json::{Value, json};

use super::{changes, subscriptions};
use crate::sandbox::stripe::{
    billing::{self, Cost, Prorate, Start, redeem},
    door::{Answer, Ask, Fields, Refusal},
    state::{State, text},
};

pub(super) const TAKES: &str = "currency customer discounts[coupon promotion_code] preview_mode schedule subscription \
    subscription_details[billing_cycle_anchor cancel_at cancel_at_period_end cancel_now \
    items[deleted id metadata[*] price quantity] proration_behavior proration_date resume_at \
    trial_end]";

pub(super) fn create(state: &mut State, ask: &Ask<'_>) -> Answer {
    let fields = &ask.fields;
    fields.one_of("preview_mode", &["next", "recurring"])?;
    let details = fields.at("subscription_details");
    let invoice = match fields.has("subscription") {
        true => {
            let object = state.referred("subscription", fields, "subscription")?;
            if fields.has("customer") && object["customer"] != fields.required("customer")? {
                let message = "The subscription does not belong to this customer.";
                return Err(Refusal::bad(message, "subscription"));
            }
            changed(state, object, fields, &details)?
        }
        false => Some(begun(state, fields, &details)?),
    };
    invoice.ok_or_else(|| {
        let message = "No upcoming invoices for customer";
        Refusal::nothing_upcoming(message)
    })
}

/// Of a subscription that runs, changed as the request wants.
fn changed(
    state: &mut State,
    mut object: Value,
    fields: &Fields<'_>,
    details: &Fields<'_>,
) -> Result<Option<Value>, Refusal> {
    if !billing::is_running(&object) {
        return Ok(None);
    }
    if fields.has("discounts") {
        let customer = object["customer"].clone();
        let prices = changes::prices(&object);
        let wanted = subscriptions::discounts(state, fields, text(&customer), &prices)?;
        let shaped = wanted.iter();
        let shaped = shaped.map(|one| redeem::shape(state, one, &customer, &object["id"]));
        object["discounts"] = shaped.collect();
    }
    if let Some(booked) = subscriptions::booked(details)? {
        billing::book_end(&mut object, state.now, booked);
    }
    let terms = changes::terms(state, &object, details)?;
    if details.flag("cancel_now")? == Some(true) {
        let lines = match terms.prorate {
            Prorate::Never => Vec::new(),
            _ => billing::unused(state, &object, terms.at),
        };
        return Ok(billing::preview(state, &object, Cost::now(lines)));
    }
    let wanted = changes::wanted(state, details)?;
    let cost = match wanted.is_empty() && !terms.anew {
        true => Cost::default(),
        false => billing::change_items(state, &mut object, &wanted, terms)?,
    };
    Ok(billing::preview(state, &object, cost))
}

/// Of a subscription that would begin now.
fn begun(state: &mut State, fields: &Fields<'_>, details: &Fields<'_>) -> Answer {
    let customer = super::customers::referred(state, fields, "customer")?;
    let prices = subscriptions::prices(state, details)?;
    let discounts = subscriptions::discounts(state, fields, text(&customer["id"]), &prices)?;
    let start = Start {
        customer: text(&customer["id"]),
        prices,
        metadata: json!({}),
        description: None,
        trial_end: subscriptions::trial_end(state, details)?,
        payment_method: None,
        is_present: false,
        waits: false,
        direction: Value::Null,
        discounts: Vec::new(),
    };
    let mut object = billing::shape_started(state, &start);
    let shaped = discounts.iter();
    let shaped = shaped.map(|one| redeem::shape(state, one, &customer["id"], &object["id"]));
    object["discounts"] = shaped.collect();
    Ok(billing::first(state, &object))
}
