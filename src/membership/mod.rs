//! Tiers, patrons, what a membership permits; checkout, webhook, sync.

pub mod checkout;
mod inbox;
mod standing;
pub mod sync;
pub mod tiers;
mod webhook;

pub use inbox::Inbox;
pub use standing::{
    Standing, Support, in_force, patrons_among, standing, standing_of, tip_in_force,
};
pub use webhook::receive as receive_event;
