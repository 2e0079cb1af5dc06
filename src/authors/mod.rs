//! Author pages and the support call under each article.

mod finding;
mod profile;
mod support_call;
mod together;

pub use finding::{Found, find};
pub use profile::{Profile, ProfileError, update_profile};
pub use support_call::{Relation, SupportCall, support_call};
pub use together::{co_authors, co_authors_of, writers};
