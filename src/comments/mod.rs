//! The conversation under an article: reading it, taking part, keeping it civil.

mod acts;
mod bannable;
mod bans;
mod bare_links;
mod body;
mod by_mail;
mod conversation;
mod deciding;
mod deleting;
mod digest;
mod exchange;
mod fields;
mod form;
mod hearts;
mod house;
mod keeping_rules;
mod link;
mod moderation;
mod outline;
mod permalink;
mod place;
mod policy;
mod posting;
mod queue;
mod rules;
mod section;
mod standing;
mod telling;
mod voices;
mod way_in;
mod wishes;
mod wording;

pub use body::{Body, Flaw};
pub use exchange::{Format, Imported, Lost, Reason, export, import};
pub use house::{HouseError, appoint, dismiss, house, keep_pace, lift_ban};
pub use keeping_rules::{NewRules, keep_rules, rules};
pub use outline::Order;
pub use permalink::permalink;
pub use policy::{Asking, Refusal, Rule, may_comment, rule_of};
pub use posting::{NewComment, PostError, Posted, post};
pub use queue::{Asked, Queue, Scope, queue, scope_of, waiting};
pub use section::{Section, Viewer, Wanted, section};
pub use standing::{Rank, known_rank, rank};
pub use telling::tell;

/// The handlers, for the router's page.
pub mod routes {
    pub use super::{
        acts::{delete, edit, edit_form, post, restore},
        by_mail::{change_wishes, decide as decide_by_mail, decision_page, wishes_page},
        deciding::{ban, decide},
        voices::{ask_reason, like, preview, report, unlike},
    };
}
