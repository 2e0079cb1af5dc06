//! The simulated Stripe by itself: what its API takes and refuses, how time and money go in it, how its
//! events travel.

mod api;
mod changes;
mod connect;
mod delivery;
mod disputes;
mod peer;
mod pending;
mod refunds;
mod renewals;
mod schedules;
mod typed;
