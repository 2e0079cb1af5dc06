//! Stripe in our words: the calls we make, the objects we read, the signatures we trust. Knows no table.

mod client;
mod event;
mod objects;
mod signature;

pub use client::{Client, Error, NewCheckout, Sale};
pub use event::Event;
pub use objects::{CheckoutSession, Invoice, Reference, Subscription};
pub use signature::{Refused, sign, verify};
