//! Discounts of a Checkout Session, given by the request or typed on the page.
//! Source: <https://docs.stripe.com/payments/checkout/discounts>

use serde_json::{Value, json};

use crate::sandbox::stripe::{
    Stripe,
    billing::{
        discount,
        redeem::{self, Order, Redeemed},
    },
    door::{Fields, Refusal},
    state::{State, number, text},
};

/// Reads `discounts` of a request for these items.
pub(super) fn read(
    state: &State,
    fields: &Fields<'_>,
    customer: Option<&str>,
    items: &[Value],
) -> Result<Vec<Redeemed>, Refusal> {
    if !fields.has("discounts") {
        return Ok(Vec::new());
    }
    if fields.has("allow_promotion_codes") {
        let message = "You may only specify one of these parameters: allow_promotion_codes, \
                       discounts.";
        return Err(Refusal::invalid("parameters_exclusive", message, ""));
    }
    if fields.items("discounts").len() > 1 {
        let message = "You may only specify one discount.";
        return Err(Refusal::bad(message, "discounts"));
    }
    let products = products(items);
    redeem::read(state, fields, order(customer, items, &products))
}

fn products(items: &[Value]) -> Vec<String> {
    let products = items.iter().map(|item| text(&item["price"]["product"]));
    products.map(str::to_owned).collect()
}

fn order<'a>(customer: Option<&'a str>, items: &'a [Value], products: &'a [String]) -> Order<'a> {
    Order {
        customer,
        currency: items.first().map_or("", |item| text(&item["currency"])),
        subtotal: items
            .iter()
            .map(|item| number(&item["amount_subtotal"]))
            .sum(),
        products,
    }
}

/// What a session is discounted by.
pub(in super::super) fn of(state: &State, session: &str) -> Vec<Redeemed> {
    let all = state.peek(session)["discounts"]
        .as_array()
        .into_iter()
        .flatten();
    all.map(|one| {
        let code = one["promotion_code"].as_str().map(str::to_owned);
        let by_code = code
            .as_deref()
            .map(|code| &state.peek(code)["promotion"]["coupon"]);
        let coupon = by_code.unwrap_or(&one["coupon"]);
        Redeemed {
            coupon: text(coupon).to_owned(),
            code,
        }
    })
    .collect()
}

/// Stripe's sentence, if what a session is discounted by cannot be redeemed any more.
pub(in super::super) fn refusal(state: &State, session: &str) -> Option<&'static str> {
    let mut all = of(state, session).into_iter();
    all.find_map(|one| refused(state, session, &one))
}

fn refused(state: &State, session: &str, redeemed: &Redeemed) -> Option<&'static str> {
    let items = state.note(session, "line_items").as_array().cloned();
    let items = items.unwrap_or_default();
    let products = products(&items);
    let customer = state.peek(session)["customer"].as_str();
    redeem::refusal(state, redeemed, order(customer, &items, &products))
}

/// Sets what a session is discounted by, and its amounts. While a trial lasts nothing is due.
pub(in super::super) fn set(state: &mut State, session: &str, redeemed: &[Redeemed]) {
    let items = state.note(session, "line_items").as_array().cloned();
    let mut items = items.unwrap_or_default();
    let coupons: Vec<String> = redeemed.iter().map(|one| one.coupon.clone()).collect();
    let amounts = items.iter().zip(products(&items));
    let amounts = amounts.map(|(item, product)| (number(&item["amount_subtotal"]), product));
    let offs = discount::reckon(state, &coupons, amounts.collect());
    let mut all = 0;
    for (at, item) in items.iter_mut().enumerate() {
        let off: i64 = offs.iter().map(|offs| offs[at]).sum();
        item["amount_discount"] = json!(off);
        item["amount_total"] = json!(number(&item["amount_subtotal"]) - off);
        all += off;
    }
    let shown = redeemed.iter().map(|one| {
        let coupon = one.code.is_none().then_some(&one.coupon);
        json!({ "coupon": coupon, "promotion_code": one.code })
    });
    let shown: Value = shown.collect();
    state.set_note(session, "line_items", Value::Array(items));
    state.change(session, |object| {
        let off = all.min(number(&object["amount_subtotal"]));
        object["amount_total"] = json!(number(&object["amount_subtotal"]) - off);
        object["total_details"]["amount_discount"] = json!(off);
        object["discounts"] = shown;
    });
}

impl Stripe {
    /// Takes a code that was typed on the hosted page; an empty one takes the discount away.
    ///
    /// # Errors
    /// With Stripe's sentence, if the code is not good for this session.
    pub fn type_code(&self, session: &str, typed: &str) -> Result<(), String> {
        self.act(|state| {
            let object = state.peek(session);
            if object["status"] != "open" || object["allow_promotion_codes"] != true {
                return Err("This page takes no codes.".to_owned());
            }
            if typed.trim().is_empty() {
                set(state, session, &[]);
                return Ok(());
            }
            let Some(redeemed) = redeem::by_code(state, typed) else {
                return Err("This code is invalid.".to_owned());
            };
            if let Some(words) = refused(state, session, &redeemed) {
                return Err(words.to_owned());
            }
            set(state, session, &[redeemed]);
            let total = number(&state.peek(session)["amount_total"]);
            let currency = state.text(session, "currency");
            if super::session_lines::enough(total, &currency).is_err() {
                set(state, session, &[]);
                return Err("This code leaves less than can be charged.".to_owned());
            }
            Ok(())
        })
    }
}
