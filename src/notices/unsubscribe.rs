//! The links in every letter about new articles. One asks when it is followed and acts when it is pressed
//! (RFC 8058); the other lets its reader choose how often. Neither needs a sign-in, neither can do
//! anything else, and neither says more of her than the letter did.

use axum::{body::Bytes, extract::State, response::Response};
use serde_json::json;

use super::{
    digests::word,
    leaving::{self, Opened},
};
use crate::{
    accounts::Visitor,
    app::App,
    entities::Frequency,
    mail::unsubscribe::Scope,
    web::{Error, Path, Result},
};

/// `GET /unsubscribe/{token}`: asks, or says that it is done already; changes nothing.
pub async fn unsubscribe_page(
    State(app): State<App>,
    visitor: Visitor,
    Path(token): Path<String>,
) -> Result<Response> {
    let opened = leaving::open(&app, &token).await?.ok_or(Error::NotFound)?;
    let state = match leaving::frequency(&app, &opened).await? {
        Some(Frequency::None) => "done",
        _ => "asked",
    };
    show(&app, &visitor, &opened, state)
}

/// `POST /unsubscribe/{token}`: needs no cookie and no sign-in, and can do nothing else. Mail programs
/// send `List-Unsubscribe=One-Click` in a body of either form type; the page's own way back sends `undo`.
pub async fn unsubscribe(
    State(app): State<App>,
    visitor: Visitor,
    Path(token): Path<String>,
    body: Bytes,
) -> Result<Response> {
    let opened = leaving::open(&app, &token).await?.ok_or(Error::NotFound)?;
    let undoes = url::form_urlencoded::parse(&body).any(|(name, _)| name == "undo");
    let state = match undoes {
        true => leaving::come_back(&app, &opened).await.map(|()| "undone")?,
        false => leaving::leave(&app, &opened).await.map(|()| "done")?,
    };
    show(&app, &visitor, &opened, state)
}

/// `GET /notices/{token}`: how often the letter's reader hears of its authors.
pub async fn preferences_page(
    State(app): State<App>,
    visitor: Visitor,
    Path(token): Path<String>,
) -> Result<Response> {
    let opened = leaving::open(&app, &token).await?.ok_or(Error::NotFound)?;
    choices(&app, &visitor, &opened, "").await
}

/// `POST /notices/{token}`: `frequency`, or `all=off` for no letters about new articles at all.
pub async fn choose(
    State(app): State<App>,
    visitor: Visitor,
    Path(token): Path<String>,
    body: Bytes,
) -> Result<Response> {
    let opened = leaving::open(&app, &token).await?.ok_or(Error::NotFound)?;
    let said = leaving::change(&app, &opened, &body).await?;
    choices(&app, &visitor, &opened, said).await
}

fn show(app: &App, visitor: &Visitor, opened: &Opened, state: &str) -> Result<Response> {
    let page = json!({
        "token": opened.token,
        "authors": opened.names(),
        "list": list(opened.scope),
        "state": state,
    });
    visitor.page(app, "notices/unsubscribe.html", &page)
}

async fn choices(app: &App, visitor: &Visitor, opened: &Opened, said: &str) -> Result<Response> {
    let frequency = leaving::frequency(app, opened).await?;
    let page = json!({
        "token": opened.token,
        "authors": opened.names(),
        "list": list(opened.scope),
        "frequency": frequency.map(word),
        "said": said,
        "choices": [
            word(Frequency::AtOnce),
            word(Frequency::Daily),
            word(Frequency::Weekly),
            word(Frequency::None),
        ],
    });
    visitor.page(app, "notices/choices.html", &page)
}

/// Which sentence names what the link is about.
fn list(scope: Scope) -> &'static str {
    match scope {
        Scope::Author(_) | Scope::Article(_) => "authors",
        Scope::Daily => "daily",
        Scope::Weekly => "weekly",
    }
}
