//! The owner's rooms: how the service stands, Stripe's events, the outbox, the people.

mod events;
mod health;
mod mail;
mod overview;
mod people;

pub use events::retry as retry_event;
pub use health::{live, metrics, ready};

/// The handlers, for the router's page.
pub mod routes {
    pub use super::{
        events::{again as retry_event, list as events, show as event},
        mail::{again as retry_mail, list as mails, show as mail},
        overview::show as overview,
        people::{change as change_role, list as people},
    };
}
