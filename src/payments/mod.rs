//! Stripe in our words: the calls we make, the objects we read, the signatures we trust. Knows no table.

mod catalogue;
mod changing;
mod charges;
mod checkout;
mod client;
mod clock;
mod connect;
mod discounts;
mod error;
mod event;
mod hint;
mod intents;
mod invoice;
mod lists;
mod method;
mod objects;
mod pending;
mod schedule;
mod signature;
mod wire;

pub use charges::{BalanceTransaction, Booked, Charge, Dispute, Page, Refund, Taken};
pub use checkout::{CheckoutSession, NewCheckout, Sale};
pub use client::Client;
pub use clock::server_time;
pub use connect::{Account, Direct, SentOn, Transfer};
pub use error::Error;
pub use event::Event;
pub use hint::{Claim, Hint};
pub use intents::Intent;
pub use invoice::Invoice;
pub use lists::{List, Pace};
pub use method::Method;
pub use objects::{Customer, Reference, Subscription};
pub use pending::Unconfirmed;
pub use signature::{Refused, sign, verify};
