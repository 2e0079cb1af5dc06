//! Signing up, in and out; who is asking.

mod sessions;
mod tokens;
mod visitor;

pub use sessions::{SESSION_COOKIE, SESSION_DAYS, begin_session, session_account};
pub use tokens::{NewToken, issue_token};
pub use visitor::{Author, FLASH_COOKIE, Owner, Reader, Visitor, flash};
