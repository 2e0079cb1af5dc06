//! Addresses as mail can carry them: one form for each mailbox, and nothing that could be read as two.

use lettre::Address;
use url::Host;

/// The longest address SMTP carries, in bytes (RFC 5321, 4.5.3.1.3 less the brackets),
const LONGEST: usize = 254;
/// and the longest part before the `@` (4.5.3.1.1).
const LONGEST_LOCAL: usize = 64;

/// Why an address cannot be written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unsendable {
    #[error("this is not an e-mail address")]
    NoAddress,
    /// Few servers take these yet (RFC 6531), and look-alikes hide in them.
    #[error("before the @ stand letters that most mail servers cannot carry")]
    ForeignLocalPart,
}

/// The address in lower case, its domain as A-labels: `Ann@Bücher.example` is
/// `ann@xn--bcher-kva.example`.
///
/// # Errors
/// `Unsendable` says what is wrong with it.
pub fn parse(text: &str) -> Result<String, Unsendable> {
    let text = text.trim();
    let (local, domain) = text.rsplit_once('@').ok_or(Unsendable::NoAddress)?;
    if text.chars().any(|c| c.is_control() || c.is_whitespace()) || local.contains('@') {
        return Err(Unsendable::NoAddress);
    }
    if !local.is_ascii() {
        return Err(Unsendable::ForeignLocalPart);
    }
    let domain = a_labels(domain).ok_or(Unsendable::NoAddress)?;
    let address = format!("{}@{domain}", local.to_ascii_lowercase());
    let is_sound = address.len() <= LONGEST
        && local.len() <= LONGEST_LOCAL
        && address.parse::<Address>().is_ok();
    is_sound.then_some(address).ok_or(Unsendable::NoAddress)
}

/// The same where it can be, else the text in lower case: for comparing.
pub fn normalised(text: &str) -> String {
    parse(text).unwrap_or_else(|_| text.trim().to_lowercase())
}

/// What stands after the `@`.
pub(super) fn domain(address: &str) -> &str {
    address.rsplit_once('@').map_or("", |(_, domain)| domain)
}

/// A domain's name as DNS has it (IDNA, as the URL standard reads it). Numbers are no names.
fn a_labels(domain: &str) -> Option<String> {
    match Host::parse(domain).ok()? {
        Host::Domain(name) if !name.ends_with('.') => Some(name),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_mailbox_has_one_address() {
        let long = format!("{}@example.org", "a".repeat(65));
        for (typed, expected) in [
            (" Ann@Example.ORG ", Ok("ann@example.org")),
            ("ann+news@sub.example.org", Ok("ann+news@sub.example.org")),
            ("ann@Bücher.example", Ok("ann@xn--bcher-kva.example")),
            ("ann@xn--bcher-kva.example", Ok("ann@xn--bcher-kva.example")),
            // Full-width letters are the letters they look like; Cyrillic ones are not.
            ("ann@ｅｘａｍｐｌｅ.org", Ok("ann@example.org")),
            ("ann@еxample.org", Ok("ann@xn--xample-2of.org")),
            ("аnn@example.org", Err(Unsendable::ForeignLocalPart)),
            ("jörg@example.org", Err(Unsendable::ForeignLocalPart)),
            ("ann", Err(Unsendable::NoAddress)),
            ("@example.org", Err(Unsendable::NoAddress)),
            ("ann@", Err(Unsendable::NoAddress)),
            ("ann@bob@example.org", Err(Unsendable::NoAddress)),
            ("\"ann@bob\"@example.org", Err(Unsendable::NoAddress)),
            (
                "ann@example.org, bob@example.org",
                Err(Unsendable::NoAddress),
            ),
            (
                "ann@example.org\r\nBcc: bob@example.org",
                Err(Unsendable::NoAddress),
            ),
            ("ann\0@example.org", Err(Unsendable::NoAddress)),
            ("ann@exam\u{85}ple.org", Err(Unsendable::NoAddress)),
            ("Ann <ann@example.org>", Err(Unsendable::NoAddress)),
            ("ann@127.0.0.1", Err(Unsendable::NoAddress)),
            ("", Err(Unsendable::NoAddress)),
            (&long, Err(Unsendable::NoAddress)),
        ] {
            let parsed = parse(typed);
            assert_eq!(parsed.as_deref(), expected.as_ref().copied(), "{typed}");
        }
    }
}
