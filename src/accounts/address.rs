//! E-mail addresses, parsed once.

/// An address mail can be sent to: trimmed and in lower case, as accounts keep it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address(String);

/// The longest address SMTP carries, in bytes (RFC 5321, 4.5.3.1.3 less the brackets).
const LONGEST: usize = 254;

impl Address {
    /// `None` unless `text` is one address.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_lowercase();
        let parsed: Result<lettre::Address, _> = text.parse();
        (text.len() <= LONGEST && parsed.is_ok()).then_some(Self(text))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands before the `@`: a name for somebody who gave none.
    pub(super) fn local_part(&self) -> &str {
        self.0.split('@').next().unwrap_or(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_parsed_once_and_kept_in_lower_case() {
        let long = format!("{}@example.org", "a".repeat(260));
        for (typed, kept) in [
            (" Ann@Example.ORG ", Some("ann@example.org")),
            ("ann+news@sub.example.org", Some("ann+news@sub.example.org")),
            ("ann", None),
            ("@example.org", None),
            ("ann@", None),
            ("ann@example.org, bob@example.org", None),
            ("ann@example.org\r\nBcc: bob@example.org", None),
            ("Ann <ann@example.org>", None),
            ("", None),
            (&long, None),
        ] {
            let parsed = Address::parse(typed);
            assert_eq!(parsed.as_ref().map(Address::as_str), kept, "{typed}");
        }
    }
}
