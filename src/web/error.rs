//! What can go wrong with a request, as the person who made it may know it.

use std::time::Duration;

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use sea_orm::{DbErr, RuntimeErr};

/// What handlers return.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A refusal or failure. Causes go to the log, never to the page.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("not found")]
    NotFound,
    #[error("forbidden")]
    Forbidden,
    /// Nobody is signed in: to the sign-in page, and back to this own path afterwards.
    #[error("sign in first")]
    SignIn { return_to: String },
    /// A request no form of ours makes. The words are a key of the catalogues.
    #[error("bad request: {0}")]
    BadRequest(&'static str),
    #[error("too large")]
    TooLarge,
    #[error("too many requests")]
    TooMany { retry_after: Duration },
    /// The database or Stripe is away; what was acknowledged is kept.
    #[error("unavailable: {0}")]
    Unavailable(anyhow::Error),
    #[error(transparent)]
    Internal(anyhow::Error),
}

/// Rides on a response for the layer that draws the error page.
#[derive(Clone, Copy, Debug)]
pub struct Failure {
    /// The catalogue key of the sentence to show; the status decides if there is none.
    pub words: Option<&'static str>,
}

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        let away = match &error {
            DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => true,
            DbErr::Query(RuntimeErr::SqlxError(cause))
            | DbErr::Exec(RuntimeErr::SqlxError(cause)) => {
                cause.as_database_error().is_none()
                    || cause.to_string().contains("database is locked")
            }
            _ => false,
        };
        if away {
            Self::Unavailable(error.into())
        } else {
            Self::Internal(error.into())
        }
    }
}

impl From<tera::Error> for Error {
    fn from(error: tera::Error) -> Self {
        Self::Internal(anyhow::Error::from(error))
    }
}

impl From<anyhow::Error> for Error {
    fn from(error: anyhow::Error) -> Self {
        match error.downcast::<DbErr>() {
            Ok(error) => error.into(),
            Err(error) => Self::Internal(error),
        }
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        match self {
            Self::NotFound => failed(StatusCode::NOT_FOUND, None),
            Self::Forbidden => failed(StatusCode::FORBIDDEN, None),
            Self::SignIn { return_to } => {
                let query = serde_urlencoded::to_string([("return_to", return_to)]);
                Redirect::to(&format!("/sign-in?{}", query.unwrap_or_default())).into_response()
            }
            Self::BadRequest(words) => failed(StatusCode::BAD_REQUEST, Some(words)),
            Self::TooLarge => failed(StatusCode::PAYLOAD_TOO_LARGE, None),
            Self::TooMany { retry_after } => {
                // Rounded up: whoever comes back then is let in.
                let seconds = retry_after.as_secs() + u64::from(retry_after.subsec_nanos() > 0);
                let seconds = seconds.max(1);
                wait(failed(StatusCode::TOO_MANY_REQUESTS, None), seconds)
            }
            Self::Unavailable(cause) => {
                tracing::error!(error = format!("{cause:#}"), "unavailable");
                wait(failed(StatusCode::SERVICE_UNAVAILABLE, None), 10)
            }
            Self::Internal(cause) => {
                tracing::error!(error = format!("{cause:#}"), "internal error");
                failed(StatusCode::INTERNAL_SERVER_ERROR, None)
            }
        }
    }
}

fn failed(status: StatusCode, words: Option<&'static str>) -> Response {
    let mut response = status.into_response();
    response.extensions_mut().insert(Failure { words });
    response
}

fn wait(mut response: Response, seconds: u64) -> Response {
    response
        .headers_mut()
        .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    response
}
