//! The error page: drawn around any bare failure, in the reader's language, with a way on.

use axum::{
    Json,
    extract::{FromRequestParts, Request, State},
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use serde::Serialize;
use serde_json::json;

use crate::{
    accounts::Visitor,
    app::App,
    web::{Failure, Frame},
};

#[derive(Serialize)]
struct Page {
    title: String,
    words: String,
    wait: Wait,
}

/// For how long to wait, in seconds, or in whole minutes where that says it better; nothing where it is of no use.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
struct Wait {
    minutes: u64,
    seconds: u64,
}

impl Wait {
    fn of(response: &Response) -> Self {
        let header = response.headers().get(header::RETRY_AFTER);
        let seconds = header.and_then(|value| value.to_str().ok()?.parse().ok());
        Self::seconds(seconds.unwrap_or_default())
    }

    fn seconds(seconds: u64) -> Self {
        let minutes = if seconds > 90 {
            seconds.div_ceil(60)
        } else {
            0
        };
        Self { minutes, seconds }
    }
}

/// Replaces a bare failure by a page, or by a problem document on the JSON side.
pub async fn draw(State(app): State<App>, request: Request, next: Next) -> Response {
    let is_api = request.uri().path().starts_with("/api/");
    let is_machine = request.uri().path().starts_with("/webhooks/")
        || request.uri().path().starts_with("/sandbox/stripe/v1");
    let path = request.uri().path().to_owned();
    let (mut parts, body) = request.into_parts();
    let request = Request::from_parts(parts.clone(), body);
    let response = next.run(request).await;
    let status = response.status();
    let drawn = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| matches!(kind.as_bytes(), [b't', b'e', b'x', b't', b'/', b'h', ..]));
    if (!status.is_client_error() && !status.is_server_error()) || drawn || is_machine {
        return response;
    }
    if is_api {
        return problem(status, response);
    }
    let failure = response.extensions().get::<Failure>().copied();
    let frame = match Visitor::from_request_parts(&mut parts, &app).await {
        Ok(visitor) => visitor.frame(&app),
        Err(_) => {
            let language = &app.config.publication.language;
            Frame::new((&app.config, &app.house), &path, None, language)
        }
    };
    let page = Page {
        title: format!("web-error-{}-title", known(status)),
        words: failure
            .and_then(|failure| failure.words)
            .map_or_else(|| format!("web-error-{}", known(status)), str::to_owned),
        wait: Wait::of(&response),
    };
    match frame.page(&app.templates, "web/error.html", &page) {
        Ok(mut drawn) => {
            *drawn.status_mut() = status;
            for name in [header::RETRY_AFTER, header::ALLOW] {
                if let Some(value) = response.headers().get(&name) {
                    drawn.headers_mut().insert(name, value.clone());
                }
            }
            drawn
        }
        Err(error) => {
            tracing::error!(%error, "the error page failed");
            response
        }
    }
}

/// The status whose words fit best.
fn known(status: StatusCode) -> u16 {
    match status.as_u16() {
        code @ (400 | 403 | 404 | 405 | 413 | 415 | 422 | 429 | 503) => code,
        402..500 => 400,
        _ => 500,
    }
}

/// RFC 9457. Retry-After and Allow stay on the response.
fn problem(status: StatusCode, from: Response) -> Response {
    let body = json!({
        "type": "about:blank",
        "title": status.canonical_reason().unwrap_or("Error"),
        "status": status.as_u16(),
    });
    let mut response = (status, Json(body)).into_response();
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/problem+json"),
    );
    for name in [header::RETRY_AFTER, header::ALLOW] {
        if let Some(value) = from.headers().get(&name) {
            response.headers_mut().insert(name, value.clone());
        }
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_minutes_to_people_is_said_in_minutes() {
        for (seconds, minutes) in [(0, 0), (1, 0), (90, 0), (91, 2), (120, 2), (121, 3)] {
            assert_eq!(Wait::seconds(seconds), Wait { minutes, seconds });
        }
    }
}
