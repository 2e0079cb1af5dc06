//! Money: becoming a patron and all that follows, through the webhook and the simulated Stripe.

mod books;
mod changing;
mod changing_later;
mod changing_tier;
mod choosing;
mod codes;
mod converging;
mod door;
mod durable;
mod gifts;
mod giving_back;
mod journeys;
mod news;
mod order;
mod payouts;
mod payouts_compared;
mod payouts_following;
mod payouts_ways;
mod payouts_year;
mod reconcile;
mod roll;
mod scenarios;
mod seats;
mod statements;
mod thin;
mod tiers;
mod twins;
mod ways;
mod ways_on;
mod webhook;
mod world;
mod wrong;

pub use world::{World, month};
