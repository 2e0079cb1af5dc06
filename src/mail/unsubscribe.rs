//! Links that stop one reader's notices of one author: signed, so nothing is stored.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use uuid::Uuid;

/// How much of the signature a link carries, in bytes.
const SIGNATURE: usize = 16;

/// The token of a link.
pub fn token(key: &[u8], account: Uuid, author: Uuid) -> String {
    let mut bytes = account.as_bytes().to_vec();
    bytes.extend_from_slice(author.as_bytes());
    bytes.extend_from_slice(&signature(key, account, author));
    hex::encode(bytes)
}

/// The account and author a token is for, if it is one of ours.
pub fn open(key: &[u8], token: &str) -> Option<(Uuid, Uuid)> {
    let bytes = hex::decode(token).ok()?;
    let (ids, given) = bytes.split_at_checked(32)?;
    let account = Uuid::from_slice(&ids[..16]).ok()?;
    let author = Uuid::from_slice(&ids[16..]).ok()?;
    let expected = signature(key, account, author);
    let equal: bool = subtle::ConstantTimeEq::ct_eq(given, expected.as_slice()).into();
    equal.then_some((account, author))
}

fn signature(key: &[u8], account: Uuid, author: Uuid) -> Vec<u8> {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
        return Vec::new();
    };
    mac.update(b"unsubscribe:");
    mac.update(account.as_bytes());
    mac.update(author.as_bytes());
    mac.finalize().into_bytes()[..SIGNATURE].to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_opens_only_unchanged() {
        let (account, author) = (Uuid::from_u128(7), Uuid::from_u128(8));
        let token = token(b"key", account, author);
        assert_eq!(open(b"key", &token), Some((account, author)));
        assert_eq!(open(b"other", &token), None);
        let changed = token.replacen('0', "1", 1);
        assert_eq!(open(b"key", &changed), None);
        for strange in ["", "zz", "00", &token[..64]] {
            assert_eq!(open(b"key", strange), None);
        }
    }
}
