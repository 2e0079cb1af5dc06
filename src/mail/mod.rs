//! The outbox every mail is written to, in the transaction of the act it tells of, and the mailer
//! that sends it. Knows no feature.

mod outbox;

pub use outbox::{Letter, Outbox};
