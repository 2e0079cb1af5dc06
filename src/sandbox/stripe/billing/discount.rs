//! What the discounts of a subscription take off its invoices.
//! Source: <https://docs.stripe.com/billing/subscriptions/coupons>

use serde_json::{Value, json};

use super::Line;
use crate::sandbox::stripe::state::{State, number, text};

/// Whether a coupon takes anything off this product.
pub(super) fn takes_off(state: &State, coupon: &str, product: &str) -> bool {
    match state.note(coupon, "products").as_array() {
        Some(products) => products.iter().any(|one| one == product),
        None => true,
    }
}

/// The discounts a subscription has at this time. They stand there by id, or whole in a preview.
fn active(state: &State, subscription: &Value, at: i64) -> Vec<Value> {
    let all = subscription["discounts"].as_array().cloned();
    let all = all.unwrap_or_default().into_iter();
    let all = all.map(|one| one.as_str().map_or_else(|| one.clone(), |id| state.get(id)));
    all.filter(|one| one["end"].as_i64().is_none_or(|end| at < end))
        .collect()
}

/// What a coupon takes off amounts in minor units, each with its product, rounded half up.
fn off(state: &State, coupon: &str, amounts: &[(i64, String)]) -> Vec<i64> {
    let object = match state.peek(coupon) {
        gone if gone["deleted"] == true => state.note(coupon, "was"),
        object => object,
    };
    let hundredths = object["percent_off"]
        .as_f64()
        .map(|percent| (percent * 100.0).round());
    let mut left = number(&object["amount_off"]);
    let amounts = amounts.iter();
    amounts
        .map(|(amount, product)| {
            if *amount <= 0 || !takes_off(state, coupon, product) {
                return 0;
            }
            if let Some(hundredths) = hundredths {
                #[expect(clippy::cast_possible_truncation, reason = "between 1 and 10,000")]
                return (amount * hundredths as i64 + 5_000) / 10_000;
            }
            let off = left.min(*amount);
            left -= off;
            off
        })
        .collect()
}

/// What several coupons take off, one after the other: for each coupon, for each amount.
pub(in super::super) fn reckon(
    state: &State,
    coupons: &[String],
    mut amounts: Vec<(i64, String)>,
) -> Vec<Vec<i64>> {
    let mut all = Vec::new();
    for coupon in coupons {
        let offs = off(state, coupon, &amounts);
        for ((amount, _), off) in amounts.iter_mut().zip(&offs) {
            *amount -= off;
        }
        all.push(offs);
    }
    all
}

fn is_once(state: &State, coupon: &str) -> bool {
    state.peek(coupon)["duration"] == "once" || state.note(coupon, "was")["duration"] == "once"
}

fn coupons(discounts: &[Value]) -> Vec<String> {
    let coupons = discounts.iter().map(|one| text(&one["source"]["coupon"]));
    coupons.map(str::to_owned).collect()
}

/// Takes the discounts of a subscription off an invoice that has been shaped.
pub(super) fn take_off(state: &State, subscription: &Value, invoice: &mut Value, at: i64) {
    let discounts = active(state, subscription, at);
    let Some(lines) = invoice["lines"]["data"].as_array_mut() else {
        return;
    };
    let amounts = lines.iter().map(|line| {
        let amount = match line["discountable"] == true {
            true => number(&line["amount"]),
            false => 0,
        };
        let product = text(&line["pricing"]["price_details"]["product"]);
        (amount, product.to_owned())
    });
    let offs = reckon(state, &coupons(&discounts), amounts.collect());
    let (mut totals, mut all, mut ids) = (Vec::new(), 0, Vec::new());
    for (discount, offs) in discounts.iter().zip(offs) {
        let sum: i64 = offs.iter().sum();
        for (line, off) in lines.iter_mut().zip(offs).filter(|(_, off)| *off > 0) {
            let part = json!({ "amount": off, "discount": discount["id"] });
            if let Some(parts) = line["discount_amounts"].as_array_mut() {
                parts.push(part);
            }
        }
        ids.push(discount["id"].clone());
        totals.push(json!({ "amount": sum, "discount": discount["id"] }));
        all += sum;
    }
    let total = number(&invoice["subtotal"]) - all;
    for (name, value) in [
        ("total", total),
        ("total_excluding_tax", total),
        ("amount_due", total.max(0)),
        ("amount_remaining", total.max(0)),
    ] {
        invoice[name] = json!(value);
    }
    invoice["discounts"] = json!(ids);
    invoice["total_discount_amounts"] = json!(totals);
}

/// After an invoice: what was good once is used up, what has ended goes, and what the period is
/// really worth is noted, for credits.
pub(super) fn used(state: &mut State, subscription: &str, invoice: &str) {
    let (object, billed) = (state.get(subscription), state.get(invoice));
    for line in billed["lines"]["data"].as_array().into_iter().flatten() {
        if line["discountable"] == true {
            let parts = line["discount_amounts"].as_array().into_iter().flatten();
            let off: i64 = parts.map(|part| number(&part["amount"])).sum();
            let item = &line["parent"]["subscription_item_details"]["subscription_item"];
            let worth = json!({ "gross": line["amount"], "off": off });
            state.set_note(text(item), "worth", worth);
        }
    }
    let mut kept = Vec::new();
    let taken = billed["total_discount_amounts"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    for id in object["discounts"].as_array().into_iter().flatten() {
        let discount = state.get(text(id));
        let mut taken = taken.iter();
        let took = taken.any(|part| part["discount"] == *id && number(&part["amount"]) > 0);
        let coupon = text(&discount["source"]["coupon"]);
        let is_once = is_once(state, coupon);
        let is_over = discount["end"].as_i64().is_some_and(|end| end <= state.now);
        match (is_once && took) || is_over {
            true => drop(state.emit("customer.discount.deleted", text(id))),
            false => kept.push(id.clone()),
        }
    }
    state.set(subscription, json!({ "discounts": kept }));
}

/// What a line of a whole period really costs: as it was billed, or with the discounts of now.
pub(super) fn net(state: &State, subscription: &Value, line: &Line, was_billed: bool) -> i64 {
    let worth = state.note(&line.item, "worth");
    if was_billed && worth["gross"] == line.amount {
        return line.amount - number(&worth["off"]);
    }
    let mut discounts = active(state, subscription, state.now);
    discounts.retain(|one| !is_once(state, text(&one["source"]["coupon"])));
    let amounts = vec![(line.amount, text(&line.price["product"]).to_owned())];
    let offs = reckon(state, &coupons(&discounts), amounts);
    line.amount - offs.iter().flatten().sum::<i64>()
}
