//! Telling readers that an article is out: following, audience, fan-out, preferences.

mod announce;
mod audience;
mod fan_out;
mod following;
mod preferences;
mod unsubscribe;

pub use announce::{announce, stop};
pub use fan_out::fan_out;
pub use following::{want, wants};

/// The handlers, for the router's page.
pub mod routes {
    pub use super::{
        following::follow,
        preferences::{change, show},
        unsubscribe::{unsubscribe, unsubscribe_page},
    };
}
