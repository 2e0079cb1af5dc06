//! Who may ask: whoever has the test key of this account, sent in either of Stripe's ways.
//! Source: <https://docs.stripe.com/api/authentication>

use axum::http::{HeaderMap, header};
use base64::{Engine as _, prelude::BASE64_STANDARD};

use super::Refusal;

/// `known`: the account's own key; without one any test key will do.
pub(super) fn authorized(headers: &HeaderMap, known: &str) -> Result<(), Refusal> {
    let value = super::header_text(headers, header::AUTHORIZATION.as_str()).unwrap_or_default();
    let key = match value.split_once(' ') {
        Some(("Bearer", key)) => key.trim().to_owned(),
        Some(("Basic", pair)) => named(pair).unwrap_or_default(),
        _ => String::new(),
    };
    match key.as_str() {
        "" => Err(Refusal::no_key()),
        key if key == known => Ok(()),
        key if known.is_empty() && key.starts_with("sk_test_") => Ok(()),
        key => Err(Refusal::wrong_key(key)),
    }
}

/// The name of HTTP's own way to sign in, where a key may stand: `curl -u sk_test_…:`.
fn named(pair: &str) -> Option<String> {
    let pair = BASE64_STANDARD.decode(pair.trim()).ok()?;
    let pair = String::from_utf8(pair).ok()?;
    pair.split(':').next().map(str::to_owned)
}
