//! What time it is at Stripe: signatures are refused when the clocks are minutes apart.

use std::time::Duration;

use anyhow::Context as _;
use axum::{body::Body, http::Request};
use chrono::{DateTime, Utc};
use hyper_util::{client::legacy::Client, rt::TokioExecutor};

use super::wire::connector;

/// How long Stripe may take to say.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The `Date` of whatever answers at `api_base`, to the second.
///
/// # Errors
/// If nothing answers, or without a date.
pub async fn server_time(api_base: &str) -> anyhow::Result<DateTime<Utc>> {
    let client = Client::builder(TokioExecutor::new()).build(connector());
    let request = Request::get(api_base).body(Body::empty())?;
    let answer = tokio::time::timeout(TIMEOUT, client.request(request)).await??;
    let date = answer.headers().get("date").context("no date")?;
    Ok(DateTime::parse_from_rfc2822(date.to_str()?)?.to_utc())
}
