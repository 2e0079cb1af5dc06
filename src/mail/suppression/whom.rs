//! Whom a suppression is about, and which mail.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use uuid::Uuid;

use crate::{mail::address, telemetry};

/// What is not sent to an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    All,
    /// Notices of every author.
    Notices,
    /// Notices of one author.
    NoticesOf(Uuid),
}

impl Purpose {
    /// As the table has it.
    pub fn word(self) -> String {
        match self {
            Self::All => "all".to_owned(),
            Self::Notices => "notices".to_owned(),
            Self::NoticesOf(author) => format!("notices:{author}"),
        }
    }

    /// What keeps mail of this purpose back: whatever is wider, and itself.
    pub(super) fn held_by(self) -> Vec<String> {
        let mut all = vec![Self::All.word()];
        if self != Self::All {
            all.push(Self::Notices.word());
        }
        if let Self::NoticesOf(_) = self {
            all.push(self.word());
        }
        all
    }
}

/// An address as suppressions know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fingerprint {
    pub(super) hash: String,
    pub(super) masked: String,
}

impl Fingerprint {
    /// `key` is the service's own (`App::key`). Capitals, blanks around it and the way its domain is
    /// written make no difference to an address.
    pub fn of(key: &[u8], address: &str) -> Self {
        let normal = address::normalised(address);
        let hash = match Hmac::<Sha256>::new_from_slice(key) {
            Ok(mut mac) => {
                mac.update(b"suppression:");
                mac.update(normal.as_bytes());
                hex::encode(mac.finalize().into_bytes())
            }
            Err(_) => String::new(),
        };
        Self {
            hash,
            masked: telemetry::masked(&normal),
        }
    }

    pub fn as_str(&self) -> &str {
        &self.hash
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_one_fingerprint_however_it_is_written() {
        let one = Fingerprint::of(b"key", "ann@xn--bcher-kva.example");
        assert_eq!(one, Fingerprint::of(b"key", " Ann@Bücher.Example "));
        assert_ne!(one, Fingerprint::of(b"other", "ann@xn--bcher-kva.example"));
        assert_ne!(one, Fingerprint::of(b"key", "anna@xn--bcher-kva.example"));
        assert!(!one.as_str().contains("ann"));
    }

    #[test]
    fn what_is_wider_holds_back_what_is_narrower() {
        let author = Uuid::from_u128(7);
        assert_eq!(Purpose::All.held_by(), ["all"]);
        assert_eq!(Purpose::Notices.held_by(), ["all", "notices"]);
        let of_one = Purpose::NoticesOf(author).held_by();
        assert_eq!(of_one, ["all", "notices", &format!("notices:{author}")]);
    }
}
