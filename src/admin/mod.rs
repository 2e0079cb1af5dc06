//! The owner's rooms: how the service stands, Stripe's events, memberships to look at, the outbox, the people.

mod audit;
mod comments;
mod events;
mod grants;
mod health;
mod inbox;
mod invitations;
mod jobs;
mod logo;
mod mail;
mod memberships;
mod outgoing;
mod overview;
mod page;
mod people;
mod publication;
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
        audit::list as audit,
        comments::{
            lift as lift_ban, list as comments, rules as comment_rules,
            save_rules as save_comment_rules,
        },
        events::{again as retry_event, aside as discard_event, list as events, show as event},
        grants::{end as end_grant, give, keep as keep_grant},
        invitations::{again as invite_again, ask as invite, take_back as withdraw_invitation},
        jobs::{again as retry_job, list as jobs},
        logo::change as change_logo,
        mail::{
            addresses, again as retry_mail, aside as discard_mail, begin_again as start_mail,
            list as mails, show as mail, write_again as lift_address,
        },
        memberships::{list as memberships, mend as mend_membership},
        overview::show as overview,
        people::{change as change_role, list as people},
        publication::{save as save_publication, show as publication},
        reconcile::{begin as begin_reconcile, show as reconcile},
        shares::change as change_share,
    };
}
