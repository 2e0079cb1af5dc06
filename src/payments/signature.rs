//! Whether a webhook is Stripe's: HMAC-SHA256 over `t.body`, any secret with any `v1`.
//! Source: <https://docs.stripe.com/webhooks/signature>

use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// How old (or how far ahead) a signature may be, in seconds.
const TOLERANCE: i64 = 300;
/// More than any honest header carries.
const LONGEST_HEADER: usize = 4096;

/// Why a webhook is not taken for Stripe's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("no readable signature")]
    Malformed,
    /// Signed with a secret of ours, but this many seconds ago.
    #[error("the signature is too old or too new")]
    Stale(i64),
    #[error("no secret matches")]
    Wrong,
}

/// Checks the `Stripe-Signature` header of `body` against every secret. Returns how far the sender's
/// clock is from ours, in seconds.
///
/// # Errors
/// If the header is malformed, its time is off by more than 300 s, or nothing matches.
pub fn verify(
    body: &[u8],
    header: &str,
    secrets: &[String],
    now: DateTime<Utc>,
) -> Result<i64, Refused> {
    if header.len() > LONGEST_HEADER {
        return Err(Refused::Malformed);
    }
    let mut time = None;
    let mut signatures = Vec::new();
    for (name, value) in header.split(',').filter_map(|part| part.split_once('=')) {
        match name.trim() {
            "t" => time = Some(value),
            "v1" => signatures.extend(hex::decode(value)),
            _ => {}
        }
    }
    let time = time.ok_or(Refused::Malformed)?;
    let signed_at: i64 = time.parse().map_err(|_| Refused::Malformed)?;
    if signatures.is_empty() {
        return Err(Refused::Malformed);
    }
    // The body is gone through once a secret, however many signatures a stranger sends.
    let matches = secrets.iter().any(|secret| {
        mac(secret, time, body).is_some_and(|mac| {
            let is_right = |signature| mac.clone().verify_slice(signature).is_ok();
            signatures.iter().map(Vec::as_slice).any(is_right)
        })
    });
    if !matches {
        return Err(Refused::Wrong);
    }
    let skew = now.timestamp().saturating_sub(signed_at);
    if skew.abs() > TOLERANCE {
        return Err(Refused::Stale(skew));
    }
    Ok(skew)
}

/// The header Stripe would send with `body`.
pub fn sign(body: &[u8], secret: &str, at: DateTime<Utc>) -> String {
    let time = at.timestamp().to_string();
    let signature = mac(secret, &time, body)
        .map(|mac| hex::encode(mac.finalize().into_bytes()))
        .unwrap_or_default();
    format!("t={time},v1={signature}")
}

fn mac(secret: &str, time: &str, body: &[u8]) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).ok()?;
    mac.update(time.as_bytes());
    mac.update(b".");
    mac.update(body);
    Some(mac)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::Duration;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 0).expect("time") + Duration::seconds(seconds)
    }

    #[test]
    fn the_tolerance_is_five_minutes_both_ways() {
        let secrets = ["whsec_a".to_owned()];
        for (age, expected) in [
            (-301, Err(Refused::Stale(-301))),
            (-300, Ok(-300)),
            (0, Ok(0)),
            (299, Ok(299)),
            (301, Err(Refused::Stale(301))),
        ] {
            let header = sign(b"{}", "whsec_a", at(0));
            assert_eq!(verify(b"{}", &header, &secrets, at(age)), expected, "{age}");
        }
    }

    #[test]
    fn any_secret_may_match_any_signature() {
        let secrets = ["whsec_new".to_owned(), "whsec_old".to_owned()];
        let old = sign(b"{}", "whsec_old", at(0));
        let new = sign(b"{}", "whsec_new", at(0));
        let v1 = |header: &str| header.rsplit_once('=').expect("v1").1.to_owned();
        let both = format!("{old},v1={}", v1(&new));
        for header in [&old, &new, &both] {
            assert_eq!(verify(b"{}", header, &secrets, at(0)), Ok(0));
        }
        assert_eq!(
            verify(b"{}", &old, &secrets[..1], at(0)),
            Err(Refused::Wrong)
        );
    }

    #[test]
    fn anything_else_is_refused() {
        let secrets = ["whsec_a".to_owned()];
        let good = sign(b"{}", "whsec_a", at(0));
        let v0 = good.replace("v1=", "v0=");
        let commas = ",".repeat(4096);
        for (header, expected) in [
            ("", Refused::Malformed),
            ("t=1", Refused::Malformed),
            (v0.as_str(), Refused::Malformed),
            (commas.as_str(), Refused::Malformed),
            ("t=x,v1=00", Refused::Malformed),
            ("t=1800000000,v1=00", Refused::Wrong),
        ] {
            assert_eq!(verify(b"{}", header, &secrets, at(0)), Err(expected));
        }
        assert_eq!(
            verify(b"{ }", &good, &secrets, at(0)),
            Err(Refused::Wrong),
            "another body"
        );
    }

    /// A stranger must not make us go through a large body hundreds of times.
    #[test]
    fn many_signatures_cost_about_what_one_does() {
        let secrets = ["whsec_a".to_owned()];
        let body = vec![b'x'; 1024 * 1024];
        let many = format!("t=1800000000{}", ",v1=00".repeat(680));
        assert!(many.len() <= LONGEST_HEADER);
        let took = |header: &str| {
            let began = std::time::Instant::now();
            assert_eq!(verify(&body, header, &secrets, at(0)), Err(Refused::Wrong));
            began.elapsed()
        };
        let one = took("t=1800000000,v1=00");
        assert!(took(&many) < one * 50);
    }
}
