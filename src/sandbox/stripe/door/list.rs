//! Lists: newest first, by filter and cursor. Source: <https://docs.stripe.com/api/pagination>

use serde_json::{Value, json};

use super::{Answer, Ask, Fields, Refusal};
use crate::sandbox::stripe::state::{State, data};

/// Filters that compare one field: the parameter, and where the field is.
const PLAIN: [(&str, &str); 20] = [
    ("ids", "/id"),
    ("code", "/code"),
    ("coupon", "/promotion/coupon"),
    ("destination", "/destination"),
    ("transfer_group", "/transfer_group"),
    ("schedule", "/schedule"),
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

/// Filters by an instant or a span.
const RANGES: [(&str, &str); 2] = [
    ("created", "/created"),
    ("current_period_end", "/items/data/0/current_period_end"),
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

/// Answers a list endpoint. No more is looked at than the page needs.
pub(super) fn answer(state: &mut State, ask: &Ask<'_>) -> Answer {
    let paging = Paging::read(&ask.fields, ask.kind)?;
    let filters = filters(ask)?;
    let fits = |object: &&Value| filters.iter().all(|filter| filter(object));
    let ids = state.ids(ask.kind);
    // Mostly what is asked for is recent, or goes on after a page.
    let at = |id: &str| ids.iter().rposition(|one| one == id);
    let (page, has_more) = match paging.cursor {
        Cursor::None => first(state.those(ids).rev().filter(fits), paging.limit),
        Cursor::After(id) => {
            let older = &ids[..at(id).ok_or_else(|| paging.lost(id))?];
            first(state.those(older).rev().filter(fits), paging.limit)
        }
        Cursor::Before(id) => {
            let newer = &ids[at(id).ok_or_else(|| paging.lost(id))? + 1..];
            let (mut page, has_more) = first(state.those(newer).filter(fits), paging.limit);
            page.reverse();
            (page, has_more)
        }
    };
    Ok(shape(page, has_more, ask.path))
}

/// One page of a few things, which come newest first.
pub(in super::super) fn found<'v>(
    matching: impl Iterator<Item = &'v Value>,
    fields: &Fields<'_>,
    kind: &'static str,
    path: &str,
) -> Answer {
    let paging = Paging::read(fields, kind)?;
    let all: Vec<&Value> = matching.collect();
    let at = |id: &str| {
        let at = all.iter().position(|object| object["id"] == id);
        at.ok_or_else(|| paging.lost(id))
    };
    let (page, has_more) = match paging.cursor {
        Cursor::None => first(all.iter().copied(), paging.limit),
        Cursor::After(id) => first(all[at(id)? + 1..].iter().copied(), paging.limit),
        Cursor::Before(id) => {
            let newer = all[..at(id)?].iter().copied().rev();
            let (mut page, has_more) = first(newer, paging.limit);
            page.reverse();
            (page, has_more)
        }
    };
    Ok(shape(page, has_more, path))
}

fn first<'v>(mut matching: impl Iterator<Item = &'v Value>, limit: usize) -> (Vec<Value>, bool) {
    let page: Vec<Value> = matching.by_ref().take(limit).cloned().collect();
    (page, matching.next().is_some())
}

fn shape(page: Vec<Value>, has_more: bool, path: &str) -> Value {
    let url = format!("/v1/{path}");
    json!({ "object": "list", "data": page, "has_more": has_more, "url": url })
}

/// Which page is wanted.
struct Paging<'a> {
    limit: usize,
    cursor: Cursor<'a>,
    kind: &'static str,
}

enum Cursor<'a> {
    None,
    After(&'a str),
    Before(&'a str),
}

impl<'a> Paging<'a> {
    fn read(fields: &Fields<'a>, kind: &'static str) -> Result<Self, Refusal> {
        let limit = match fields.integer("limit")? {
            None => 10,
            Some(limit @ 1..=100) => usize::try_from(limit).unwrap_or(10),
            Some(limit) => {
                let bound = match limit > 100 {
                    true => "less than or equal to 100",
                    false => "greater than or equal to 1",
                };
                let message = format!("This value must be {bound}.");
                let code = "parameter_invalid_integer";
                return Err(Refusal::invalid(code, message, "limit"));
            }
        };
        let cursor = match (fields.text("starting_after"), fields.text("ending_before")) {
            (None, None) => Cursor::None,
            (Some(id), None) => Cursor::After(id),
            (None, Some(id)) => Cursor::Before(id),
            (Some(_), Some(_)) => {
                let message = "You may only specify one of these parameters: starting_after, \
                               ending_before.";
                return Err(Refusal::invalid("parameters_exclusive", message, ""));
            }
        };
        Ok(Self {
            limit,
            cursor,
            kind,
        })
    }

    /// The cursor is on nothing.
    fn lost(&self, id: &str) -> Refusal {
        let param = match self.cursor {
            Cursor::Before(_) => "ending_before",
            _ => "starting_after",
        };
        Refusal::reference(self.kind, id, param)
    }
}

type Filter<'a> = Box<dyn Fn(&Value) -> bool + 'a>;

/// What the request filters by.
fn filters<'a>(ask: &'a Ask<'_>) -> Result<Vec<Filter<'a>>, Refusal> {
    let fields = &ask.fields;
    let mut filters: Vec<Filter<'a>> = vec![Box::new(|object| object["deleted"] != true)];
    for (name, place) in RANGES {
        if fields.has(name) {
            let range = Range::read(fields, name)?;
            filters.push(Box::new(move |object| range.holds(object.pointer(place))));
        }
    }
    let plain = PLAIN
        .iter()
        .map(|(name, place)| (fields.texts(name), *place));
    let nested = NESTED
        .iter()
        .map(|(outer, name, place)| (fields.at(outer).texts(name), *place));
    let subscription = match ask.kind {
        "invoice" => "/parent/subscription_details/subscription",
        _ => "/subscription",
    };
    let own = [(fields.texts("subscription"), subscription)];
    let given = plain.chain(nested).chain(own);
    for (wanted, place) in given.filter(|(wanted, _)| !wanted.is_empty()) {
        filters.push(Box::new(move |object| {
            wanted.iter().any(|wanted| is(object, place, wanted))
        }));
    }
    if let Some(price) = fields.text("price") {
        filters.push(Box::new(move |object| {
            let mut items = data(&object["items"]).iter();
            items.any(|item| item["price"]["id"] == price)
        }));
    }
    if let Some(delivered) = fields.flag("delivery_success")? {
        filters.push(Box::new(move |object| {
            (object["pending_webhooks"] == 0) == delivered
        }));
    }
    filters.extend(by_status(ask));
    Ok(filters)
}

/// What `status` means, which for subscriptions is something of its own.
fn by_status<'a>(ask: &'a Ask<'_>) -> Option<Filter<'a>> {
    let wanted = ask.fields.text("status");
    match (ask.kind, wanted) {
        ("subscription", None) => Some(Box::new(|object| object["status"] != "canceled")),
        ("subscription", Some("all")) | (_, None) => None,
        ("subscription", Some("ended")) => Some(Box::new(|object| {
            ENDED.iter().any(|ended| object["status"] == *ended)
        })),
        (_, Some(wanted)) => Some(Box::new(move |object| object["status"] == wanted)),
    }
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

    fn holds(&self, at: Option<&Value>) -> bool {
        let at = at.and_then(Value::as_i64);
        at.is_none_or(|at| (self.from..=self.to).contains(&at))
    }
}
