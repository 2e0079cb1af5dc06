//! The headers that keep a page to itself.

use axum::{
    extract::{Request, State},
    http::{HeaderName, HeaderValue, header},
    middleware::Next,
    response::Response,
};

use crate::app::App;

/// Adds the security headers to every response.
pub async fn secure(State(app): State<App>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "strict-origin-when-cross-origin"),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
    ] {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert_with(|| policy(&app));
    if app.config.is_https() {
        headers.insert(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=63072000; includeSubDomains"),
        );
    }
    response
}

/// Nothing from elsewhere, nothing inline. Forms may lead to Stripe's own pages, because browsers
/// hold a redirect after a POST to `form-action` too.
fn policy(app: &App) -> HeaderValue {
    let stripe = url::Url::parse(&app.config.stripe.api_base)
        .map(|url| url.origin().ascii_serialization())
        .unwrap_or_default();
    let text = format!(
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; \
         font-src 'self'; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'; \
         form-action 'self' https://checkout.stripe.com https://billing.stripe.com \
         https://connect.stripe.com {stripe}"
    );
    HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static("default-src 'none'"))
}
