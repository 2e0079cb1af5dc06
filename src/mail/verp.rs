//! Return addresses that name the mail they belong to (VERP): a bounce tells by its recipient which row
//! of the outbox it is about, whatever else it says. Signed, so nothing is stored and nobody makes them up.
//!
//! `mail.bounce_address` is `bounces@example.org`, then the token follows a `+`; or it has a `*` where the
//! token goes, for servers without such extensions: `*@bounces.example.org`.

use anyhow::Context as _;
use hmac::{Hmac, KeyInit as _, Mac as _};
use lettre::Address;
use sha2::Sha256;
use uuid::Uuid;

/// How much of the signature an address carries, in bytes: RFC 5321 gives the local part 64 characters.
const SIGNATURE: usize = 8;
/// Characters of a token: a letter that says what for, the row and the signature in hexadecimal.
const TOKEN: usize = 1 + (16 + SIGNATURE) * 2;
/// The most a local part may have (RFC 5321, 4.5.3.1.1).
const LOCAL_PART: usize = 64;

/// What mail to one of these addresses says. The id is the outbox row's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// The mail came back: its envelope sender was this address.
    Bounced(Uuid),
    /// Its reader leaves the list, as the `mailto:` of List-Unsubscribe asks (RFC 2369).
    Leaves(Uuid),
}

/// The envelope sender of the mail in this row.
///
/// # Errors
/// If `pattern`, the value of `mail.bounce_address`, makes no address.
pub fn address(pattern: &str, key: &[u8], row: Uuid) -> anyhow::Result<Address> {
    addressed(pattern, key, 'b', row)
}

/// The address whose mail takes the reader of this row off its list.
///
/// # Errors
/// As [`address`].
pub fn leaving(pattern: &str, key: &[u8], row: Uuid) -> anyhow::Result<Address> {
    addressed(pattern, key, 'u', row)
}

/// What mail to `recipient` is about, if the address is one of ours. Case does not count: some servers change it.
pub fn read(pattern: &str, key: &[u8], recipient: &str) -> Option<Told> {
    let recipient = recipient.trim().trim_matches(['<', '>']).to_lowercase();
    let (before, after) = around(&pattern.to_lowercase())?;
    let token = recipient.strip_prefix(&before)?.strip_suffix(&after)?;
    let about = token.chars().next()?;
    let bytes = hex::decode(token.get(1..)?).ok()?;
    let (row, given) = bytes.split_at_checked(16)?;
    let row = Uuid::from_slice(row).ok()?;
    let expected = signature(key, about, row);
    let equal: bool = subtle::ConstantTimeEq::ct_eq(given, expected.as_slice()).into();
    match about {
        'b' if equal => Some(Told::Bounced(row)),
        'u' if equal => Some(Told::Leaves(row)),
        _ => None,
    }
}

fn addressed(pattern: &str, key: &[u8], about: char, row: Uuid) -> anyhow::Result<Address> {
    let (before, after) = around(pattern).context("mail.bounce_address has no @")?;
    let signature = hex::encode(signature(key, about, row));
    let address = format!("{before}{about}{}{signature}{after}", row.simple());
    let address: Address = address.parse().context("mail.bounce_address")?;
    let length = address.user().len();
    anyhow::ensure!(
        length <= LOCAL_PART,
        "mail.bounce_address leaves no room for a token of {TOKEN} characters"
    );
    Ok(address)
}

/// What stands before and after the token.
fn around(pattern: &str) -> Option<(String, String)> {
    if let Some((before, after)) = pattern.split_once('*') {
        return Some((before.to_owned(), after.to_owned()));
    }
    let (local, domain) = pattern.rsplit_once('@')?;
    Some((format!("{local}+"), format!("@{domain}")))
}

fn signature(key: &[u8], about: char, row: Uuid) -> Vec<u8> {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
        return Vec::new();
    };
    mac.update(format!("verp:{about}:").as_bytes());
    mac.update(row.as_bytes());
    mac.finalize().into_bytes()[..SIGNATURE].to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_its_mail_and_nobody_makes_one_up() {
        let row = Uuid::from_u128(7);
        for pattern in [
            "bounces@example.org",
            "*@bounces.example.org",
            "b-*@example.org",
        ] {
            let bounce = address(pattern, b"key", row).expect(pattern).to_string();
            let leave = leaving(pattern, b"key", row).expect(pattern).to_string();
            assert_eq!(read(pattern, b"key", &bounce), Some(Told::Bounced(row)));
            assert_eq!(read(pattern, b"key", &leave), Some(Told::Leaves(row)));
            let shouted = format!("<{}>", bounce.to_uppercase());
            assert_eq!(read(pattern, b"key", &shouted), Some(Told::Bounced(row)));
            let swapped = bounce.replacen(
                &format!("b{}", row.simple()),
                &format!("u{}", row.simple()),
                1,
            );
            for strange in [
                swapped,
                bounce.replace('7', "8"),
                pattern.to_owned(),
                String::new(),
            ] {
                assert_eq!(read(pattern, b"key", &strange), None, "{strange}");
            }
            assert_eq!(read(pattern, b"other", &bounce), None);
        }
    }

    #[test]
    fn a_pattern_must_leave_room() {
        for (pattern, expected) in [
            ("bounces@example.org", true),
            ("*@example.org", true),
            ("a-rather-long-name@example.org", false),
            ("nothing", false),
            ("a b@example.org", false),
        ] {
            let made = address(pattern, b"key", Uuid::nil());
            assert_eq!(made.is_ok(), expected, "{pattern}");
        }
    }
}
