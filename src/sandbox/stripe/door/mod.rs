//! The API's door: who may ask, what is asked, what was answered before.

mod expand;
mod fields;
mod key;
mod known;
mod list;
mod params;
mod refusal;

use axum::{
    Json,
    body::Bytes,
    extract::{RawQuery, State as Extract},
    http::{HeaderMap, Method, StatusCode},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    Stripe,
    events::API_VERSION,
    objects,
    state::{Call, State},
};
use crate::web::Path;
pub(super) use {fields::Fields, list::found, refusal::Refusal};

/// How long an answer is kept under its idempotency key, in seconds.
const REPLIES_KEPT: i64 = 24 * 60 * 60;
/// What every list takes.
const PAGING: &str = "limit starting_after ending_before expand";

/// An address of the API.
pub(super) struct Endpoint {
    method: Method,
    /// Such as `customers/{}`.
    path: &'static str,
    /// What is found there: `customer`.
    kind: &'static str,
    /// Its parameters, as `known` reads them.
    takes: &'static str,
    act: Act,
}

enum Act {
    List,
    Do(Doing),
}

type Doing = fn(&mut State, &Ask<'_>) -> Answer;
pub(super) type Answer = Result<Value, Refusal>;

/// What is asked of an endpoint.
pub(super) struct Ask<'a> {
    pub path: &'a str,
    pub kind: &'static str,
    /// The id in the address, empty if there is none.
    pub id: &'a str,
    pub fields: Fields<'a>,
}

impl Endpoint {
    pub const fn list(path: &'static str, kind: &'static str, takes: &'static str) -> Self {
        Self::new(Method::GET, path, kind, takes, Act::List)
    }

    pub const fn retrieve(path: &'static str, kind: &'static str) -> Self {
        let act = Act::Do(|state, ask| state.find(ask.kind, ask.id));
        Self::new(Method::GET, path, kind, "", act)
    }

    pub const fn get(path: &'static str, takes: &'static str, act: Doing) -> Self {
        Self::new(Method::GET, path, "", takes, Act::Do(act))
    }

    pub const fn post(
        path: &'static str,
        kind: &'static str,
        takes: &'static str,
        act: Doing,
    ) -> Self {
        Self::new(Method::POST, path, kind, takes, Act::Do(act))
    }

    pub const fn delete(
        path: &'static str,
        kind: &'static str,
        takes: &'static str,
        act: Doing,
    ) -> Self {
        Self::new(Method::DELETE, path, kind, takes, Act::Do(act))
    }

    const fn new(
        method: Method,
        path: &'static str,
        kind: &'static str,
        takes: &'static str,
        act: Act,
    ) -> Self {
        Self {
            method,
            path,
            kind,
            takes,
            act,
        }
    }

    /// The id in `path`, if this is its endpoint; empty where the address has none.
    fn matches<'p>(&self, method: &Method, path: &'p str) -> Option<&'p str> {
        let mut id = "";
        let (mut own, mut asked) = (self.path.split('/'), path.split('/'));
        loop {
            match (own.next(), asked.next()) {
                (Some("{}"), Some(given)) if !given.is_empty() => id = given,
                (Some(own), Some(given)) if own == given => {}
                (None, None) => return (self.method == *method).then_some(id),
                _ => return None,
            }
        }
    }
}

/// An answer that was given under an idempotency key.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Reply {
    path: String,
    params: Value,
    status: u16,
    body: Value,
    at: i64,
}

impl Reply {
    pub fn is_over(&self, now: i64) -> bool {
        self.at + REPLIES_KEPT < now
    }
}

impl State {
    /// The object of this id and kind.
    pub fn find(&self, kind: &str, id: &str) -> Answer {
        match self.peek(id) {
            object if object["object"] == kind => Ok(object.clone()),
            _ => Err(Refusal::missing(kind, id)),
        }
    }

    /// The object of this kind that a parameter names.
    pub fn referred(&self, kind: &str, fields: &Fields<'_>, name: &str) -> Answer {
        let id = fields.required(name)?;
        let object = self.find(kind, id);
        object.map_err(|_| Refusal::reference(kind, id, &fields.param(name)))
    }
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
    let after = stripe.state().answer_after;
    if !after.is_zero() {
        tokio::time::sleep(after).await;
    }
    let key = header_text(&headers, "idempotency-key");
    let body = String::from_utf8_lossy(&body);
    let encoded = match (query.as_deref().unwrap_or_default(), body.as_ref()) {
        ("", body) => body.to_owned(),
        (query, "") => query.to_owned(),
        (query, body) => format!("{query}&{body}"),
    };
    let is_read = method == Method::GET;
    let asked = |state: &mut State| {
        let request = state.id("req");
        let params = match key::authorized(&headers, &state.settings.secret_key)
            .and_then(|()| params::parse(&encoded))
        {
            Ok(params) => params,
            Err(refusal) => return (request, refused(&refusal), false),
        };
        let call = Call {
            method: method.to_string(),
            path,
            params,
            idempotency_key: key.clone().filter(|_| !is_read),
        };
        state.request = Some((request.clone(), call.idempotency_key.clone()));
        let (reply, replayed) = replied(state, &method, &call);
        state.request = None;
        state.remember(call);
        (request, reply, replayed)
    };
    let (request, (status, body), replayed) = match is_read {
        true => asked(&mut stripe.at_now()),
        false => stripe.act(asked),
    };
    objects::test_clocks::go_on(&stripe);
    let mut response = (status, Json(body)).into_response();
    let replayed = replayed.then(|| "true".to_owned());
    for (name, value) in [
        ("request-id", Some(request)),
        ("stripe-version", Some(API_VERSION.to_owned())),
        ("idempotency-key", key),
        ("idempotent-replayed", replayed),
    ] {
        if let Some(value) = value.and_then(|value| value.parse().ok()) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

fn header_text(headers: &HeaderMap, name: &str) -> Option<String> {
    let value = headers.get(name).and_then(|value| value.to_str().ok());
    value.map(str::to_owned)
}

fn refused(refusal: &Refusal) -> (StatusCode, Value) {
    (refusal.status, refusal.body())
}

/// The same key and parameters get the same answer; the same key with others is refused. What fails
/// before anything is done is not kept. <https://docs.stripe.com/api/idempotent_requests>
fn replied(state: &mut State, method: &Method, call: &Call) -> ((StatusCode, Value), bool) {
    if let Some((left @ 1.., status)) = state.failing {
        state.failing = Some((left - 1, status));
        return (refused(&Refusal::told_to(status)), false);
    }
    let now = state.now;
    let key = call.idempotency_key.as_deref();
    let before = key.and_then(|key| state.replies.get(key));
    if let (Some(key), Some(reply)) = (key, before.filter(|reply| !reply.is_over(now))) {
        if reply.path != call.path || reply.params != call.params {
            return (refused(&Refusal::other_request(key)), false);
        }
        let status = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::OK);
        return ((status, reply.body.clone()), true);
    }
    let (status, body) = match handle(state, method, call) {
        Ok(body) => (StatusCode::OK, body),
        Err(refusal) if refusal.status == StatusCode::PAYMENT_REQUIRED => refused(&refusal),
        Err(refusal) => return (refused(&refusal), false),
    };
    if let Some(key) = key {
        let reply = Reply {
            path: call.path.clone(),
            params: call.params.clone(),
            status: status.as_u16(),
            body: body.clone(),
            at: now,
        };
        state.replies.insert(key.to_owned(), reply);
    }
    ((status, body), false)
}

fn handle(state: &mut State, method: &Method, call: &Call) -> Answer {
    let path = call.path.trim_end_matches('/');
    let found = objects::ENDPOINTS
        .iter()
        .copied()
        .flatten()
        .find_map(|endpoint| Some((endpoint, endpoint.matches(method, path)?)));
    let Some((endpoint, id)) = found else {
        return Err(Refusal::unknown_address(&call.method, path));
    };
    let paging = match endpoint.act {
        Act::List => PAGING,
        Act::Do(_) => "expand",
    };
    known::check(&format!("{} {paging}", endpoint.takes), &call.params)?;
    let ask = Ask {
        path,
        kind: endpoint.kind,
        id,
        fields: Fields::of(&call.params),
    };
    let mut answer = match endpoint.act {
        Act::List => list::answer(state, &ask)?,
        Act::Do(act) => act(state, &ask)?,
    };
    for wanted in ask.fields.texts("expand") {
        expand::expand(state, &mut answer, wanted)?;
    }
    Ok(answer)
}
