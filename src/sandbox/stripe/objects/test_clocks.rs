//! Test clocks. There is one time in the simulated Stripe, so all of them go by it: whichever is advanced, time goes on
//! for everybody by as much. <https://docs.stripe.com/api/test_clocks>

use serde_json::{Value, json};

use super::customers;
use crate::sandbox::stripe::{
    Stripe,
    billing::period::DAY,
    door::{Answer, Ask, Endpoint, Refusal},
    state::{State, number, text},
};

const KIND: &str = "test_helpers.test_clock";
/// After so long Stripe deletes one by itself.
const KEPT: i64 = 30 * DAY;
/// How far Stripe lets one go at once: two intervals of the shortest subscription, two years without one.
const FARTHEST: i64 = 2 * 366 * DAY;

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::list("test_helpers/test_clocks", KIND, ""),
    Endpoint::retrieve("test_helpers/test_clocks/{}", KIND),
    Endpoint::post("test_helpers/test_clocks", KIND, "frozen_time name", create),
    Endpoint::post(
        "test_helpers/test_clocks/{}/advance",
        KIND,
        "frozen_time",
        advance,
    ),
    Endpoint::delete("test_helpers/test_clocks/{}", KIND, "", delete),
];

fn create(state: &mut State, ask: &Ask<'_>) -> Answer {
    let frozen = ask.fields.integer("frozen_time")?;
    let frozen = frozen.ok_or_else(|| Refusal::required("frozen_time"))?;
    let id = state.id("clock");
    state.put(json!({
        "id": id, "object": KIND, "created": state.now, "deletes_after": state.now + KEPT,
        "frozen_time": frozen, "livemode": false, "name": ask.fields.text("name"),
        "status": "ready", "status_details": {},
    }));
    state.emit("test_helpers.test_clock.created", &id);
    Ok(state.get(&id))
}

/// Time goes on once this has been answered, as at Stripe.
fn advance(state: &mut State, ask: &Ask<'_>) -> Answer {
    let clock = state.find(KIND, ask.id)?;
    let to = ask.fields.integer("frozen_time")?;
    let to = to.ok_or_else(|| Refusal::required("frozen_time"))?;
    let by = to - number(&clock["frozen_time"]);
    if by <= 0 {
        let message =
            "The `frozen_time` must be after the current `frozen_time` of the test clock.";
        return Err(Refusal::bad(message, "frozen_time"));
    }
    if by > FARTHEST {
        let message = "Cannot advance the test clock that far at once.";
        return Err(Refusal::bad(message, "frozen_time"));
    }
    let target = json!({ "advancing": { "target_frozen_time": to } });
    state.set(
        ask.id,
        json!({ "status": "advancing", "status_details": target }),
    );
    state.emit("test_helpers.test_clock.advancing", ask.id);
    state.advancing = Some((ask.id.to_owned(), by));
    Ok(state.get(ask.id))
}

/// Lets time go on where a clock was just advanced.
pub(in super::super) fn go_on(stripe: &Stripe) {
    let Some((id, by)) = stripe.state().advancing.take() else {
        return;
    };
    stripe.advance(chrono::Duration::seconds(by));
    stripe.act(|state| {
        state.change(&id, |clock| {
            clock["frozen_time"] = json!(number(&clock["frozen_time"]) + by);
            clock["status"] = json!("ready");
            clock["status_details"] = json!({});
        });
        state.emit("test_helpers.test_clock.ready", &id);
    });
}

/// Its customers go with it.
fn delete(state: &mut State, ask: &Ask<'_>) -> Answer {
    state.find(KIND, ask.id)?;
    let own: Vec<String> = state
        .of_kind("customer")
        .filter(|customer| customer["test_clock"] == ask.id)
        .map(|customer| text(&customer["id"]).to_owned())
        .collect();
    for customer in own {
        customers::remove(state, &customer);
    }
    state.emit("test_helpers.test_clock.deleted", ask.id);
    state.forget(KIND, |clock| clock["id"] == ask.id);
    Ok(json!({ "id": ask.id, "object": KIND, "deleted": true }))
}

/// The clock that a parameter names, if it names one.
pub(super) fn named(state: &State, ask: &Ask<'_>) -> Result<Value, Refusal> {
    match ask.fields.has("test_clock") {
        true => Ok(state.referred(KIND, &ask.fields, "test_clock")?["id"].clone()),
        false => Ok(Value::Null),
    }
}
