//! The simulated Stripe, the captured inbox and the demo publication. Exists only in the demo and in
//! tests.

pub mod demo;
mod inbox;
mod mails;
mod payments;
pub mod room;
pub mod stripe;
