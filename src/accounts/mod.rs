//! Signing up, in and out; who is asking.

mod address;
mod asked_mail;
mod brought;
mod devices;
mod export;
mod invitations;
mod leaving;
mod likeness;
mod links;
mod merging;
mod moving;
pub mod pages;
mod password;
mod passwords;
mod people;
mod profile;
mod proving;
mod refusal;
mod sessions;
mod tokens;
mod visitor;

pub use address::Address;
pub use asked_mail::may_write;
pub use brought::{Brought, bring, by_address};
pub use invitations::{Invited, invite, invite_again, withdraw};
pub use likeness::is_anothers;
pub use password::Password;
pub use people::{Listed, NewPerson, NotAdded, add, list, promote, reset_link};
pub use profile::{Profile, Seen, profile};
pub use proving::{Newcomer, prove};
pub use refusal::Refusal;
pub use sessions::{SESSION_COOKIE, SESSION_DAYS, begin_session};
pub use tokens::{NewToken, issue_token};
pub use visitor::{Author, FLASH_COOKIE, Owner, Reader, Visitor, flash};
