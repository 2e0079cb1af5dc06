//! The phases of a schedule: what is subscribed to from when to when.
//! Source: <https://docs.stripe.com/api/subscription_schedules/object#subscription_schedule_object-phases>

use serde_json::{Value, json};

use super::transfers;
use crate::sandbox::stripe::{
    billing::period,
    door::{Answer, Fields, Refusal},
    state::{State, number, text},
};

/// The phases one after another; the first is the current one, which stays as it is.
pub(super) fn phases(state: &State, schedule: &Value, wanted: &[Fields<'_>]) -> Answer {
    let subscription = state.get(text(&schedule["subscription"]));
    let mut starts = number(&schedule["current_phase"]["start_date"]);
    let mut phases = Vec::new();
    for (index, one) in wanted.iter().enumerate() {
        let given = one.integer("start_date")?;
        if given.is_some_and(|given| given != starts) || (index == 0 && given.is_none()) {
            let message = match index {
                0 => "You can not modify the start date of the current phase.",
                _ => "Phases must begin where the one before ends.",
            };
            return Err(Refusal::bad(message, &one.param("start_date")));
        }
        one.one_of(
            "proration_behavior",
            &["always_invoice", "create_prorations", "none"],
        )?;
        let (items, price) = phase_items(state, &subscription, one, index == 0)?;
        let ends = end_of_phase(one, &price, starts)?;
        if ends <= starts || (index == 0 && ends <= state.now) {
            let message = "A phase must end after it begins, and in the future.";
            return Err(Refusal::bad(message, &one.param("end_date")));
        }
        let discounts = one.items("discounts").iter().map(discount).collect();
        let mut made = phase((starts, ends), &price["currency"], items, discounts);
        let direct = transfers::direction(state, one)?;
        for (name, value) in direct.as_object().into_iter().flatten() {
            made[name.as_str()] = value.clone();
        }
        phases.push(made);
        starts = ends;
    }
    Ok(Value::Array(phases))
}

/// The items of a phase and the price of the first.
fn phase_items(
    state: &State,
    subscription: &Value,
    phase: &Fields<'_>,
    is_current: bool,
) -> Result<(Vec<Value>, Value), Refusal> {
    let wanted = phase.items("items");
    let Some(first) = wanted.first() else {
        return Err(Refusal::required(&phase.param("items")));
    };
    let present = &subscription["items"]["data"][0]["price"];
    let price = match is_current {
        // What is subscribed to already may have gone off sale.
        true => state.referred("price", first, "price")?,
        false => super::subscriptions::recurring_price(state, first)?,
    };
    if is_current && price["id"] != present["id"] {
        let message = "The current phase cannot be changed here: change the subscription.";
        return Err(Refusal::bad(message, &first.param("price")));
    }
    if price["currency"] != subscription["currency"] {
        let message = "All the phases of a schedule must have the same currency.";
        return Err(Refusal::bad(message, &first.param("price")));
    }
    let mut items = Vec::new();
    for one in &wanted {
        let quantity = one.amount("quantity")?.unwrap_or(1);
        items.push(item(&json!(one.required("price")?), quantity));
    }
    Ok((items, price))
}

fn end_of_phase(phase: &Fields<'_>, price: &Value, starts: i64) -> Result<i64, Refusal> {
    if let Some(end) = phase.integer("end_date")? {
        return Ok(end);
    }
    let duration = phase.at("duration");
    let intervals = ["day", "week", "month", "year"];
    let recurring = match duration.one_of("interval", &intervals)? {
        Some(interval) => json!({
            "interval": interval,
            "interval_count": duration.integer("interval_count")?.unwrap_or(1),
        }),
        None => price["recurring"].clone(),
    };
    Ok(period::end(&recurring, starts, starts))
}

fn discount(given: &Fields<'_>) -> Value {
    json!({
        "coupon": given.text("coupon"), "discount": given.text("discount"),
        "promotion_code": given.text("promotion_code"),
    })
}

/// What is subscribed to in a phase.
pub(super) fn item(price: &Value, quantity: i64) -> Value {
    json!({
        "billing_thresholds": null, "discounts": [], "metadata": {}, "plan": price,
        "price": price, "quantity": quantity, "tax_rates": [],
    })
}

/// A phase from start to end, in seconds since 1970.
pub(super) fn phase(
    (start, end): (i64, i64),
    currency: &Value,
    items: Vec<Value>,
    discounts: Value,
) -> Value {
    json!({
        "add_invoice_items": [], "application_fee_percent": null, "billing_cycle_anchor": null,
        "collection_method": null, "currency": currency, "default_payment_method": null,
        "default_tax_rates": [], "description": null, "discounts": discounts, "end_date": end,
        "invoice_settings": null, "items": items, "metadata": {}, "on_behalf_of": null,
        "proration_behavior": "none", "start_date": start, "transfer_data": null,
        "trial_end": null,
    })
}
