//! Author pages and the support call under each article.

mod finding;
mod links;
mod portrait;
mod profile;
mod support_call;
mod together;
mod welcome;

pub use finding::{Found, find};
pub use links::{LONGEST_LABEL, Link, MOST_LINKS, links};
pub use portrait::{LONGEST_ALT, PortraitError, portrait, remove_portrait, set_portrait};
pub use profile::{LONGEST_WELCOME, Profile, ProfileError, update_profile};
pub use support_call::{Relation, SupportCall, support_call};
pub use together::{Together, co_authors, co_authors_of, writers};
pub use welcome::{Welcome, welcome, welcome_as};
