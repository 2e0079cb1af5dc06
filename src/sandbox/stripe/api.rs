//! The API: who may ask, what is asked, and Stripe's shape of refusals.

use axum::{
    Json,
    body::Bytes,
    extract::{Path, RawQuery, State as Extract},
    http::{HeaderMap, Method, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use super::{
    Stripe, create, params,
    refusal::Refusal,
    state::{Call, Reply, State},
};

/// What is asked.
pub(super) struct Ask<'a> {
    pub method: &'a Method,
    pub path: &'a [&'a str],
    pub params: &'a Value,
    pub now: i64,
    pub base_url: &'a str,
}

/// Answers `/v1/…`.
pub(super) async fn answer(
    Extract(stripe): Extract<Stripe>,
    method: Method,
    Path(path): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let encoded = match method {
        Method::POST => String::from_utf8_lossy(&body).into_owned(),
        _ => query.unwrap_or_default(),
    };
    let params = params::parse(&encoded);
    let text = |name: &str| {
        let value = headers.get(name).and_then(|value| value.to_str().ok());
        value.map(str::to_owned)
    };
    let call = Call {
        method: method.to_string(),
        path: path.clone(),
        params: params.clone(),
        idempotency_key: text("idempotency-key"),
    };
    let authorized = text(header::AUTHORIZATION.as_str())
        .is_some_and(|value| value.starts_with("Bearer sk_test_"));
    let base_url = stripe.settings().base_url;
    let segments: Vec<&str> = path.split('/').collect();
    let ask = Ask {
        method: &method,
        path: &segments,
        params: &params,
        now: stripe.now(),
        base_url: &base_url,
    };
    let result = if authorized {
        remembered(&mut stripe.state(), &call, &ask)
    } else {
        Err(Refusal {
            status: 401,
            code: "api_key_invalid",
            message: "Invalid API Key provided".to_owned(),
            param: None,
        })
    };
    if method != Method::GET {
        stripe.changed();
    }
    match result {
        Ok(answer) => ([("request-id", "req_sandbox")], Json(answer)).into_response(),
        Err(refusal) => refusal.into_response(),
    }
}

/// The same key and parameters get the same answer; the same key with others is refused.
fn remembered(state: &mut State, call: &Call, ask: &Ask<'_>) -> Result<Value, Refusal> {
    state.calls.push(call.clone());
    if let Some((left @ 1.., status)) = state.failing {
        state.failing = Some((left - 1, status));
        return Err(Refusal {
            status,
            code: "sandbox_failure",
            message: "The simulated Stripe was told to fail".to_owned(),
            param: None,
        });
    }
    let key = call.idempotency_key.clone();
    if let Some(reply) = key.as_ref().and_then(|key| state.replies.get(key)) {
        if reply.path == call.path && reply.params == call.params {
            return Ok(reply.answer.clone());
        }
        return Err(Refusal {
            status: 400,
            code: "idempotency_key_in_use",
            message: "Keys for idempotent requests can only be used with the same parameters"
                .to_owned(),
            param: None,
        });
    }
    let answer = handle(state, ask)?;
    if let Some(key) = key {
        let reply = Reply {
            path: call.path.clone(),
            params: call.params.clone(),
            answer: answer.clone(),
        };
        state.replies.insert(key, reply);
    }
    Ok(answer)
}

fn handle(state: &mut State, ask: &Ask<'_>) -> Result<Value, Refusal> {
    let mut answer = match (ask.method, ask.path) {
        (&Method::GET, ["account"]) => json!({
            "id": "acct_sandbox", "object": "account", "charges_enabled": true,
            "country": "DE", "default_currency": "eur", "type": "standard",
        }),
        (&Method::GET, ["checkout", "sessions", id, "line_items"]) => {
            let session = find(state, "checkout.session", id)?;
            session["line_items"].clone()
        }
        (&Method::GET, path) => read(state, path, ask.params)?,
        _ => create::write(state, ask)?,
    };
    let expand = ask.params["expand"].as_array().cloned().unwrap_or_default();
    for path in expand.iter().filter_map(Value::as_str) {
        expanded(state, &mut answer, path);
    }
    Ok(answer)
}

/// The object of this id and kind.
pub(super) fn find(state: &State, kind: &str, id: &str) -> Result<Value, Refusal> {
    match state.objects.get(id) {
        Some(object) if object["object"] == kind => Ok(object.clone()),
        _ => Err(Refusal::missing(kind, id)),
    }
}

fn read(state: &State, path: &[&str], params: &Value) -> Result<Value, Refusal> {
    let (kind, id) = match path {
        ["checkout", "sessions", rest @ ..] => ("checkout.session", rest),
        ["customers", rest @ ..] => ("customer", rest),
        ["products", rest @ ..] => ("product", rest),
        ["prices", rest @ ..] => ("price", rest),
        ["subscriptions", rest @ ..] => ("subscription", rest),
        ["invoices", rest @ ..] => ("invoice", rest),
        ["payment_intents", rest @ ..] => ("payment_intent", rest),
        ["charges", rest @ ..] => ("charge", rest),
        ["refunds", rest @ ..] => ("refund", rest),
        ["events", rest @ ..] => ("event", rest),
        _ => ("", &path[path.len()..]),
    };
    match (kind, id) {
        ("", _) | (_, [_, _, ..]) => Err(Refusal {
            status: 404,
            code: "url_invalid",
            message: format!("Unrecognized request URL (/v1/{})", path.join("/")),
            param: None,
        }),
        (kind, [id]) => find(state, kind, id),
        (kind, []) => list(state, kind, path, params),
    }
}

/// Newest first, by cursor. <https://docs.stripe.com/api/pagination>
fn list(state: &State, kind: &str, path: &[&str], params: &Value) -> Result<Value, Refusal> {
    const PLAIN: [&str; 8] = [
        "customer",
        "status",
        "type",
        "subscription",
        "payment_intent",
        "charge",
        "price",
        "product",
    ];
    const PAGING: [&str; 5] = [
        "limit",
        "starting_after",
        "ending_before",
        "expand",
        "created",
    ];
    let given = params.as_object().cloned().unwrap_or_default();
    for name in given.keys() {
        if !PLAIN.contains(&name.as_str()) && !PAGING.contains(&name.as_str()) {
            return Err(unknown(name));
        }
    }
    let since = params["created"]["gte"].as_str();
    let since = since.and_then(|text| text.parse::<i64>().ok());
    let fits = |object: &&Value| {
        let equal = PLAIN.iter().all(|name| match (&params[name], *name) {
            (Value::Null, _) => true,
            (Value::String(all), "status") if all == "all" => true,
            (wanted, name) => object[name] == *wanted,
        });
        equal && since.is_none_or(|since| object["created"].as_i64() >= Some(since))
    };
    let mut found: Vec<&Value> = state.of_kind(kind).rev().filter(fits).collect();
    if let Some(after) = params["starting_after"].as_str() {
        let at = found.iter().position(|object| object["id"] == after);
        found.drain(..at.map_or(found.len(), |at| at + 1));
    }
    let limit = params["limit"].as_str().and_then(|text| text.parse().ok());
    let limit: usize = limit.unwrap_or(10);
    if let Some(before) = params["ending_before"].as_str() {
        let at = found.iter().position(|object| object["id"] == before);
        found.truncate(at.unwrap_or_default());
        found.drain(..found.len().saturating_sub(limit));
    }
    let has_more = found.len() > limit;
    found.truncate(limit);
    Ok(json!({
        "object": "list",
        "data": found,
        "has_more": has_more,
        "url": format!("/v1/{}", path.join("/")),
    }))
}

/// Stripe refuses what it does not know, so that a misspelt parameter shows.
pub(super) fn unknown(name: &str) -> Refusal {
    Refusal::invalid(
        "parameter_unknown",
        format!("Received unknown parameter: {name}"),
        name,
    )
}

/// Replaces the id at `path` (such as `data.latest_invoice`) by the object.
fn expanded(state: &State, value: &mut Value, path: &str) {
    let (field, rest) = path.split_once('.').unwrap_or((path, ""));
    if let Value::Array(items) = value {
        for item in items {
            expanded(state, item, path);
        }
        return;
    }
    let Some(place) = value.get_mut(field) else {
        return;
    };
    let object = place.as_str().and_then(|id| state.objects.get(id));
    if let Some(object) = object.cloned() {
        *place = object;
    }
    if !rest.is_empty() {
        expanded(state, place, rest);
    }
}
