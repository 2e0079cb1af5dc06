//! What a subscription is made of, item by item. <https://docs.stripe.com/api/subscription_items>

use serde_json::{Value, json};

use super::{changes, subscriptions::recurring_price};
use crate::sandbox::stripe::{
    billing::Change,
    door::{Answer, Ask, Endpoint, Fields, Refusal, found},
    state::{State, data, text},
};

const KIND: &str = "subscription_item";
const HOW: &str = "metadata[*] off_session payment_behavior price proration_behavior \
    proration_date quantity";

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::get(
        "subscription_items",
        "subscription limit starting_after ending_before",
        list,
    ),
    Endpoint::get("subscription_items/{}", "", |state, ask| {
        Ok(of(state, ask.id)?.1)
    }),
    Endpoint::post(
        "subscription_items",
        KIND,
        "metadata[*] payment_behavior price proration_behavior proration_date quantity subscription",
        create,
    ),
    Endpoint::post("subscription_items/{}", KIND, HOW, update),
    Endpoint::delete(
        "subscription_items/{}",
        KIND,
        "proration_behavior proration_date",
        delete,
    ),
];

/// The subscription that has this item, and the item.
fn of(state: &State, id: &str) -> Result<(Value, Value), Refusal> {
    let found = state.of_kind("subscription").find_map(|subscription| {
        let mut items = data(&subscription["items"]).iter();
        let item = items.find(|item| item["id"] == id)?;
        Some((subscription.clone(), item.clone()))
    });
    found.ok_or_else(|| Refusal::missing(KIND, id))
}

fn list(state: &mut State, ask: &Ask<'_>) -> Answer {
    let subscription = state.referred("subscription", &ask.fields, "subscription")?;
    let items = data(&subscription["items"]).iter();
    found(items, &ask.fields, KIND, ask.path)
}

fn create(state: &mut State, ask: &Ask<'_>) -> Answer {
    let fields = &ask.fields;
    let subscription = state.referred("subscription", fields, "subscription")?;
    fields.required("price")?;
    let change = change(state, fields, None)?;
    changes::item(state, &subscription, fields, change)?;
    let after = state.get(text(&subscription["id"]));
    let item = data(&after["items"]).last().cloned().unwrap_or_default();
    annotate(state, &after, text(&item["id"]), fields);
    Ok(of(state, text(&item["id"]))?.1)
}

fn update(state: &mut State, ask: &Ask<'_>) -> Answer {
    let (subscription, _) = of(state, ask.id)?;
    let wanted = change(state, &ask.fields, Some(ask.id))?;
    changes::item(state, &subscription, &ask.fields, wanted)?;
    annotate(state, &subscription, ask.id, &ask.fields);
    Ok(of(state, ask.id)?.1)
}

fn delete(state: &mut State, ask: &Ask<'_>) -> Answer {
    let (subscription, _) = of(state, ask.id)?;
    if data(&subscription["items"]).len() == 1 {
        let message = "A subscription must have at least one active plan. In order to cancel a \
                       subscription, please use the cancel API endpoint.";
        return Err(Refusal::unfit(message));
    }
    let mut wanted = change(state, &ask.fields, Some(ask.id))?;
    wanted.is_removed = true;
    changes::item(state, &subscription, &ask.fields, wanted)?;
    Ok(json!({ "id": ask.id, "object": KIND, "deleted": true }))
}

fn change(state: &State, fields: &Fields<'_>, item: Option<&str>) -> Result<Change, Refusal> {
    let price = match fields.has("price") {
        true => Some(recurring_price(state, fields)?),
        false => None,
    };
    Ok(Change {
        item: item.map(str::to_owned),
        price,
        quantity: fields.amount("quantity")?,
        is_removed: false,
        param: String::new(),
    })
}

fn annotate(state: &mut State, subscription: &Value, item: &str, fields: &Fields<'_>) {
    state.change(text(&subscription["id"]), |object| {
        let items = object["items"]["data"].as_array_mut().into_iter().flatten();
        for one in items.filter(|one| one["id"] == item) {
            one["metadata"] = fields.metadata(&one["metadata"]);
        }
    });
}
