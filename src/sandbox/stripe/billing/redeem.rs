//! Who may redeem a coupon or a promotion code.
//! Source: <https://docs.stripe.com/billing/subscriptions/coupons>

use serde_json::{Value, json};

use super::{discount::takes_off, period};
use crate::sandbox::stripe::{
    door::{Fields, Refusal},
    state::{State, number, text},
};

/// A coupon that is redeemed, and the code somebody typed for it.
#[derive(Clone, Debug)]
pub(in super::super) struct Redeemed {
    pub coupon: String,
    pub code: Option<String>,
}

/// What a coupon is redeemed for.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Order<'a> {
    pub customer: Option<&'a str>,
    pub currency: &'a str,
    /// Minor units.
    pub subtotal: i64,
    pub products: &'a [String],
}

/// Whether a coupon can still be redeemed.
pub(in super::super) fn is_valid(state: &State, coupon: &Value) -> bool {
    let is_over = coupon["redeem_by"]
        .as_i64()
        .is_some_and(|at| at <= state.now);
    coupon["deleted"] != true && !is_over && !is_spent(coupon)
}

fn is_spent(object: &Value) -> bool {
    let most = object["max_redemptions"].as_i64();
    most.is_some_and(|most| number(&object["times_redeemed"]) >= most)
}

/// The promotion code somebody typed, whatever its case, the one that is active first.
pub(in super::super) fn by_code(state: &State, typed: &str) -> Option<Redeemed> {
    let typed = typed.trim();
    let same = |code: &&Value| text(&code["code"]).eq_ignore_ascii_case(typed);
    let codes: Vec<&Value> = state.of_kind("promotion_code").rev().filter(same).collect();
    let active = codes.iter().find(|code| code["active"] == true);
    let code = active.or(codes.first())?;
    Some(of_code(code))
}

fn of_code(code: &Value) -> Redeemed {
    Redeemed {
        coupon: text(&code["promotion"]["coupon"]).to_owned(),
        code: Some(text(&code["id"]).to_owned()),
    }
}

/// Stripe's sentence on why this is not redeemed for this order, if it is not.
pub(in super::super) fn refusal(
    state: &State,
    redeemed: &Redeemed,
    order: Order<'_>,
) -> Option<&'static str> {
    let coupon = state.peek(&redeemed.coupon);
    if let Some(code) = redeemed.code.as_deref().map(|code| state.peek(code)) {
        let rules = &code["restrictions"];
        let is_hers = code["customer"].is_null() || code["customer"].as_str() == order.customer;
        let least = rules["minimum_amount"].as_i64();
        let is_first = order
            .customer
            .is_none_or(|customer| !has_paid(state, customer));
        if is_spent(code) {
            return Some(SPENT);
        }
        if code["active"] != true
            || code["expires_at"]
                .as_i64()
                .is_some_and(|at| at <= state.now)
        {
            return Some("This code has expired.");
        }
        if !is_hers {
            return Some("This code is invalid.");
        }
        if rules["first_time_transaction"] == true && !is_first {
            return Some(
                "This promotion code cannot be redeemed because the associated customer has \
                 prior transactions.",
            );
        }
        if least.is_some() && rules["minimum_amount_currency"] != order.currency {
            return Some(FOREIGN);
        }
        if least.is_some_and(|least| order.subtotal < least) {
            return Some("This order does not reach the minimum amount of this code.");
        }
    }
    if is_spent(coupon) {
        return Some(SPENT);
    }
    if !is_valid(state, coupon) {
        return Some("This code has expired.");
    }
    if !coupon["amount_off"].is_null() && coupon["currency"] != order.currency {
        return Some(FOREIGN);
    }
    let applies = |product: &String| takes_off(state, &redeemed.coupon, product);
    let none = !order.products.iter().any(applies);
    none.then_some("This code does not apply to what is being bought.")
}

const SPENT: &str = "This code has been redeemed as often as it can be.";
const FOREIGN: &str = "This code cannot be used with this currency.";

fn has_paid(state: &State, customer: &str) -> bool {
    let mut intents = state.of_kind("payment_intent");
    intents.any(|intent| intent["customer"] == customer && intent["status"] == "succeeded")
}

/// Reads `discounts` of a request: a coupon or a promotion code each.
pub(in super::super) fn read(
    state: &State,
    fields: &Fields<'_>,
    order: Order<'_>,
) -> Result<Vec<Redeemed>, Refusal> {
    let mut all = Vec::new();
    for item in fields.items("discounts") {
        if item.has("coupon") && item.has("promotion_code") {
            let message = "You may only specify one of these parameters: coupon, promotion_code.";
            return Err(Refusal::invalid(
                "parameters_exclusive",
                message,
                item.place(),
            ));
        }
        let (redeemed, param) = match item.has("promotion_code") {
            true => {
                let code = state.referred("promotion_code", &item, "promotion_code")?;
                (of_code(&code), item.param("promotion_code"))
            }
            false => {
                let coupon = state.referred("coupon", &item, "coupon")?;
                let coupon = text(&coupon["id"]).to_owned();
                (Redeemed { coupon, code: None }, item.param("coupon"))
            }
        };
        if let Some(words) = refusal(state, &redeemed, order) {
            let code = match words {
                "This code has expired." => "coupon_expired",
                _ => "promotion_code_invalid",
            };
            return Err(Refusal::invalid(code, words, &param));
        }
        all.push(redeemed);
    }
    Ok(all)
}

/// A discount as it stands on a subscription, not put there yet.
pub(in super::super) fn shape(
    state: &mut State,
    redeemed: &Redeemed,
    customer: &Value,
    subscription: &Value,
) -> Value {
    let coupon = state.get(&redeemed.coupon);
    let months = coupon["duration_in_months"].as_i64();
    let recurring = months.map(|count| json!({ "interval": "month", "interval_count": count }));
    let end = recurring.map(|recurring| period::end(&recurring, state.now, state.now));
    json!({
        "id": state.id("di"), "object": "discount", "checkout_session": null,
        "customer": customer, "customer_account": null, "end": end, "invoice": null,
        "invoice_item": null, "promotion_code": redeemed.code,
        "source": { "type": "coupon", "coupon": redeemed.coupon }, "start": state.now,
        "subscription": subscription, "subscription_item": null,
    })
}

/// Puts discounts on a subscription in place of those it has, and counts that they were redeemed.
pub(in super::super) fn attach(state: &mut State, subscription: &str, redeemed: &[Redeemed]) {
    let customer = state.peek(subscription)["customer"].clone();
    let mut ids = Vec::new();
    for one in redeemed {
        let discount = shape(state, one, &customer, &json!(subscription));
        let id = state.put(discount);
        count(state, one);
        state.emit("customer.discount.created", &id);
        ids.push(json!(id));
    }
    state.set(subscription, json!({ "discounts": ids }));
}

/// Counts that a coupon and its code were redeemed.
pub(in super::super) fn count(state: &mut State, redeemed: &Redeemed) {
    let ids = [Some(&redeemed.coupon), redeemed.code.as_ref()];
    for id in ids.into_iter().flatten() {
        state.change(id, |object| {
            object["times_redeemed"] = json!(number(&object["times_redeemed"]) + 1);
            let spent = is_spent(object);
            if object["object"] == "promotion_code" && spent {
                object["active"] = json!(false);
            }
            if object["object"] == "coupon" && spent {
                object["valid"] = json!(false);
            }
        });
    }
}
