//! Promotion codes: what somebody types to get a coupon. <https://docs.stripe.com/api/promotion_codes>

use serde_json::{Value, json};

use super::coupons::{most, until};
use crate::sandbox::stripe::{
    billing::redeem,
    door::{Answer, Ask, Endpoint, Fields, Refusal},
    state::{State, number, text},
};

const CREATE: &str = "active code customer expires_at max_redemptions metadata[*] \
    promotion[coupon type] restrictions[first_time_transaction minimum_amount \
    minimum_amount_currency]";

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::list(
        "promotion_codes",
        "promotion_code",
        "active code coupon created[gt gte lt lte] customer",
    ),
    Endpoint::retrieve("promotion_codes/{}", "promotion_code"),
    Endpoint::post("promotion_codes", "promotion_code", CREATE, create),
    Endpoint::post(
        "promotion_codes/{}",
        "promotion_code",
        "active metadata[*]",
        update,
    ),
];

fn create(state: &mut State, ask: &Ask<'_>) -> Answer {
    let fields = &ask.fields;
    let promotion = fields.at("promotion");
    promotion.required("type")?;
    promotion.one_of("type", &["coupon"])?;
    let coupon = state.referred("coupon", &promotion, "coupon")?;
    if !redeem::is_valid(state, &coupon) {
        let message = "The coupon of this promotion code can no longer be redeemed.";
        return Err(Refusal::bad(message, "promotion[coupon]"));
    }
    let customer = match fields.has("customer") {
        true => super::customers::referred(state, fields, "customer")?["id"].clone(),
        false => Value::Null,
    };
    let code = match fields.text("code") {
        Some(code) => written(code)?,
        None => state.id("PROMO").replace('_', ""),
    };
    taken(state, &code, &customer)?;
    let (most, until) = (most(fields)?, until(state, fields, "expires_at")?);
    let of_coupon = coupon["max_redemptions"].as_i64();
    if let (Some(most), Some(of_coupon)) = (most, of_coupon)
        && most > of_coupon
    {
        let message = "A promotion code cannot be redeemed more often than its coupon.";
        return Err(Refusal::bad(message, "max_redemptions"));
    }
    let restrictions = restrictions(&fields.at("restrictions"))?;
    let active = fields.flag("active")?.unwrap_or(true);
    let id = state.id("promo");
    state.put(json!({
        "id": id, "object": "promotion_code", "active": active, "code": code,
        "created": state.now, "customer": customer, "customer_account": null,
        "expires_at": until, "livemode": false, "max_redemptions": most,
        "metadata": fields.metadata(&json!({})),
        "promotion": { "type": "coupon", "coupon": coupon["id"] },
        "restrictions": restrictions, "times_redeemed": 0,
    }));
    state.emit("promotion_code.created", &id);
    Ok(state.get(&id))
}

fn written(code: &str) -> Result<String, Refusal> {
    let fits = |sign: char| sign.is_ascii_alphanumeric() || sign == '-';
    match code.chars().all(fits) {
        true => Ok(code.to_owned()),
        false => {
            let message = "Promotion codes may only contain letters, digits and dashes.";
            Err(Refusal::bad(message, "code"))
        }
    }
}

/// A code is unique among those that are active, whatever its case.
fn taken(state: &State, code: &str, customer: &Value) -> Result<(), Refusal> {
    let mut others = state.of_kind("promotion_code");
    let is_taken = others.any(|other| {
        other["active"] == true
            && text(&other["code"]).eq_ignore_ascii_case(code)
            && (other["customer"].is_null() || customer.is_null() || other["customer"] == *customer)
    });
    match is_taken {
        false => Ok(()),
        true => {
            let message = format!(
                "An active promotion code with `code: {code}` already exists. Please deactivate \
                 the existing code or use a different value."
            );
            Err(Refusal::bad(message, "code"))
        }
    }
}

fn restrictions(fields: &Fields<'_>) -> Answer {
    let least = fields.amount("minimum_amount")?;
    let currency = fields
        .text("minimum_amount_currency")
        .map(str::to_lowercase);
    match (least, &currency) {
        (Some(_), None) => {
            return Err(Refusal::required(&fields.param("minimum_amount_currency")));
        }
        (None, Some(_)) => return Err(Refusal::required(&fields.param("minimum_amount"))),
        _ => {}
    }
    Ok(json!({
        "first_time_transaction": fields.flag("first_time_transaction")?.unwrap_or_default(),
        "minimum_amount": least, "minimum_amount_currency": currency,
    }))
}

fn update(state: &mut State, ask: &Ask<'_>) -> Answer {
    let before = state.find("promotion_code", ask.id)?;
    let active = ask.fields.flag("active")?;
    if active == Some(true) && before["active"] != true {
        let coupon = state.get(text(&before["promotion"]["coupon"]));
        let is_over = before["expires_at"]
            .as_i64()
            .is_some_and(|at| at <= state.now);
        let is_spent = before["max_redemptions"]
            .as_i64()
            .is_some_and(|most| number(&before["times_redeemed"]) >= most);
        if is_over || is_spent || !redeem::is_valid(state, &coupon) {
            let message = "This promotion code cannot be activated: it or its coupon has expired \
                           or reached its maximum number of redemptions.";
            return Err(Refusal::bad(message, "active"));
        }
        taken(state, text(&before["code"]), &before["customer"])?;
    }
    let metadata = ask.fields.metadata(&before["metadata"]);
    state.set(ask.id, json!({ "metadata": metadata }));
    if let Some(active) = active {
        state.set(ask.id, json!({ "active": active }));
    }
    state.emit_changed("promotion_code.updated", ask.id, &before);
    Ok(state.get(ask.id))
}
