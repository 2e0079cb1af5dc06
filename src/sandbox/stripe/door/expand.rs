//! `expand[]`: objects in place of ids, and lists that are left out unless asked for.
//! Source: <https://docs.stripe.com/expand>

use serde_json::{Value, json};

use super::Refusal;
use crate::sandbox::stripe::state::{State, page};

/// How many levels Stripe expands.
const DEEPEST: usize = 4;

/// What can be expanded and is only there where it applies.
const SOMETIMES: [&str; 2] = ["applies_to", "transfer"];

/// Replaces what stands at `wanted`, such as `data.latest_invoice.payments`.
pub(super) fn expand(state: &State, answer: &mut Value, wanted: &str) -> Result<(), Refusal> {
    let names: Vec<&str> = wanted.split('.').collect();
    let levels = names.iter().filter(|name| **name != "data").count();
    if levels > DEEPEST {
        let message = format!("You cannot expand more than {DEEPEST} levels of a property.");
        return Err(Refusal::bad(message, "expand"));
    }
    along(state, answer, &names).map_err(|name| {
        let message = format!("This property cannot be expanded ({name}).");
        Refusal::bad(message, "expand")
    })
}

fn along(state: &State, value: &mut Value, names: &[&str]) -> Result<(), String> {
    let [name, rest @ ..] = names else {
        return Ok(());
    };
    if let Value::Array(items) = value {
        return items
            .iter_mut()
            .try_for_each(|item| along(state, item, names));
    }
    if value.is_null() {
        return Ok(());
    }
    if value[*name].is_null()
        && let Some(list) = left_out(state, value, name)
    {
        value[*name] = list;
    }
    if value[*name].is_null() && SOMETIMES.contains(name) {
        return Ok(());
    }
    let Some(place) = value.get_mut(*name) else {
        return Err((*name).to_owned());
    };
    for item in place.as_array_mut().into_iter().flatten() {
        if let Some(object) = item
            .as_str()
            .map(|id| state.peek(id))
            .filter(|one| !one.is_null())
        {
            *item = object.clone();
        }
    }
    match place.as_str().map(|id| state.peek(id)) {
        Some(Value::Null) => return Err((*name).to_owned()),
        Some(object) => *place = object.clone(),
        None => {}
    }
    along(state, place, rest)
}

/// A list that an object has and does not show unless asked.
fn left_out(state: &State, object: &Value, name: &str) -> Option<Value> {
    let id = object["id"].as_str()?;
    let kind = object["object"].as_str()?;
    if let ("coupon", "applies_to") = (kind, name) {
        let products = state.note(id, "products");
        return (!products.is_null()).then(|| json!({ "products": products }));
    }
    let (items, url) = match (kind, name) {
        ("checkout.session", "line_items") => (
            state.note(id, "line_items").as_array()?.clone(),
            format!("/v1/checkout/sessions/{id}/line_items"),
        ),
        ("invoice", "payments") => (
            state.noted(id, "payments"),
            format!("/v1/invoice_payments?invoice={id}"),
        ),
        ("charge", "refunds") => (
            state.noted(id, "refunds"),
            format!("/v1/charges/{id}/refunds"),
        ),
        ("customer", "subscriptions") => {
            let all = state.of_kind("subscription");
            let own = all.filter(|one| one["customer"] == id && one["status"] != "canceled");
            let url = format!("/v1/customers/{id}/subscriptions");
            (own.rev().cloned().collect(), url)
        }
        _ => return None,
    };
    Some(page(items, &url))
}
