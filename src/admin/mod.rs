//! The owner's rooms: how the service stands, Stripe's events, memberships to look at, the outbox, the people.

mod comments;
mod events;
mod grants;
mod health;
mod inbox;
mod mail;
mod memberships;
mod outgoing;
mod overview;
mod page;
mod people;
mod reconcile;
mod shares;
mod signs;

pub use health::{live, metrics, metrics_apart, ready};
pub use inbox::{
    Filter as EventFilter, Place as EventPlace, Summary as EventSummary, discard as discard_event,
    listed as listed_events, retry as retry_event,
};

pub use outgoing::{discard as discard_mail, retry as retry_mail};

/// The handlers, for the router's page.
pub mod routes {
    pub use super::{
        comments::{
            lift as lift_ban, list as comments, rules as comment_rules,
            save_rules as save_comment_rules,
        },
        events::{again as retry_event, aside as discard_event, list as events, show as event},
        grants::{end as end_grant, give, keep as keep_grant},
        mail::{
            addresses, again as retry_mail, aside as discard_mail, begin_again as start_mail,
            list as mails, show as mail, write_again as lift_address,
        },
        memberships::{list as memberships, mend as mend_membership},
        overview::show as overview,
        people::{change as change_role, list as people},
        reconcile::{begin as begin_reconcile, show as reconcile},
        shares::change as change_share,
    };
}
