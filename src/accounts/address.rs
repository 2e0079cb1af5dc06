//! E-mail addresses, parsed once.

use crate::mail::address::{self, Unsendable};

/// An address mail can be sent to, as accounts keep it: trimmed, in lower case, its domain in the one form
/// DNS knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address(String);

impl Address {
    /// # Errors
    /// Unless `text` is one address that mail can be sent to.
    pub fn parse(text: &str) -> Result<Self, Unsendable> {
        address::parse(text).map(Self)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The mailbox it most likely reaches: without what stands after a `+` (RFC 5233).
    pub(super) fn mailbox(&self) -> String {
        match self.0.rsplit_once('@') {
            Some((local, domain)) => {
                let local = local.split('+').next().unwrap_or(local);
                format!("{local}@{domain}")
            }
            None => self.0.clone(),
        }
    }

    /// What stands before the `@`: a name for somebody who gave none.
    pub(super) fn local_part(&self) -> &str {
        self.0.split('@').next().unwrap_or(&self.0)
    }
}
