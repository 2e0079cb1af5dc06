//! Stripe in our words: the calls we make, the objects we read, the signatures we trust. Knows no table.

mod catalogue;
mod checkout;
mod client;
mod clock;
mod error;
mod event;
mod invoice;
mod objects;
mod signature;
mod wire;

pub use checkout::{NewCheckout, Sale};
pub use client::Client;
pub use clock::server_time;
pub use error::Error;
pub use event::{Event, subscription_named};
pub use invoice::Invoice;
pub use objects::{CheckoutSession, Reference, Subscription};
pub use signature::{Refused, sign, verify};
