//! Passwords: argon2id on the blocking pool, a few at a time.

use anyhow::anyhow;
use argon2::{
    Argon2,
    password_hash::{self, PasswordHasher as _, PasswordVerifier as _},
};
use tokio::{sync::Semaphore, task::spawn_blocking};

use super::{Address, Refusal};

/// The shortest password, in characters. Length is all that is asked for: rules about signs make
/// passwords worse (NIST SP 800-63B, 3.1.1.2).
const SHORTEST: usize = 10;
/// The longest, in characters.
const LONGEST: usize = 200;

/// How many are hashed at once: each takes 19 MiB and a core for some 20 ms.
static PERMITS: Semaphore = Semaphore::const_new(2);

/// Verified where there is no password, so that the answer takes as long. No password has this hash.
const NOBODYS: &str = "$argon2id$v=19$m=19456,t=2,p=1$cGxhdWRpdC1ub2JvZHlz$\
                       AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// A password somebody may choose.
pub struct Password(String);

impl Password {
    /// Checks what was typed by somebody of this address and name.
    ///
    /// # Errors
    /// The refusal, if it is too short, too long, or what anybody would try first.
    pub fn choose(typed: &str, address: &str, name: &str) -> Result<Self, Refusal> {
        let length = typed.chars().count();
        let lower = typed.trim().to_lowercase();
        if length < SHORTEST {
            Err(Refusal::PasswordTooShort)
        } else if length > LONGEST {
            Err(Refusal::PasswordTooLong)
        } else if lower == address.to_lowercase() || lower == name.trim().to_lowercase() {
            Err(Refusal::PasswordIsKnown)
        } else {
            Ok(Self(typed.to_owned()))
        }
    }

    /// The PHC string to keep.
    ///
    /// # Errors
    /// If the system gives no random salt.
    pub async fn hash(self) -> anyhow::Result<String> {
        let permit = PERMITS.acquire().await?;
        spawn_blocking(move || {
            let hash = Argon2::default().hash_password(self.0.as_bytes());
            drop(permit);
            hash.map(|hash| hash.to_string())
                .map_err(|error| anyhow!("could not hash a password: {error}"))
        })
        .await?
    }
}

/// Whether `typed` is the password behind `hash`; takes as long where there is none.
///
/// # Errors
/// If a kept hash cannot be read.
pub(super) async fn matches(typed: &str, hash: Option<&str>) -> anyhow::Result<bool> {
    let typed = typed.to_owned();
    let hash = hash.unwrap_or(NOBODYS).to_owned();
    let permit = PERMITS.acquire().await?;
    spawn_blocking(move || {
        let verified = Argon2::default().verify_password(typed.as_bytes(), hash.as_str());
        drop(permit);
        match verified {
            Ok(()) => Ok(true),
            Err(password_hash::Error::PasswordInvalid) => Ok(false),
            Err(error) => Err(anyhow!("a kept password hash cannot be read: {error}")),
        }
    })
    .await?
}

impl Address {
    /// Checks a password somebody of this address has typed; see [`Password::choose`].
    pub(super) fn password(&self, typed: &str, name: &str) -> Result<Password, Refusal> {
        Password::choose(typed, self.as_str(), name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_hash_fits_its_own_password_alone() {
        let chosen = Password::choose("a long sentence", "ann@example.org", "Ann");
        let hash = chosen.expect("allowed").hash().await.expect("hashed");
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        let fits = async |typed| matches(typed, Some(&hash)).await.expect("readable");
        assert!(fits("a long sentence").await);
        assert!(!fits("a long sentence ").await);
    }

    #[tokio::test]
    async fn nobodys_hash_is_readable_and_costs_the_same() {
        assert!(!matches("anything at all", None).await.expect("readable"));
        assert!(NOBODYS.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
    }

    #[test]
    fn what_anybody_would_try_first_is_refused() {
        for (typed, refused) in [
            ("too short", true),
            ("long enough", false),
            ("Ann.Merrow@example.org", true),
            ("ann merrow the first", true),
            ("ünïcödé çounts", false),
            (&"x".repeat(201), true),
        ] {
            let chosen = Password::choose(typed, "ann.merrow@example.org", "Ann Merrow the First");
            assert_eq!(chosen.is_err(), refused, "{typed}");
        }
    }
}
