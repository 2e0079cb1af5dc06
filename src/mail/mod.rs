//! The outbox every mail is written to, in the transaction of the act it tells of, and the mailer
//! that sends it. Knows no feature.

pub mod address;
mod circular;
mod claims;
mod delivery;
mod dkim;
mod domains;
mod forgetting;
mod gathering;
mod hold;
mod mailer;
mod message;
mod outbox;
mod relay;
pub mod reports;
mod samples;
mod shift;
pub mod stop;
pub mod suppression;
pub mod unsubscribe;
pub mod verp;

pub use circular::{
    AUTHOR_PLACE, Links, NAME_PLACE, PREFERENCES_PLACE, Rendering, Renderings, UNSUBSCRIBE_PLACE,
    Voice, Voices,
};
pub use delivery::Delivery;
pub use forgetting::Forgetting;
pub use gathering::TO_MANY;
pub use mailer::{Captured, Mailer, Sent};
pub use message::Press;
pub use outbox::{Letter, Outbox, inlined};
