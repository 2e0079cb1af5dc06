//! The outbox every mail is written to, in the transaction of the act it tells of, and the mailer
//! that sends it. Knows no feature.

mod delivery;
mod mailer;
mod message;
mod outbox;
pub mod unsubscribe;

pub use delivery::{Delivery, Links, NAME_PLACE, Rendering, Renderings, UNSUBSCRIBE_PLACE};
pub use mailer::{Captured, Mailer, Sent};
pub use message::Press;
pub use outbox::{Letter, Outbox, inlined};
