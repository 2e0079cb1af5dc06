//! How two records of the same thing are held against each other.

use chrono::{DateTime, Utc};

use crate::{
    entities::{
        difference::Class,
        membership::{self, State},
        price,
    },
    membership::sync::state_of,
    payments::{Direct, Subscription},
};

/// A difference that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub class: Class,
    pub subject: String,
    pub ours: String,
    pub theirs: String,
}

impl Found {
    pub fn new(class: Class, subject: &str, ours: impl ToString, theirs: impl ToString) -> Self {
        Self {
            class,
            subject: subject.to_owned(),
            ours: ours.to_string(),
            theirs: theirs.to_string(),
        }
    }
}

/// How a membership differs from its subscription, if it does: what stands here, and there.
pub(super) fn membership(
    row: &membership::Model,
    price: Option<&price::Model>,
    there: &Subscription,
    wanted: Option<&Direct>,
) -> Option<(String, String)> {
    let mut ours = Vec::new();
    let mut theirs = Vec::new();
    let mut hold = |name: &str, here: String, there: String| {
        if here != there {
            ours.push(format!("{name} {here}"));
            theirs.push(format!("{name} {there}"));
        }
    };
    hold("status", row.stripe_status.clone(), there.status.clone());
    match state_of(there) {
        Some(state) if !fits(row.state, state, there) => {
            hold("state", format!("{:?}", row.state), format!("{state:?}"));
        }
        _ => {}
    }
    let moment = |at: Option<DateTime<Utc>>| {
        at.map_or_else(|| "never".to_owned(), |at| at.timestamp().to_string())
    };
    let is_over = matches!(row.state, State::Ended | State::Failed | State::Suspended);
    if !is_over {
        // While nothing is collected Stripe counts periods that nobody has paid for.
        if row.collection_paused.as_deref() != Some(membership::VOID) {
            let (_, end) = there.period();
            hold("period to", moment(row.current_period_end), moment(end));
        }
        let paid = |to: Option<&Direct>| to.map_or_else(|| "us".to_owned(), Direct::to_string);
        hold("paid to", paid(wanted), paid(there.direct().as_ref()));
        hold("ends", moment(row.cancel_at), moment(there.booked_end()));
        let waits = there.unconfirmed().map(|waits| waits.until);
        hold("to confirm", moment(row.unconfirmed_until), moment(waits));
    }
    let sold = there.price().map(|price| price.id.clone());
    let known = price.and_then(|price| price.stripe_price_id.clone());
    let word = |id: Option<String>| id.unwrap_or_else(|| "none".to_owned());
    hold("price", word(known), word(sold));
    let pause = there.pause_collection.as_ref();
    let pause = pause.map(|pause| pause.behavior.clone());
    hold(
        "collection",
        word(row.collection_paused.clone()),
        word(pause),
    );
    (!ours.is_empty()).then(|| (ours.join(", "), theirs.join(", ")))
}

/// Whether our state is one that Stripe's can mean: what was given back is suspended whatever Stripe says,
/// and a first payment may still be on its way, or have failed.
fn fits(ours: State, theirs: State, there: &Subscription) -> bool {
    let first = there.invoice().filter(|invoice| invoice.is_first());
    match (ours, theirs) {
        (State::Suspended, _) => there.status == "canceled",
        (State::Failed, State::Pending | State::Ended) => true,
        (State::Pending, State::Active) | (State::Failed, State::Active | State::Grace) => {
            first.is_some_and(|invoice| invoice.is_open())
        }
        (ours, theirs) => ours == theirs,
    }
}
