//! How calls reach Stripe: async-stripe's requests, over connections that are kept open. Its own client
//! opens one for each call, which costs a TLS handshake while a reader waits.

use std::time::Duration;

use axum::{
    body::{Body, Bytes, to_bytes},
    http::{HeaderMap, HeaderValue, Method, Request, StatusCode, header},
};
use hyper_rustls::HttpsConnector;
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::{TokioExecutor, TokioTimer},
};
use stripe_client_core::{RequestBuilder, StripeMethod};

use super::Error;
use crate::config;

/// How long a connection stays open unused. Stripe closes them after a minute or more.
const IDLE: Duration = Duration::from_secs(50);
/// The largest answer that is read, in bytes.
const LARGEST: usize = 8 * 1024 * 1024;

/// How Stripe says that an object is there, but in the other mode.
/// Source: <https://docs.stripe.com/error-codes#resource-missing>
const OTHER_MODE: &str = "a similar object exists in";

/// Open connections to whatever answers at `stripe.api_base`. Cloning is cheap.
#[derive(Clone)]
pub(super) struct Wire {
    client: Client<HttpsConnector<HttpConnector>, Body>,
    /// `https://api.stripe.com/v1`
    base: String,
    headers: HeaderMap,
    /// How long Stripe may take to answer.
    patience: Duration,
}

/// What Stripe says when it refuses. <https://docs.stripe.com/api/errors>
#[derive(serde::Deserialize)]
struct Refusal {
    error: Reason,
}

#[derive(serde::Deserialize)]
struct Reason {
    message: Option<String>,
    code: Option<String>,
}

impl Wire {
    /// # Errors
    /// If the key cannot stand in a header.
    pub fn open(config: &config::Stripe) -> anyhow::Result<Self> {
        let mut secret = HeaderValue::try_from(format!("Bearer {}", config.secret_key))?;
        secret.set_sensitive(true);
        let name = concat!("Plaudit/", env!("CARGO_PKG_VERSION"));
        let version = HeaderValue::from_str(stripe_shared::version::VERSION.as_str())?;
        let headers = [
            (header::AUTHORIZATION, secret),
            (header::USER_AGENT, HeaderValue::from_static(name)),
            (header::HeaderName::from_static("stripe-version"), version),
        ];
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE)
            .build(connector());
        Ok(Self {
            client,
            base: format!("{}/v1", config.api_base.trim_end_matches('/')),
            headers: HeaderMap::from_iter(headers),
            patience: Duration::from_secs(config.timeout_seconds.into()),
        })
    }

    /// Makes one call; with a `key`, a second try is the same act. A connection that broke is tried
    /// once more where that cannot do a thing twice.
    ///
    /// # Errors
    /// As [`Error`] says.
    pub async fn call(&self, call: &RequestBuilder, key: Option<&str>) -> Result<Bytes, Error> {
        let is_safe = key.is_some() || matches!(call.method, StripeMethod::Get);
        match self.attempt(call, key).await {
            Err(Broken::Connection(error)) if is_safe => {
                tracing::debug!(error, "calling Stripe again");
                self.attempt(call, key).await.map_err(Broken::into)
            }
            result => result.map_err(Broken::into),
        }
    }

    async fn attempt(&self, call: &RequestBuilder, key: Option<&str>) -> Result<Bytes, Broken> {
        let request = self.request(call, key)?;
        let answered = async {
            let answer = self.client.request(request).await;
            let (head, body) = answer.map_err(Broken::connection)?.into_parts();
            let body = to_bytes(Body::new(body), LARGEST).await;
            Ok::<_, Broken>((head.status, body.map_err(Broken::connection)?))
        };
        let answered = tokio::time::timeout(self.patience, answered).await;
        let (status, body) =
            answered.map_err(|_| Error::Away("it takes too long".to_owned()))??;
        match status.is_success() {
            true => Ok(body),
            false => Err(refusal(status, &body).into()),
        }
    }

    fn request(&self, call: &RequestBuilder, key: Option<&str>) -> Result<Request<Body>, Error> {
        let mut address = format!("{}{}", self.base, call.path);
        if let Some(query) = &call.query {
            address.push('?');
            address.push_str(query);
        }
        let method = match call.method {
            StripeMethod::Get => Method::GET,
            StripeMethod::Post => Method::POST,
            StripeMethod::Delete => Method::DELETE,
        };
        let mut request = Request::builder().method(method).uri(address);
        if let Some(headers) = request.headers_mut() {
            headers.clone_from(&self.headers);
        }
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        if call.body.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        let body = call.body.clone().map_or_else(Body::empty, Body::from);
        request
            .body(body)
            .map_err(|error| Error::Refused(error.to_string()))
    }
}

/// Speaks TLS, or plain HTTP where the address says so.
pub(super) fn connector() -> HttpsConnector<HttpConnector> {
    hyper_rustls::HttpsConnectorBuilder::new()
        .with_webpki_roots()
        .https_or_http()
        .enable_http1()
        .build()
}

enum Broken {
    /// It is not known whether the call arrived.
    Connection(String),
    Call(Error),
}

impl Broken {
    fn connection(error: impl std::error::Error) -> Self {
        let cause = error.source().map(|cause| format!(": {cause}"));
        Self::Connection(format!("{error}{}", cause.unwrap_or_default()))
    }
}

impl From<Error> for Broken {
    fn from(error: Error) -> Self {
        Self::Call(error)
    }
}

impl From<Broken> for Error {
    fn from(broken: Broken) -> Self {
        match broken {
            Broken::Connection(error) => Self::Away(error),
            Broken::Call(error) => error,
        }
    }
}

fn refusal(status: StatusCode, body: &[u8]) -> Error {
    if matches!(status.as_u16(), 409 | 424 | 429 | 500..) {
        return Error::Away(format!("status {status}"));
    }
    let reason = serde_json::from_slice::<Refusal>(body).map(|refusal| refusal.error);
    let (message, code) = reason.map_or((None, None), |why| (why.message, why.code));
    let message = message.unwrap_or_default();
    match (status, code.as_deref()) {
        // Nothing is missing because the key is of the other mode, or something in between does not know the way.
        (StatusCode::NOT_FOUND, Some("resource_missing")) if !message.contains(OTHER_MODE) => {
            Error::NotFound
        }
        // Nothing to preview: nothing would change. Source: <https://docs.stripe.com/error-codes>
        (StatusCode::NOT_FOUND, Some("invoice_upcoming_none")) => Error::NotFound,
        // A connected account that has come loose.
        (StatusCode::FORBIDDEN, Some("account_invalid")) => Error::NotFound,
        (StatusCode::PAYMENT_REQUIRED, Some(code)) if asks_payer(code) => {
            Error::Unconfirmed(message)
        }
        (StatusCode::PAYMENT_REQUIRED, _) => Error::Declined(message),
        _ => Error::Refused(format!("status {status}: {message}")),
    }
}

/// Whether a payment was refused only because the payer was not there to confirm it.
/// Source: <https://docs.stripe.com/error-codes>
fn asks_payer(code: &str) -> bool {
    code == "authentication_required" || code.ends_with("payment_intent_requires_action")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_stripe_says_is_missing_is_not_found() {
        let said = |code: &str, message: &str| {
            format!(r#"{{"error": {{"code": "{code}", "message": "{message}"}}}}"#)
        };
        let other = "No such subscription: 'sub_1'; a similar object exists in live mode";
        for (status, body, is_missing) in [
            (
                404,
                said("resource_missing", "No such subscription: 'sub_1'"),
                true,
            ),
            (404, said("resource_missing", other), false),
            (
                404,
                said("invoice_upcoming_none", "No upcoming invoices"),
                true,
            ),
            (404, said("", "Unrecognized request URL"), false),
            (404, "<h1>Not found</h1>".to_owned(), false),
            (
                400,
                said("resource_missing", "No such price: 'price_1'"),
                false,
            ),
            (403, said("account_invalid", "loose"), true),
            (500, said("resource_missing", "no"), false),
        ] {
            let status = StatusCode::from_u16(status).unwrap_or_default();
            let found = refusal(status, body.as_bytes());
            assert_eq!(matches!(found, Error::NotFound), is_missing, "{body}");
        }
    }
}
