//! Stripe's statuses in our words.

use crate::{entities::membership::State, payments::Subscription};

/// Stripe's status in our words; `None` for one nobody has heard of.
/// Source: <https://docs.stripe.com/billing/subscriptions/overview#subscription-statuses>
pub(in super::super) fn state_of(subscription: &Subscription) -> Option<State> {
    let ends = subscription.booked_end();
    Some(match subscription.status.as_str() {
        "incomplete" => State::Pending,
        "trialing" | "active" if ends.is_some() => State::Cancelling,
        "trialing" => State::Trial,
        "active" => State::Active,
        "past_due" => State::Grace,
        "unpaid" => State::Lapsed,
        "paused" => State::Paused,
        "incomplete_expired" => State::Failed,
        "canceled" => State::Ended,
        _ => return None,
    })
}

/// Whether Stripe has ended it, or asks for no more money: it gives nothing, whatever it was sold as.
pub(in super::super) fn gives_nothing(subscription: &Subscription) -> bool {
    matches!(
        state_of(subscription),
        Some(State::Ended | State::Failed | State::Lapsed)
    )
}

/// Whether it is not paid, and Stripe tries on or has given up.
pub(in super::super) fn is_failing(subscription: &Subscription) -> bool {
    matches!(state_of(subscription), Some(State::Grace | State::Lapsed))
}

/// Whether a membership in this state is in force, but for the clock.
pub(super) fn is_in_force(state: Option<State>) -> bool {
    matches!(
        state,
        Some(State::Trial | State::Active | State::Cancelling | State::Grace)
    )
}
