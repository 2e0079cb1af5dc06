//! Lists: newest first, by filter and cursor. Source: <https://docs.stripe.com/api/pagination>

use serde_json::{Value, json};

use super::{Answer, Ask, Fields, Refusal};
use crate::sandbox::stripe::state::{State, data};

/// Filters that compare one field: the parameter, and where the field is.
const PLAIN: [(&str, &str); 14] = [
    ("customer", "/customer"),
    ("email", "/email"),
    ("active", "/active"),
    ("product", "/product"),
    ("currency", "/currency"),
    ("type", "/type"),
    ("charge", "/charge"),
    ("payment_intent", "/payment_intent"),
    ("invoice", "/invoice"),
    ("collection_method", "/collection_method"),
    ("default_payment_method", "/default_payment_method"),
    ("lookup_keys", "/lookup_key"),
    ("types", "/type"),
    ("source", "/source"),
];

/// Filters below another parameter.
const NESTED: [(&str, &str, &str); 5] = [
    ("payment", "type", "/payment/type"),
    ("payment", "payment_intent", "/payment/payment_intent"),
    ("recurring", "interval", "/recurring/interval"),
    ("recurring", "usage_type", "/recurring/usage_type"),
    ("customer_details", "email", "/customer_details/email"),
];

const ENDED: [&str; 2] = ["canceled", "incomplete_expired"];

/// Answers a list endpoint.
pub(super) fn answer(state: &mut State, ask: &Ask<'_>) -> Answer {
    let fits = |object: &&Value| fits(ask.kind, object, &ask.fields);
    let created = Range::read(&ask.fields, "created")?;
    let matching = state.of_kind(ask.kind).rev();
    let matching = matching.filter(|object| created.holds(object["created"].as_i64()));
    found(matching.filter(fits), &ask.fields, ask.kind, ask.path)
}

/// One page of `matching`, which comes newest first.
pub(in super::super) fn found<'v>(
    matching: impl Iterator<Item = &'v Value>,
    fields: &Fields<'_>,
    kind: &str,
    path: &str,
) -> Answer {
    let limit = match fields.integer("limit")? {
        None => 10,
        Some(limit @ 1..=100) => usize::try_from(limit).unwrap_or(10),
        Some(limit) => {
            let bound = match limit > 100 {
                true => "less than or equal to 100",
                false => "greater than or equal to 1",
            };
            let message = format!("This value must be {bound}.");
            return Err(Refusal::invalid(
                "parameter_invalid_integer",
                message,
                "limit",
            ));
        }
    };
    let (after, before) = (fields.text("starting_after"), fields.text("ending_before"));
    let (data, has_more) = match (after, before) {
        (Some(_), Some(_)) => {
            let message = "You may only specify one of these parameters: starting_after, \
                           ending_before.";
            return Err(Refusal::invalid("parameters_exclusive", message, ""));
        }
        (None, None) => first(matching, limit),
        (Some(cursor), None) => {
            let mut matching = matching;
            if !matching.any(|object| object["id"] == cursor) {
                return Err(Refusal::reference(kind, cursor, "starting_after"));
            }
            first(matching, limit)
        }
        (None, Some(cursor)) => {
            let all: Vec<&Value> = matching.collect();
            let Some(end) = all.iter().position(|object| object["id"] == cursor) else {
                return Err(Refusal::reference(kind, cursor, "ending_before"));
            };
            let start = end.saturating_sub(limit);
            let page = all[start..end].iter().map(|object| (*object).clone());
            (page.collect(), start > 0)
        }
    };
    Ok(json!({
        "object": "list",
        "data": data,
        "has_more": has_more,
        "url": format!("/v1/{path}"),
    }))
}

fn first<'v>(mut matching: impl Iterator<Item = &'v Value>, limit: usize) -> (Vec<Value>, bool) {
    let page: Vec<Value> = matching.by_ref().take(limit).cloned().collect();
    (page, matching.next().is_some())
}

fn fits(kind: &str, object: &Value, fields: &Fields<'_>) -> bool {
    let plain = PLAIN.iter().all(|(name, place)| {
        let wanted = fields.texts(name);
        wanted.is_empty() || wanted.iter().any(|wanted| is(object, place, wanted))
    });
    let nested = NESTED.iter().all(|(outer, name, place)| {
        let wanted = fields.at(outer);
        wanted
            .text(name)
            .is_none_or(|wanted| is(object, place, wanted))
    });
    plain && nested && fits_specially(kind, object, fields)
}

/// Filters that mean something of their own for one kind.
fn fits_specially(kind: &str, object: &Value, fields: &Fields<'_>) -> bool {
    let status = object["status"].as_str().unwrap_or_default();
    let has_status = match (kind, fields.text("status")) {
        ("subscription", Some("all")) => true,
        ("subscription", Some("ended")) => ENDED.contains(&status),
        ("subscription", None) => status != "canceled",
        (_, None) => true,
        (_, Some(wanted)) => status == wanted,
    };
    let subscription = match kind {
        "invoice" => "/parent/subscription_details/subscription",
        _ => "/subscription",
    };
    let of_subscription = fields
        .text("subscription")
        .is_none_or(|wanted| is(object, subscription, wanted));
    let has_price = fields.text("price").is_none_or(|wanted| {
        let mut items = data(&object["items"]).iter();
        items.any(|item| item["price"]["id"] == wanted)
    });
    let ids = fields.texts("ids");
    let is_listed = ids.is_empty() || ids.iter().any(|id| object["id"] == **id);
    let is_delivered = object["pending_webhooks"] == 0;
    let delivery = match fields.text("delivery_success") {
        Some(wanted) => is_delivered == (wanted == "true"),
        None => true,
    };
    let is_there = object["deleted"] != true;
    has_status && of_subscription && has_price && is_listed && delivery && is_there
}

fn is(object: &Value, place: &str, wanted: &str) -> bool {
    match object.pointer(place) {
        Some(Value::String(text)) => text == wanted,
        Some(Value::Null) | None => false,
        Some(other) => {
            let written = other.to_string();
            written == wanted
        }
    }
}

/// `created=…`, or `created[gte]=…` and its kin.
struct Range {
    from: i64,
    to: i64,
}

impl Range {
    fn read(fields: &Fields<'_>, name: &str) -> Result<Self, Refusal> {
        if let Some(exact) = fields.integer(name)? {
            return Ok(Self {
                from: exact,
                to: exact,
            });
        }
        let bounds = fields.at(name);
        let after = bounds.integer("gt")?.map(|bound| bound + 1);
        let before = bounds.integer("lt")?.map(|bound| bound - 1);
        Ok(Self {
            from: bounds.integer("gte")?.or(after).unwrap_or(i64::MIN),
            to: bounds.integer("lte")?.or(before).unwrap_or(i64::MAX),
        })
    }

    fn holds(&self, at: Option<i64>) -> bool {
        at.is_none_or(|at| (self.from..=self.to).contains(&at))
    }
}
