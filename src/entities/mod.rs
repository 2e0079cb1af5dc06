//! One file a table: columns, relations and scoped finders. No rules live here.

#![expect(
    clippy::disallowed_methods,
    reason = "only code the model macro generates begins here; acts begin with db::begin"
)]

pub mod account;
pub mod article;
pub mod article_author;
pub mod article_tag;
pub mod article_version;
pub mod asked_mail;
pub mod audit_entry;
pub mod author;
pub mod author_link;
pub mod author_news;
pub mod author_share;
pub mod ban;
pub mod checkout;
pub mod comment;
pub mod comment_mail;
pub mod difference;
pub mod digest_item;
pub mod dispute;
pub mod errand;
pub mod following;
pub mod grant;
pub mod heart;
pub mod house_rules;
pub mod invitation;
pub mod kept_place;
pub mod known_device;
pub mod ledger_entry;
pub mod mail_report;
pub mod mail_stop;
pub mod membership;
pub mod moderator;
pub mod movement;
pub mod movement_tally;
pub mod mute;
pub mod notice;
pub mod outbox;
pub mod payment;
pub mod payment_tally;
pub mod payout_account;
pub mod picture;
pub mod price;
pub mod publication;
pub mod reconciliation;
pub mod reconciliation_seen;
pub mod refund;
pub mod report;
pub mod session;
pub mod site;
pub mod slug_redirect;
pub mod stripe_event;
pub mod supporter;
pub mod supporter_label;
pub mod supporter_note;
pub mod suppression;
pub mod tier;
pub mod tip;
pub mod token;
pub mod visibility;

pub use account::Role;
pub use article::{Audience, Gate, audience_at};
pub use following::Frequency;
pub use membership::State as MembershipState;
pub use price::Recurrence;
