//! `/connect/{link}` and `/express/{account}`: where somebody who is to be paid says who she is, and sees it.

use axum::{
    extract::{Form, State as Extract},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{over, page, unknown};
use crate::sandbox::stripe::{Stripe, objects::accounts, state::text};
use crate::web::Path;

/// What was pressed.
#[derive(Debug, Deserialize)]
pub(in super::super) struct Pressed {
    /// `finish` or `later`.
    #[serde(default)]
    what: String,
}

/// `GET /connect/{link}`
pub(in super::super) async fn show(
    Extract(stripe): Extract<Stripe>,
    Path(name): Path<String>,
) -> Response {
    let opened = accounts::open(&stripe.at_now(), &name);
    match opened {
        None => unknown(&stripe),
        Some(Err(refresh_url)) => Redirect::to(&refresh_url).into_response(),
        Some(Ok(link)) => draw(&stripe, text(&link["account"]), true),
    }
}

/// `POST /connect/{link}`
pub(in super::super) async fn answer(
    Extract(stripe): Extract<Stripe>,
    Path(name): Path<String>,
    Form(pressed): Form<Pressed>,
) -> Response {
    let opened = accounts::open(&stripe.at_now(), &name);
    let back = match opened {
        None => return unknown(&stripe),
        Some(Err(refresh_url)) => refresh_url,
        Some(Ok(_)) => {
            let is_done = pressed.what == "finish";
            stripe.act(|state| accounts::come_back(state, &name, is_done))
        }
    };
    Redirect::to(&back).into_response()
}

/// `GET /express/{account}`
pub(in super::super) async fn dashboard(
    Extract(stripe): Extract<Stripe>,
    Path(account): Path<String>,
) -> Response {
    match account_of(&stripe, &account) {
        Some(_) => draw(&stripe, &account, false),
        None => unknown(&stripe),
    }
}

/// `POST /express/{account}`: the account comes loose from the platform.
pub(in super::super) async fn leave(
    Extract(stripe): Extract<Stripe>,
    Path(account): Path<String>,
) -> Response {
    if account_of(&stripe, &account).is_none() {
        return unknown(&stripe);
    }
    stripe.deauthorize(&account);
    let words = "Your account is connected no more. You can close this page.";
    over(&stripe, StatusCode::OK, "Disconnected", words, &Value::Null)
}

fn account_of(stripe: &Stripe, id: &str) -> Option<Value> {
    let object = stripe.object(id);
    object.filter(|object| object["object"] == "account")
}

fn draw(stripe: &Stripe, account: &str, asks: bool) -> Response {
    let object = account_of(stripe, account).unwrap_or_default();
    let values = json!({
        "asks": asks,
        "email": object["email"],
        "due": object["requirements"]["currently_due"],
        "is_ready": object["payouts_enabled"],
    });
    page(stripe, StatusCode::OK, "connect.html", values)
}
