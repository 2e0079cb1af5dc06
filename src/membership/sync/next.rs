//! The row a membership should have, from what Stripe shows and what we know.

use chrono::{DateTime, Duration, Utc};
use uuid::Uuid;

use super::{money::Condition, state::is_in_force};
use crate::{
    entities::{
        membership::{self, State, Stopped, VOID},
        price,
    },
    payments::{Invoice, Subscription},
};

/// What a membership's row is made of, beside what stood there before.
pub(in super::super) struct Basis<'a> {
    pub subscription: &'a Subscription,
    /// Those of its invoices that were looked at.
    pub invoices: &'a [Invoice],
    /// Since when it owes, by all of its invoices; `None` where none is open.
    pub owed_since: Option<DateTime<Utc>>,
    /// Whether the first payment was on its way and has failed.
    pub has_failed: bool,
    pub account_id: Uuid,
    pub author_id: Uuid,
    pub tier_id: Uuid,
    pub price: &'a price::Model,
    /// The checkout that began it, where the subscription names one of ours.
    pub checkout_id: Option<Uuid>,
    pub article_id: Option<Uuid>,
    /// Which price of ours it is to have instead, and from when on.
    pub coming: Option<(&'a price::Model, DateTime<Utc>)>,
    /// Which it is to have once she has confirmed it, and until when she can.
    pub unconfirmed: Option<(&'a price::Model, DateTime<Utc>)>,
    /// Since when the money for what it owes is on its way.
    pub paying_since: Option<DateTime<Utc>>,
}

/// The membership's next row. `state` is Stripe's status in our words.
pub(in super::super) fn next(
    now: DateTime<Utc>,
    basis: &Basis<'_>,
    found: Option<&membership::Model>,
    state: State,
    condition: Condition,
) -> membership::Model {
    let subscription = basis.subscription;
    let state = settled(basis, found, state, condition);
    let began = basis.invoices.iter().any(|invoice| invoice.is_paid()) || is_in_force(Some(state));
    let known = found.and_then(|row| row.started_at);
    let started_at =
        (began || known.is_some()).then(|| subscription.start_date.or(known).unwrap_or(now));
    let unpaid = subscription.invoice().filter(|invoice| !invoice.is_paid());
    let is_failing = matches!(state, State::Grace | State::Lapsed);
    let paying_since = basis.paying_since.filter(|_| is_failing);
    let (period_start, period_end) = paid_period(subscription, found);
    let collection = subscription.pause_collection.as_ref();
    let rests = state == State::Paused || collection.is_some();
    let paused_at = rests.then(|| {
        let known = found.and_then(|row| row.paused_at);
        subscription.paused_at().or(known).unwrap_or(now)
    });
    let leaves = matches!(state, State::Cancelling | State::Ended);
    let runs = is_in_force(Some(state)) || state == State::Paused;
    let (reason, words) = subscription.leaves_for();
    let coming = basis.coming.filter(|_| runs);
    let unconfirmed = basis.unconfirmed.filter(|_| runs);
    let ended_at = subscription.ended_at.or(subscription.canceled_at);
    membership::Model {
        id: found.map_or_else(Uuid::now_v7, |row| row.id),
        account_id: basis.account_id,
        author_id: basis.author_id,
        tier_id: basis.tier_id,
        price_id: basis.price.id,
        checkout_id: basis.checkout_id.or(found.and_then(|row| row.checkout_id)),
        article_id: found.map_or(basis.article_id, |row| row.article_id),
        state,
        amount: basis.price.amount,
        currency: basis.price.currency.clone(),
        recurrence: basis.price.recurrence,
        stripe_subscription_id: subscription.id.clone(),
        stripe_customer_id: subscription.customer.id().to_owned(),
        stripe_status: subscription.status.clone(),
        current_period_start: period_start,
        current_period_end: period_end,
        cancel_at: subscription.booked_end(),
        past_due_since: is_failing.then(|| {
            let known = found.and_then(|row| row.past_due_since);
            let billed = unpaid.and_then(|invoice| invoice.created);
            let first = [known, billed].into_iter().flatten().min();
            basis.owed_since.or(first).unwrap_or(now)
        }),
        next_attempt_at: unpaid
            .filter(|_| is_failing)
            .and_then(|invoice| invoice.next_payment_attempt),
        paying_since,
        paying_amount: unpaid
            .filter(|_| paying_since.is_some())
            .map(|invoice| invoice.amount_due),
        collection_paused: collection.map(|pause| pause.behavior.clone()),
        paused_at,
        cancel_reason: reason.filter(|_| leaves),
        cancel_words: words.filter(|_| leaves),
        stopped_why: stopped(subscription, (state, paused_at), condition),
        next_price_id: coming.map(|(price, _)| price.id),
        next_at: coming.map(|(_, at)| at),
        unconfirmed_price_id: unconfirmed.map(|(price, _)| price.id),
        unconfirmed_until: unconfirmed.map(|(_, until)| until),
        untold_price_id: found
            .filter(|_| is_failing || state == State::Paused)
            .map(membership::Model::told_price)
            .filter(|told| *told != basis.price.id),
        discount: period_end.filter(|_| runs).and_then(|at| {
            let later = coming.filter(|(_, from)| *from <= at);
            let price = later.map_or(basis.price, |(price, _)| price);
            // Which product another tier is, is not said here; its discount may be for one alone.
            let same = (price.tier_id == basis.tier_id).then(|| subscription.product());
            subscription.discounted(price.amount, same.flatten(), at)
        }),
        started_at,
        ended_at: match state {
            State::Ended | State::Failed | State::Suspended => {
                let known = found.and_then(|row| row.ended_at);
                ended_at.or(known).or(Some(now))
            }
            _ => None,
        },
        is_current: found.is_some_and(|row| row.is_current),
        flag: found.and_then(|row| row.flag.clone()),
        generation: found.map_or(0, |row| row.generation + 1),
        created_at: found.map_or(now, |row| row.created_at),
        updated_at: now,
    }
}

/// Why it gives nothing, or rests, where that is not her own doing. What ends on a day that was booked has
/// ended as she was told.
fn stopped(
    subscription: &Subscription,
    (state, paused_at): (State, Option<DateTime<Utc>>),
    condition: Condition,
) -> Option<Stopped> {
    let was_trial = subscription
        .trial_end
        .zip(paused_at)
        .is_some_and(|(end, at)| (at - end).abs() <= Duration::hours(1));
    let rests = subscription.pause_collection.is_some() && !condition.rests_by_wish;
    match (state, subscription.ended_for()) {
        (State::Suspended, _) if condition.is_lost => Some(Stopped::Disputed),
        (State::Suspended, _) => Some(Stopped::Refunded),
        (State::Ended, Some("payment_disputed")) => Some(Stopped::Disputed),
        (State::Ended, Some("payment_failed")) => Some(Stopped::Unpaid),
        (State::Ended, _) if subscription.booked_end().is_none() => Some(Stopped::Ended),
        (State::Ended | State::Failed, _) => None,
        (State::Paused, _) if was_trial => Some(Stopped::NoCard),
        (State::Paused, _) => Some(Stopped::Rests),
        _ if rests => Some(Stopped::Rests),
        _ => None,
    }
}

/// The period she has paid for. Stripe goes on counting periods while nothing is collected, with
/// invoices that are void: none of those is paid for.
fn paid_period(
    subscription: &Subscription,
    found: Option<&membership::Model>,
) -> (Option<DateTime<Utc>>, Option<DateTime<Utc>>) {
    let (start, end) = subscription.period();
    let pause = subscription.pause_collection.as_ref();
    // A change that was never confirmed leaves an invoice that is void, too, and says nothing of the period.
    let is_void = |invoice: &Invoice| {
        let changes = invoice.billing_reason.as_deref() == Some("subscription_update");
        invoice.status.as_deref() == Some("void") && !changes
    };
    let is_void = subscription.invoice().is_some_and(is_void);
    let is_unpaid = pause.is_some_and(|pause| pause.behavior == VOID) && is_void;
    if !is_unpaid {
        return (start, end);
    }
    let known = found.filter(|row| row.collection_paused.as_deref() == Some(VOID));
    let known = known.and_then(|row| row.current_period_end);
    let ended = known.filter(|end| Some(*end) <= start).or(start);
    (found.and_then(|row| row.current_period_start), ended)
}

/// Stripe's state, but for what the money says and what cannot be undone.
fn settled(
    basis: &Basis<'_>,
    found: Option<&membership::Model>,
    state: State,
    condition: Condition,
) -> State {
    let before = found.map(|row| row.state);
    let was_canceled = found.is_some_and(|row| row.stripe_status == "canceled");
    let first = basis.subscription.invoice();
    let never_began = found.is_some_and(|row| row.started_at.is_none())
        && !basis.invoices.iter().any(|invoice| invoice.is_paid());
    let is_owed = first.is_some_and(|invoice| {
        (invoice.is_first() || never_began) && invoice.is_open() && invoice.amount_due > 0
    });
    match (before, state) {
        // The money went back: there is nothing to have access for.
        _ if condition.is_suspended => State::Suspended,
        // Only a new subscription brings this back.
        (Some(State::Ended), _) if was_canceled => State::Ended,
        (Some(State::Failed), State::Pending) => State::Failed,
        (Some(State::Failed), State::Ended) if never_began => State::Failed,
        (_, State::Pending) if basis.has_failed => State::Failed,
        // Begun, but the first payment is still on its way from the bank, or has come to nothing: no
        // time of grace begins where nothing was ever paid.
        (_, State::Active | State::Cancelling) if is_owed && !basis.has_failed => State::Pending,
        (_, State::Active | State::Cancelling | State::Grace) if is_owed => State::Failed,
        (_, state) => state,
    }
}
