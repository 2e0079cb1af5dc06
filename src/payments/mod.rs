//! Stripe in our words: the calls we make, the objects we read, the signatures we trust. Knows no table.

mod client;
mod error;
mod event;
mod invoice;
mod objects;
mod signature;

pub use client::{Client, NewCheckout, Sale};
pub use error::Error;
pub use event::Event;
pub use invoice::Invoice;
pub use objects::{CheckoutSession, Reference, Subscription};
pub use signature::{Refused, sign, verify};
