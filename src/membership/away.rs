//! The way to Checkout, and the cookie that ties a stranger's browser to the checkout it began.

use axum::{
    http::{HeaderMap, header},
    response::{IntoResponse as _, Redirect, Response},
};
use uuid::Uuid;

use super::checkout::Begun;
use crate::app::App;

const CHECKOUT_COOKIE: &str = "checkout";

/// To Stripe's page, by a 303.
pub(super) fn away(app: &App, begun: &Begun) -> Response {
    let mut response = Redirect::to(&begun.url).into_response();
    let value = signed(app, begun.checkout_id);
    let cookie = app.cookies.set(CHECKOUT_COOKIE, &value, Some(24 * 60 * 60));
    response.headers_mut().append(header::SET_COOKIE, cookie);
    response
}

/// Whether this browser began that checkout.
pub(super) fn began_here(app: &App, headers: &HeaderMap, checkout: Uuid) -> bool {
    let cookie = app.cookies.get(headers, CHECKOUT_COOKIE);
    cookie.is_some_and(|value| {
        let expected = signed(app, checkout);
        subtle::ConstantTimeEq::ct_eq(value.as_bytes(), expected.as_bytes()).into()
    })
}

fn signed(app: &App, checkout: Uuid) -> String {
    use hmac::{Hmac, KeyInit as _, Mac as _};
    let mac = Hmac::<sha2::Sha256>::new_from_slice(&app.key).map(|mut mac| {
        mac.update(b"checkout:");
        mac.update(checkout.as_bytes());
        hex::encode(mac.finalize().into_bytes())
    });
    format!("{}.{}", checkout.simple(), mac.unwrap_or_default())
}
