//! Links that stop one reader's notices: signed, so nothing is stored. Each says what it stops, and can
//! do nothing else.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use uuid::Uuid;

/// How much of the signature a link carries, in bytes.
const SIGNATURE: usize = 16;

/// What a link stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Notices of one author.
    Author(Uuid),
    /// Notices of all who wrote an article.
    Article(Uuid),
    /// The letter of the day.
    Daily,
    /// The letter of the week.
    Weekly,
}

impl Scope {
    /// The first byte of a token; those of an author have none, as they always had.
    fn mark(self) -> Option<u8> {
        match self {
            Self::Author(_) => None,
            Self::Article(_) => Some(1),
            Self::Daily => Some(2),
            Self::Weekly => Some(3),
        }
    }

    fn id(self) -> Uuid {
        match self {
            Self::Author(id) | Self::Article(id) => id,
            Self::Daily | Self::Weekly => Uuid::nil(),
        }
    }

    fn of(mark: Option<u8>, id: Uuid) -> Option<Self> {
        match mark {
            None => Some(Self::Author(id)),
            Some(1) => Some(Self::Article(id)),
            Some(2) => Some(Self::Daily),
            Some(3) => Some(Self::Weekly),
            Some(_) => None,
        }
    }
}

/// The token of a link.
pub fn token(key: &[u8], account: Uuid, scope: Scope) -> String {
    let mut bytes: Vec<u8> = scope.mark().into_iter().collect();
    bytes.extend_from_slice(account.as_bytes());
    bytes.extend_from_slice(scope.id().as_bytes());
    bytes.extend_from_slice(&signature(key, account, scope));
    hex::encode(bytes)
}

/// Whom a token is for and what it stops, if it is one of ours.
pub fn open(key: &[u8], token: &str) -> Option<(Uuid, Scope)> {
    let bytes = hex::decode(token).ok()?;
    let (mark, rest) = match bytes.len() {
        49 => (Some(*bytes.first()?), bytes.get(1..)?),
        _ => (None, bytes.as_slice()),
    };
    let (ids, given) = rest.split_at_checked(32)?;
    let account = Uuid::from_slice(&ids[..16]).ok()?;
    let scope = Scope::of(mark, Uuid::from_slice(&ids[16..]).ok()?)?;
    let expected = signature(key, account, scope);
    let equal: bool = subtle::ConstantTimeEq::ct_eq(given, expected.as_slice()).into();
    equal.then_some((account, scope))
}

fn signature(key: &[u8], account: Uuid, scope: Scope) -> Vec<u8> {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
        return Vec::new();
    };
    mac.update(b"unsubscribe:");
    mac.update(account.as_bytes());
    mac.update(scope.id().as_bytes());
    if let Some(mark) = scope.mark() {
        mac.update(&[mark]);
    }
    mac.finalize().into_bytes()[..SIGNATURE].to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_opens_only_unchanged() {
        let (account, id) = (Uuid::from_u128(7), Uuid::from_u128(8));
        for scope in [
            Scope::Author(id),
            Scope::Article(id),
            Scope::Daily,
            Scope::Weekly,
        ] {
            let token = token(b"key", account, scope);
            assert_eq!(open(b"key", &token), Some((account, scope)));
            assert_eq!(open(b"other", &token), None);
            let changed = token.replacen("07", "17", 1);
            assert_eq!(open(b"key", &changed), None);
            let marked = format!("01{}", &token[token.len() - 96..]);
            let read = open(b"key", &marked);
            assert!(read.is_none() || marked == token, "{scope:?}");
            for strange in ["", "zz", "00", &token[..64]] {
                assert_eq!(open(b"key", strange), None);
            }
        }
    }
}
