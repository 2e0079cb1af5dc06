//! The owner's rooms: how the service stands, Stripe's events, the outbox, the people.

mod events;
mod health;
mod mail;
mod overview;
mod people;

pub use events::{newest as newest_events, retry as retry_event, row as event_row};
pub use health::{live, metrics, metrics_apart, ready};

/// The handlers, for the router's page.
pub mod routes {
    pub use super::{
        events::{again as retry_event, list as events, show as event},
        mail::{again as retry_mail, list as mails, show as mail},
        overview::show as overview,
        people::{change as change_role, list as people},
    };
}
