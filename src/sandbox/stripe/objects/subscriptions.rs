//! Subscriptions, as the API lets one treat them. <https://docs.stripe.com/api/subscriptions>

use serde_json::{Value, json};

use super::payment_methods;
use crate::sandbox::stripe::{
    billing::{
        self, Booked, Cost, Start,
        period::DAY,
        redeem::{self, Order, Redeemed},
    },
    cards::Outcome,
    door::{Answer, Ask, Endpoint, Fields, Refusal},
    state::{State, text},
};

const DEFAULT_INCOMPLETE: &str = "default_incomplete";
const LIST: &str = "collection_method created[gt gte lt lte] \
    current_period_end[gt gte lt lte] customer price status";
const CREATE: &str = "application_fee_percent cancel_at cancel_at_period_end collection_method customer \
    default_payment_method description discounts[coupon promotion_code] \
    items[metadata[*] price quantity] metadata[*] off_session on_behalf_of payment_behavior \
    proration_behavior transfer_data[destination] trial_end trial_period_days";
const UPDATE: &str = "application_fee_percent billing_cycle_anchor cancel_at cancel_at_period_end \
    cancellation_details[comment feedback] default_payment_method description \
    discounts[coupon discount promotion_code] items[deleted id metadata[*] price quantity] metadata[*] \
    off_session on_behalf_of pause_collection[behavior resumes_at] payment_behavior \
    proration_behavior proration_date transfer_data[destination] trial_end";
const CANCEL: &str = "cancellation_details[comment feedback] invoice_now prorate";

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::list("subscriptions", "subscription", LIST),
    Endpoint::retrieve("subscriptions/{}", "subscription"),
    Endpoint::post("subscriptions", "subscription", CREATE, create),
    Endpoint::post(
        "subscriptions/{}",
        "subscription",
        UPDATE,
        super::changes::update,
    ),
    Endpoint::delete("subscriptions/{}", "subscription", CANCEL, cancel),
    Endpoint::post(
        "subscriptions/{}/pause",
        "subscription",
        "bill_for[unused_time_from[type]] invoicing_behavior type",
        super::pausing::pause,
    ),
    Endpoint::post(
        "subscriptions/{}/resume",
        "subscription",
        "billing_cycle_anchor[type] payment_behavior proration_behavior",
        super::pausing::resume,
    ),
];

fn create(state: &mut State, ask: &Ask<'_>) -> Answer {
    let fields = &ask.fields;
    let customer = super::customers::referred(state, fields, "customer")?;
    let customer = text(&customer["id"]);
    fields.one_of("collection_method", &["charge_automatically"])?;
    let prices = prices(state, fields)?;
    if let Some((price, _)) = prices.first() {
        super::customers::one_currency(state, customer, &price["currency"])?;
    }
    let trial_end = trial_end(state, fields)?;
    let method = match fields.text("default_payment_method") {
        Some(id) => {
            let param = "default_payment_method";
            Some(payment_methods::attach_named(state, customer, id, param)?)
        }
        None => None,
    };
    let discounts = discounts(state, fields, customer, &prices)?;
    let known = json!({ "default_payment_method": method });
    // Its first payment is confirmed by the payer, who may still be without a card.
    // Source: <https://docs.stripe.com/api/subscriptions/create#create_subscription-payment_behavior>
    let waits = fields.text("payment_behavior") == Some(DEFAULT_INCOMPLETE);
    match payment_methods::paying(state, &known, customer) {
        Some((_, card)) if trial_end.is_none() && !waits => {
            or_refuse(fields, card.charge(false))?;
        }
        None if !waits => {
            let message = "This customer has no attached payment source or default payment method. \
                           Please consider adding a default payment method.";
            return Err(Refusal::invalid("resource_missing", message, ""));
        }
        _ => {}
    }
    let start = Start {
        customer,
        prices,
        metadata: fields.metadata(&json!({})),
        description: fields.text("description"),
        trial_end,
        payment_method: method,
        is_present: false,
        waits,
        direction: super::transfers::direction(state, fields)?,
        discounts,
    };
    let id = billing::start(state, &start);
    let clock = state.peek(customer)["test_clock"].clone();
    state.set(&id, json!({ "test_clock": clock }));
    let mut object = state.get(&id);
    if let Some(booked) = booked(fields)? {
        billing::book_end(&mut object, state.now, booked);
        state.put(object);
    }
    Ok(state.get(&id))
}

/// The prices with their quantities, all for the same interval.
pub(super) fn prices(state: &State, fields: &Fields<'_>) -> Result<Vec<(Value, i64)>, Refusal> {
    let items = fields.items("items");
    if items.is_empty() {
        return Err(Refusal::required("items"));
    }
    let mut prices: Vec<(Value, i64)> = Vec::new();
    for item in &items {
        let price = recurring_price(state, item)?;
        let recurring = &price["recurring"];
        if prices
            .iter()
            .any(|(other, _)| other["recurring"] != *recurring)
        {
            let message = "All the items of a subscription must have the same billing interval.";
            return Err(Refusal::bad(message, "items"));
        }
        prices.push((price, item.amount("quantity")?.unwrap_or(1)));
    }
    Ok(prices)
}

/// The discounts that are asked for with these prices.
pub(super) fn discounts(
    state: &State,
    fields: &Fields<'_>,
    customer: &str,
    prices: &[(Value, i64)],
) -> Result<Vec<Redeemed>, Refusal> {
    let products = prices.iter().map(|(price, _)| text(&price["product"]));
    let products: Vec<String> = products.map(str::to_owned).collect();
    let totals = prices
        .iter()
        .map(|(price, quantity)| billing::total(price, *quantity));
    let currency = prices.first().map(|(price, _)| text(&price["currency"]));
    let order = Order {
        customer: Some(customer),
        currency: currency.unwrap_or_default(),
        subtotal: totals.sum(),
        products: &products,
    };
    redeem::read(state, fields, order)
}

/// The active, recurring price that `item[price]` names.
pub(super) fn recurring_price(state: &State, item: &Fields<'_>) -> Answer {
    let price = state.referred("price", item, "price")?;
    let refused = |message| Err(Refusal::bad(message, &item.param("price")));
    if price["active"] != true {
        return refused("The price specified is inactive. This field only accepts active prices.");
    }
    if price["recurring"].is_null() {
        return refused(
            "The price specified is set to `type=one_time` but this field only accepts \
                        prices with `type=recurring`.",
        );
    }
    Ok(price)
}

/// The end of a trial that is asked for, in seconds since 1970.
pub(super) fn trial_end(state: &State, fields: &Fields<'_>) -> Result<Option<i64>, Refusal> {
    if let Some(days) = fields.integer("trial_period_days")? {
        return match days {
            0 => Ok(None),
            1..=730 => Ok(Some(state.now + days * DAY)),
            _ => {
                let message = "The maximum number of trial period days is 730 (2 years).";
                Err(Refusal::bad(message, &fields.param("trial_period_days")))
            }
        };
    }
    if fields.text("trial_end") == Some("now") {
        return Ok(None);
    }
    match fields.integer("trial_end")? {
        Some(end) if end <= state.now => {
            let message = "Invalid timestamp: must be an integer Unix timestamp in the future.";
            Err(Refusal::bad(message, &fields.param("trial_end")))
        }
        end => Ok(end),
    }
}

/// Refuses with 402 where the request wants that instead of an unpaid invoice.
pub(super) fn or_refuse(fields: &Fields<'_>, outcome: Outcome) -> Result<(), Refusal> {
    let behaviors = [
        "allow_incomplete",
        DEFAULT_INCOMPLETE,
        "error_if_incomplete",
        "pending_if_incomplete",
    ];
    let wants_refusal =
        fields.one_of("payment_behavior", &behaviors)? == Some("error_if_incomplete");
    match outcome {
        Outcome::Declined if wants_refusal => Err(Refusal::declined()),
        Outcome::NeedsPayer if wants_refusal => Err(Refusal::needs_confirmation("subscription")),
        _ => Ok(()),
    }
}

/// The end that is asked to be booked, or to be taken back.
pub(super) fn booked(fields: &Fields<'_>) -> Result<Option<Booked>, Refusal> {
    if let Some(ends) = fields.flag("cancel_at_period_end")? {
        return Ok(Some(match ends {
            true => Booked::PeriodEnd,
            false => Booked::Never,
        }));
    }
    if fields.unsets("cancel_at") {
        return Ok(Some(Booked::Never));
    }
    Ok(fields.integer("cancel_at")?.map(Booked::At))
}

/// Takes over why somebody leaves.
pub(super) fn explain(object: &mut Value, fields: &Fields<'_>) -> Result<(), Refusal> {
    const FEEDBACK: [&str; 8] = [
        "customer_service",
        "low_quality",
        "missing_features",
        "other",
        "switched_service",
        "too_complex",
        "too_expensive",
        "unused",
    ];
    let details = fields.at("cancellation_details");
    details.one_of("feedback", &FEEDBACK)?;
    if let Some(object) = object["cancellation_details"].as_object_mut() {
        details.copy(&["comment", "feedback"], object);
    }
    Ok(())
}

fn cancel(state: &mut State, ask: &Ask<'_>) -> Answer {
    let mut object = state.find("subscription", ask.id)?;
    if !billing::is_running(&object) {
        return Err(Refusal::missing("subscription", ask.id));
    }
    explain(&mut object, &ask.fields)?;
    let (prorates, bills) = (ask.fields.flag("prorate")?, ask.fields.flag("invoice_now")?);
    let mut lines = match prorates {
        Some(true) => billing::unused(state, &object, state.now),
        _ => Vec::new(),
    };
    if bills == Some(true) {
        lines.splice(..0, billing::waiting_lines(state, ask.id));
        billing::settle(state, ask.id, Cost::now(lines));
    }
    state.change(ask.id, |kept| {
        kept["cancellation_details"] = object["cancellation_details"].take();
    });
    billing::end(state, ask.id, "cancellation_requested");
    Ok(state.get(ask.id))
}
