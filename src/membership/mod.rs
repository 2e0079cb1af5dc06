//! Tiers, patrons, what a membership permits; checkout, webhook, sync.

mod standing;
pub mod tiers;

pub use standing::{
    Standing, Support, in_force, patrons_among, standing, standing_of, tip_in_force,
};
