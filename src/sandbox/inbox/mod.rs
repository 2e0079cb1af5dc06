//! The captured inbox: every mail the demo has sent, to be read instead of being delivered.

mod folder;
mod letter;

use axum::{
    extract::{Query, State},
    http::header,
    response::{Html, IntoResponse as _, Response},
};
use serde::{Deserialize, Serialize};

use crate::{
    accounts::Visitor,
    app::App,
    web::{Error, Path, Result},
};
use letter::Letter;

/// How many mails one page lists.
const PAGE: usize = 40;
/// What a page that holds a mail's HTML in a frame may load, beside the frame nothing more than others.
pub(super) const FRAMING: &str = "default-src 'none'; style-src 'self'; img-src 'self'; frame-src 'self'; \
                       base-uri 'none'; frame-ancestors 'none'; form-action 'self'";
/// A mail as a mail program would show it: its own styles, no scripts, links that leave the frame.
pub(super) const FRAMED: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; \
                      form-action 'none'; frame-ancestors 'self'; \
                      sandbox allow-popups allow-top-navigation-by-user-activation";

#[derive(Deserialize)]
pub struct Which {
    #[serde(default)]
    page: usize,
}

#[derive(Serialize)]
struct List {
    letters: Vec<Letter>,
    newer: Option<usize>,
    older: Option<usize>,
}

/// `GET /sandbox/inbox`: the newest first.
pub async fn list(
    State(app): State<App>,
    visitor: Visitor,
    Query(Which { page }): Query<Which>,
) -> Result<Response> {
    let ids = folder::ids(&app.config.mail.folder).await?;
    let mut letters = Vec::new();
    for id in ids.iter().skip(page.saturating_mul(PAGE)).take(PAGE) {
        letters.extend(folder::read(&app.config.mail.folder, id).await?);
    }
    let is_last = page.saturating_add(1).saturating_mul(PAGE) >= ids.len();
    let values = List {
        letters,
        newer: page.checked_sub(1),
        older: (!is_last).then_some(page + 1),
    };
    visitor.page(&app, "sandbox/inbox.html", &values)
}

/// `GET /sandbox/inbox/{id}`: one mail, its HTML part in a frame, its text part below.
pub async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response> {
    let letter = folder::read(&app.config.mail.folder, &id).await?;
    let letter = letter.ok_or(Error::NotFound)?;
    let values = serde_json::json!({ "letter": letter });
    let page = visitor.page(&app, "sandbox/letter.html", &values)?;
    Ok(([(header::CONTENT_SECURITY_POLICY, FRAMING)], page).into_response())
}

/// `GET /sandbox/inbox/{id}/html`: the HTML part alone, under a policy of its own.
pub async fn html(State(app): State<App>, Path(id): Path<String>) -> Result<Response> {
    let letter = folder::read(&app.config.mail.folder, &id).await?;
    let html = letter.and_then(|letter| letter.html);
    let html = html.ok_or(Error::NotFound)?;
    let headers = [
        (header::CONTENT_SECURITY_POLICY, FRAMED),
        (header::X_FRAME_OPTIONS, "SAMEORIGIN"),
    ];
    let leaving_the_frame = format!("<base target=\"_top\">{html}");
    Ok((headers, Html(leaving_the_frame)).into_response())
}
