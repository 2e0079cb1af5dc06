//! Coupons: how much less is paid, and for how long. <https://docs.stripe.com/api/coupons>

use serde_json::{Map, Value, json};

use crate::sandbox::stripe::{
    billing::redeem,
    door::{Answer, Ask, Endpoint, Fields, Refusal},
    state::State,
};

const CREATE: &str = "amount_off applies_to[products] currency duration duration_in_months id \
    max_redemptions metadata[*] name percent_off redeem_by";

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::list("coupons", "coupon", "created[gt gte lt lte]"),
    Endpoint::get("coupons/{}", "", |state, ask| known(state, ask.id)),
    Endpoint::post("coupons", "coupon", CREATE, create),
    Endpoint::post("coupons/{}", "coupon", "metadata[*] name", update),
    Endpoint::delete("coupons/{}", "coupon", "", delete),
];

/// The coupon of this id, if it was not deleted.
fn known(state: &State, id: &str) -> Answer {
    let coupon = state.find("coupon", id)?;
    match coupon["deleted"] == true {
        true => Err(Refusal::missing("coupon", id)),
        false => Ok(shown(state, coupon)),
    }
}

/// Whether it can still be redeemed changes with time.
fn shown(state: &State, mut coupon: Value) -> Value {
    coupon["valid"] = json!(redeem::is_valid(state, &coupon));
    coupon
}

fn create(state: &mut State, ask: &Ask<'_>) -> Answer {
    let fields = &ask.fields;
    let (percent, amount) = worth(fields)?;
    let currency = match amount {
        Some(_) => Some(fields.currency()?),
        None => None,
    };
    let durations = ["forever", "once", "repeating"];
    let duration = fields.one_of("duration", &durations)?.unwrap_or("once");
    let months = fields.integer("duration_in_months")?;
    match (duration, months) {
        ("repeating", None) => return Err(Refusal::required("duration_in_months")),
        ("once" | "forever", Some(_)) => {
            let message = "You cannot set `duration_in_months` unless `duration` is `repeating`.";
            return Err(Refusal::bad(message, "duration_in_months"));
        }
        (_, Some(..1)) => return Err(not_positive("duration_in_months")),
        _ => {}
    }
    let (most, until) = (most(fields)?, until(state, fields, "redeem_by")?);
    let products = fields.at("applies_to").texts("products");
    for product in &products {
        state
            .find("product", product)
            .map_err(|_| Refusal::reference("product", product, "applies_to[products]"))?;
    }
    let id = match fields.text("id") {
        Some(id) if state.peek(id)["object"] == "coupon" && state.peek(id)["deleted"] != true => {
            let code = "resource_already_exists";
            return Err(Refusal::invalid(code, "Coupon already exists.", "id"));
        }
        Some(id) => id.to_owned(),
        None => state.id("Z4OV"),
    };
    state.put(json!({
        "id": id, "object": "coupon", "amount_off": amount, "created": state.now,
        "currency": currency, "duration": duration, "duration_in_months": months,
        "livemode": false, "max_redemptions": most, "metadata": fields.metadata(&json!({})),
        "name": fields.text("name"), "percent_off": percent, "redeem_by": until,
        "times_redeemed": 0, "valid": true,
    }));
    let products = (!products.is_empty()).then_some(products);
    state.set_note(&id, "products", json!(products));
    state.emit("coupon.created", &id);
    Ok(state.get(&id))
}

/// One of the two: percent, or minor units.
fn worth(fields: &Fields<'_>) -> Result<(Option<f64>, Option<i64>), Refusal> {
    let percent = match fields.text("percent_off") {
        None => None,
        Some(text) => {
            let percent: f64 = text.parse().map_err(|_| {
                let message = format!("Invalid decimal: {text}");
                Refusal::bad(message, "percent_off")
            })?;
            if !(percent > 0.0 && percent <= 100.0) {
                let message = "Invalid percent_off: must be greater than 0 and at most 100";
                return Err(Refusal::bad(message, "percent_off"));
            }
            Some((percent * 100.0).round() / 100.0)
        }
    };
    match (percent, fields.integer("amount_off")?) {
        (None, None) => {
            let message = "Must provide percent_off or amount_off.";
            Err(Refusal::unfit(message))
        }
        (Some(_), Some(_)) => {
            let message = "You may only specify one of these parameters: amount_off, percent_off.";
            Err(Refusal::invalid("parameters_exclusive", message, ""))
        }
        (None, Some(..1)) => Err(not_positive("amount_off")),
        both => Ok(both),
    }
}

fn not_positive(param: &str) -> Refusal {
    let message = "This value must be greater than or equal to 1.";
    Refusal::invalid("parameter_invalid_integer", message, param)
}

/// How often it can be redeemed.
pub(super) fn most(fields: &Fields<'_>) -> Result<Option<i64>, Refusal> {
    match fields.integer("max_redemptions")? {
        Some(..1) => Err(not_positive("max_redemptions")),
        most => Ok(most),
    }
}

/// Until when it can be redeemed: an instant to come.
pub(super) fn until(
    state: &State,
    fields: &Fields<'_>,
    name: &str,
) -> Result<Option<i64>, Refusal> {
    match fields.integer(name)? {
        Some(at) if at <= state.now => {
            let message = format!("Invalid {name}: must be a timestamp in the future.");
            Err(Refusal::bad(message, name))
        }
        until => Ok(until),
    }
}

fn update(state: &mut State, ask: &Ask<'_>) -> Answer {
    let before = known(state, ask.id)?;
    let mut changes = Map::new();
    ask.fields.copy(&["name"], &mut changes);
    let metadata = ask.fields.metadata(&before["metadata"]);
    changes.insert("metadata".to_owned(), metadata);
    state.set(ask.id, Value::Object(changes));
    state.emit_changed("coupon.updated", ask.id, &before);
    Ok(shown(state, state.get(ask.id)))
}

/// Who has redeemed it keeps it. <https://docs.stripe.com/api/coupons/delete>
fn delete(state: &mut State, ask: &Ask<'_>) -> Answer {
    let coupon = known(state, ask.id)?;
    state.emit("coupon.deleted", ask.id);
    state.set_note(ask.id, "was", coupon);
    let left = json!({ "id": ask.id, "object": "coupon", "deleted": true });
    state.put(left.clone());
    Ok(left)
}
