//! What a reader changes about a membership that runs: she pauses, leaves, comes back, or
//! chooses another tier.

mod by_bank;
mod choices;
mod confirming;
mod outcome;
mod reckoning;
mod resting;
mod taking;
mod tier_page;
mod timing;

pub(super) use by_bank::{in_vain, key, made, make, on_their_way};
pub use confirming::ask;
pub use resting::{cancel, pause, resume};
pub use tier_page::{Wanted, choose, instead, keep, lead, show};

/// Why she leaves, in Stripe's words, in the order the page offers them.
/// Source: <https://docs.stripe.com/api/subscriptions/update#update_subscription-cancellation_details-feedback>
pub const REASONS: [&str; 5] = [
    "too_expensive",
    "unused",
    "low_quality",
    "switched_service",
    "other",
];
