//! The links in mails about comments: signed, so nothing is stored, and good for one recipient, one thing and
//! one purpose alone.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use uuid::Uuid;

/// How much of the signature a link carries, in bytes.
const SIGNATURE: usize = 16;

/// What a link is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Approving or hiding one comment.
    Decide = 1,
    /// Mail about the replies in one thread, and to her at all.
    Replies = 2,
    /// Mail about comments under her own articles.
    Own = 3,
}

/// A link, opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Link {
    pub purpose: Purpose,
    /// Whom it was mailed to.
    pub account: Uuid,
    /// The comment, or the head of the thread.
    pub about: Uuid,
}

impl Link {
    /// The token of the link.
    pub fn token(&self, key: &[u8]) -> String {
        let mut bytes = self.bytes();
        bytes.extend_from_slice(&self.signature(key));
        hex::encode(bytes)
    }

    /// The link a token is for, if it is one of ours.
    pub fn open(key: &[u8], token: &str) -> Option<Self> {
        let bytes = hex::decode(token).ok()?;
        let (said, given) = bytes.split_at_checked(33)?;
        let all = [Purpose::Decide, Purpose::Replies, Purpose::Own];
        let link = Self {
            purpose: all.into_iter().find(|one| *one as u8 == said[0])?,
            account: Uuid::from_slice(&said[1..17]).ok()?,
            about: Uuid::from_slice(&said[17..]).ok()?,
        };
        let equal: bool =
            subtle::ConstantTimeEq::ct_eq(given, link.signature(key).as_slice()).into();
        equal.then_some(link)
    }

    fn bytes(&self) -> Vec<u8> {
        let (account, about) = (self.account.as_bytes(), self.about.as_bytes());
        [&[self.purpose as u8][..], account, about].concat()
    }

    fn signature(&self, key: &[u8]) -> Vec<u8> {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
            return Vec::new();
        };
        mac.update(b"comments:");
        mac.update(&self.bytes());
        mac.finalize().into_bytes()[..SIGNATURE].to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_good_for_what_it_was_made_for_and_nothing_else() {
        let link = Link {
            purpose: Purpose::Replies,
            account: Uuid::from_u128(7),
            about: Uuid::from_u128(8),
        };
        let token = link.token(b"key");
        assert_eq!(Link::open(b"key", &token), Some(link));
        assert_eq!(Link::open(b"other", &token), None);
        for at in [1, 33, 65, 90] {
            let other = if &token[at..=at] == "f" { "e" } else { "f" };
            let changed = format!("{}{other}{}", &token[..at], &token[at + 1..]);
            assert_eq!(Link::open(b"key", &changed), None, "{at}");
        }
        for strange in ["", "zz", "02", &token[..66]] {
            assert_eq!(Link::open(b"key", strange), None);
        }
    }
}
