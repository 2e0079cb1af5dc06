//! The conversation under an article: reading it, taking part, keeping it civil.

mod acts;
mod body;
mod conversation;
mod fields;
mod form;
mod markdown;
mod moderation;
mod place;
mod policy;
mod posting;
mod section;

pub use body::{Body, Flaw};
pub use policy::{Asking, Refusal, gate_of, may_comment};
pub use posting::{NewComment, PostError, post};
pub use section::{Section, section};

/// The handlers, for the router's page.
pub mod routes {
    pub use super::{
        acts::{delete, edit, edit_form, post},
        moderation::{hide, show},
    };
}
