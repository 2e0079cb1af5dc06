//! The conversation under an article: reading it, taking part, keeping it civil.

mod acts;
mod bans;
mod body;
mod conversation;
mod deciding;
mod fields;
mod form;
mod hearts;
mod markdown;
mod moderation;
mod outline;
mod place;
mod policy;
mod posting;
mod rules;
mod section;
mod standing;
mod voices;

pub use body::{Body, Flaw};
pub use outline::Order;
pub use policy::{Asking, Refusal, Rule, may_comment, rule_of};
pub use posting::{NewComment, PostError, Posted, post};
pub use section::{Section, Viewer, Wanted, permalink, section};
pub use standing::{Rank, known_rank, rank};

/// The handlers, for the router's page.
pub mod routes {
    pub use super::{
        acts::{delete, edit, edit_form, post},
        deciding::{ban, decide},
        voices::{ask_reason, like, preview, report, unlike},
    };
}
