//! Money: becoming a patron and all that follows, through the webhook and the simulated Stripe.

mod changing;
mod door;
mod durable;
mod journeys;
mod reconcile;
mod scenarios;
mod tiers;
mod webhook;
mod world;

pub use world::World;
