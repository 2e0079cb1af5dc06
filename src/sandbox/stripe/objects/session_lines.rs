//! What a Checkout Session sells.

use serde_json::{Value, json};

use crate::{
    money::Money,
    sandbox::stripe::{
        billing,
        door::{Answer, Fields, Refusal},
        state::{State, text},
    },
};

/// Reads `line_items` into the items of a session.
pub(super) fn read(
    state: &mut State,
    fields: &Fields<'_>,
    mode: &str,
    session: &str,
) -> Result<Vec<Value>, Refusal> {
    let given = fields.items("line_items");
    if given.is_empty() {
        return Err(Refusal::required("line_items"));
    }
    let mut items: Vec<Value> = Vec::new();
    for (index, item) in given.iter().enumerate() {
        let price = price(state, item)?;
        let quantity = item.amount("quantity")?.unwrap_or(1).max(1);
        let amount = billing::total(&price, quantity);
        if items
            .iter()
            .any(|other| other["currency"] != price["currency"])
        {
            let message = "All line items must have the same currency.";
            return Err(Refusal::bad(message, "line_items"));
        }
        let name = state.text(text(&price["product"]), "name");
        items.push(json!({
            "id": format!("li_{session}_{index}"), "object": "item", "adjustable_quantity": null,
            "amount_discount": 0, "amount_subtotal": amount, "amount_tax": 0,
            "amount_total": amount, "currency": price["currency"], "description": name,
            "metadata": item.metadata(&json!({})), "price": price, "quantity": quantity,
        }));
    }
    let recurs = |item: &Value| !item["price"]["recurring"].is_null();
    if mode == "payment" && items.iter().any(recurs) {
        let message = "You specified `payment` mode but passed a recurring price. Either switch \
                       to `subscription` mode or use only one-time prices.";
        return Err(Refusal::bad(message, "mode"));
    }
    if mode == "subscription" && !items.iter().all(recurs) {
        let message = "You must provide at least one recurring price in `subscription` mode, and \
                       only recurring ones here.";
        return Err(Refusal::bad(message, "mode"));
    }
    Ok(items)
}

/// The price that a line names, or the one it describes.
fn price(state: &mut State, item: &Fields<'_>) -> Answer {
    if item.has("price") {
        let price = state.referred("price", item, "price")?;
        if price["active"] != true {
            let message = "The price specified is inactive. This field only accepts active prices.";
            return Err(Refusal::bad(message, &item.param("price")));
        }
        return Ok(price);
    }
    let data = item.at("price_data");
    let product = match data.has("product_data") {
        true => {
            let name = data.at("product_data").required("name")?;
            super::product(state, name)
        }
        false => {
            let product = state.referred("product", &data, "product")?;
            text(&product["id"]).to_owned()
        }
    };
    let id = super::price(state, &data, &product)?;
    // Made for this session alone: it cannot be sold again.
    state.set(&id, json!({ "active": false }));
    Ok(state.get(&id))
}

/// The least Stripe takes. <https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts>
pub(super) fn enough(total: i64, currency: &str) -> Result<(), Refusal> {
    let least = match currency {
        "gbp" => 30,
        "czk" => 1500,
        "dkk" => 250,
        "hkd" => 400,
        "huf" => 17500,
        "mxn" => 1000,
        "nok" | "sek" => 300,
        "pln" | "aed" | "ron" | "myr" => 200,
        "thb" => 1000,
        _ => 50,
    };
    if total == 0 || total >= least {
        return Ok(());
    }
    let least = Money::new(least, currency).format("en");
    let message =
        format!("The Checkout Session's total amount due must add up to at least {least}");
    Err(Refusal::invalid("amount_too_small", message, ""))
}
