//! Moving time: everything due happens at its own instant, in order.

use std::{cmp::Reverse, collections::BinaryHeap};

use chrono::Duration;
use serde_json::{Value, json};

use super::{
    Stripe,
    billing::{self, INCOMPLETE_FOR, period::DAY},
    objects::{schedules, sessions},
    state::{State, number, text},
};

/// What comes due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Due {
    PhaseOver,
    TrialTold,
    RenewalTold,
    CollectionResumes,
    Retry,
    End,
    ChangeOver,
    Renewal,
    GivenUp,
    SessionOver,
}

impl Stripe {
    /// Moves the shared clock forward, renewing, retrying, ending and expiring on the way.
    pub fn advance(&self, by: Duration) {
        let target = self.now() + by.num_seconds();
        let mut waiting = BinaryHeap::new();
        let mut seen = [0; KINDS.len()];
        // Who delivers looks here again and again: without news there is nothing to keep or to ring for.
        let mut has_news = by > Duration::zero();
        loop {
            let mut state = self.state();
            gather(&state, &mut seen, &mut waiting);
            let first = waiting.peek().map_or(target, |Reverse((at, ..))| *at);
            if let Some(at) = state.next_planned().filter(|at| *at <= first.min(target)) {
                self.go_to(&mut state, at);
                state.happen_planned();
                // It may bring forward what was to come later.
                (seen, waiting) = ([0; KINDS.len()], BinaryHeap::new());
                has_news = true;
                continue;
            }
            let Some(Reverse((at, due, id))) =
                waiting.pop().filter(|Reverse((at, ..))| *at <= target)
            else {
                break;
            };
            if next(&state, state.peek(&id)) == Some((at, due)) {
                self.go_to(&mut state, at);
                happen(&mut state, due, &id);
                has_news = true;
            }
            if let Some((at, due)) = next(&state, state.peek(&id)) {
                waiting.push(Reverse((at, due, id)));
            }
        }
        let left = target - self.now();
        self.shared.clock.advance(Duration::seconds(left.max(0)));
        if has_news {
            self.at_now().forget_old();
            self.changed();
        }
    }

    /// Sets the clock to an instant that is not past.
    fn go_to(&self, state: &mut State, at: i64) {
        let ahead = (at - self.now()).max(0);
        self.shared.clock.advance(Duration::seconds(ahead));
        state.now = at;
    }
}

type Waiting = BinaryHeap<Reverse<(i64, Due, String)>>;

/// The kinds of objects to which something happens by itself.
const KINDS: [&str; 3] = ["subscription", "subscription_schedule", "checkout.session"];

/// Adds what has come into being since the last look; `seen` counts the objects of each kind.
fn gather(state: &State, seen: &mut [usize; KINDS.len()], waiting: &mut Waiting) {
    for (kind, seen) in KINDS.iter().zip(seen) {
        let new = state.ids(kind).get(*seen..).unwrap_or_default();
        *seen += new.len();
        for object in state.those(new) {
            if let Some((at, due)) = next(state, object) {
                waiting.push(Reverse((at, due, text(&object["id"]).to_owned())));
            }
        }
    }
}

/// What happens next to an object, and when.
fn next(state: &State, object: &Value) -> Option<(i64, Due)> {
    let id = text(&object["id"]);
    if object["object"] == "checkout.session" {
        let is_open = object["status"] == "open";
        return is_open.then(|| (number(&object["expires_at"]), Due::SessionOver));
    }
    if object["object"] == "subscription_schedule" {
        return schedules::phase_ends(object).map(|at| (at, Due::PhaseOver));
    }
    let (_, end) = billing::period_of(object);
    let booked = object["cancel_at"].as_i64().map(|at| (at, Due::End));
    let resumes = object["pause_collection"]["resumes_at"].as_i64();
    let resumes = resumes.map(|at| (at, Due::CollectionResumes));
    let renewal = Some((end, Due::Renewal));
    let change = object["pending_update"]["expires_at"].as_i64();
    let change = change.map(|at| (at, Due::ChangeOver));
    let first = |dues: [Option<(i64, Due)>; 5]| dues.into_iter().flatten().min();
    match text(&object["status"]) {
        "trialing" => {
            let ends = object["trial_end"].as_i64().unwrap_or(end);
            let is_told = *state.note(id, "told_of_trial_end") == object["trial_end"];
            let told = (!is_told).then_some((ends - 3 * DAY, Due::TrialTold));
            first([told, resumes, booked, renewal, change])
        }
        "active" => {
            let is_told = *state.note(id, "told_of_renewal") == json!(end);
            let tells = billing::is_announced(object) && booked.is_none() && !is_told;
            let told = tells.then_some((end - 7 * DAY, Due::RenewalTold));
            first([told, resumes, booked, renewal, change])
        }
        "past_due" => {
            let invoice = state.peek(text(&object["latest_invoice"]));
            let retry = invoice["next_payment_attempt"].as_i64();
            let retry = retry.map(|at| (at, Due::Retry));
            first([retry, resumes, booked, renewal, change])
        }
        "unpaid" => first([booked, renewal, None, None, None]),
        "incomplete" => Some((number(&object["created"]) + INCOMPLETE_FOR, Due::GivenUp)),
        _ => None,
    }
}

fn happen(state: &mut State, due: Due, id: &str) {
    match due {
        Due::PhaseOver => schedules::go_on(state, id),
        Due::TrialTold => billing::tell_of_trial_end(state, id),
        Due::RenewalTold => billing::tell_of_renewal(state, id),
        Due::CollectionResumes => {
            let before = state.get(id);
            state.set(id, json!({ "pause_collection": null }));
            state.emit_changed("customer.subscription.updated", id, &before);
        }
        Due::Retry => {
            let invoice = state.text(id, "latest_invoice");
            billing::attempt(state, &invoice, false);
        }
        Due::End => billing::end(state, id, "cancellation_requested"),
        Due::ChangeOver => billing::discard(state, id),
        Due::Renewal => billing::renew(state, id),
        Due::GivenUp => billing::give_up_incomplete(state, id),
        Due::SessionOver => sessions::close(state, id),
    }
}
