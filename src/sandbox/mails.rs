//! `/sandbox/mails`: every letter there is, with sample values, in each language, before anybody gets one.

use axum::{
    extract::State,
    http::header,
    response::{Html, IntoResponse as _, Response},
};
use serde_json::json;

use super::inbox::{FRAMED, FRAMING};
use crate::{
    accounts::Visitor,
    app::App,
    mail::Rendering,
    render::LANGUAGES,
    web::{Error, Path, Result},
};

/// `GET /sandbox/mails`: what there is.
pub async fn list(State(app): State<App>, visitor: Visitor) -> Result<Response> {
    let language = visitor.language(&app);
    let mut letters = Vec::new();
    for kind in app.outbox.kinds() {
        let previews = app.outbox.previews(&kind, language)?;
        let subjects: Vec<_> = previews.into_iter().map(|one| one.subject).collect();
        letters.push(json!({ "kind": kind, "subjects": subjects }));
    }
    visitor.page(&app, "sandbox/mails.html", &json!({ "letters": letters }))
}

/// `GET /sandbox/mails/{kind}/{language}`: all samples of one kind.
pub async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Path((kind, language)): Path<(String, String)>,
) -> Result<Response> {
    let previews = previews(&app, &kind, &language)?;
    let page = json!({
        "kind": kind, "language": language, "languages": LANGUAGES,
        "letters": previews.iter().map(|one| json!({ "subject": one.subject, "text": one.text }))
            .collect::<Vec<_>>(),
    });
    let page = visitor.page(&app, "sandbox/mail.html", &page)?;
    Ok(([(header::CONTENT_SECURITY_POLICY, FRAMING)], page).into_response())
}

/// `GET /sandbox/mails/{kind}/{language}/{number}`: the HTML part of one sample alone.
pub async fn html(
    State(app): State<App>,
    Path((kind, language, number)): Path<(String, String, usize)>,
) -> Result<Response> {
    let mut previews = previews(&app, &kind, &language)?.into_iter();
    let one = previews.nth(number).ok_or(Error::NotFound)?;
    let headers = [
        (header::CONTENT_SECURITY_POLICY, FRAMED),
        (header::X_FRAME_OPTIONS, "SAMEORIGIN"),
    ];
    Ok((headers, Html(one.html)).into_response())
}

fn previews(app: &App, kind: &str, language: &str) -> Result<Vec<Rendering>> {
    let is_known = app.outbox.kinds().iter().any(|known| known == kind);
    if !is_known || !LANGUAGES.contains(&language) {
        return Err(Error::NotFound);
    }
    Ok(app.outbox.previews(kind, language)?)
}
