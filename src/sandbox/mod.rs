//! The simulated Stripe and the demo publication. Exists only in the demo and in tests.

pub mod room;
pub mod stripe;
