//! Telling readers that an article is out: following, audience, fan-out, letters of the day and the week,
//! preferences.

mod announce;
mod audience;
mod choosing;
mod coming_back;
mod counting;
mod digest_letters;
mod digests;
mod fan_out;
mod following;
mod held;
mod hours;
mod leaving;
mod letters;
mod preferences;
mod rearranging;
mod rehearsal;
mod unsubscribe;
mod voices;
mod wishes;

pub use announce::{announce, stop};
pub use choosing::choose;
pub use coming_back::{NotTaken, Taken, take_in};
pub use counting::{Counts, counts};
pub use digests::digests;
pub use fan_out::fan_out;
pub use following::wants;
pub use rehearsal::send_test;
pub use voices::voices;

/// The handlers, for the router's page.
pub mod routes {
    pub use super::{
        coming_back::receive,
        following::follow,
        preferences::{change, show},
        unsubscribe::{choose, preferences_page, unsubscribe, unsubscribe_page},
    };
}
