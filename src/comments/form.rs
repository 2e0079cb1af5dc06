//! The comment form on a page of its own: to edit with, and to get back as typed.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use sea_orm::DbErr;
use serde::Serialize;

use super::{
    body::{Body, Flaw},
    fields::Fields,
    place::Place,
    posting::PostError,
    way_in::WayIn,
};
use crate::{
    accounts::Visitor,
    app::App,
    web::{Error, Result},
};

/// Why a comment was not posted or changed.
pub(super) enum Refused {
    /// She may not; how she could.
    May(Box<WayIn>),
    Flaw(Flaw),
    /// Its words are not taken here.
    Words,
    /// Nothing of this writer's is.
    Writer,
    ParentGone,
    /// The time to edit it is over.
    TooLate,
    Other(Error),
}

/// What `comments/form.html` shows.
#[derive(Serialize)]
struct Page {
    /// The key of the headline.
    title: &'static str,
    /// The title of the article.
    article: String,
    path: String,
    /// `None` where it cannot be sent again.
    form: Option<Fields>,
    way_in: Option<WayIn>,
    /// The key of what happened, where there is no form to say it.
    sentence: Option<&'static str>,
    /// What she wrote, where there is no form to hold it.
    words: String,
    /// Where she signs in, if she was signed out while she wrote.
    sign_in_path: Option<String>,
}

/// The form, ready to be sent.
pub(super) fn show(
    app: &App,
    visitor: &Visitor,
    place: &Place,
    fields: Fields,
) -> Result<Response> {
    visitor.page(app, "comments/form.html", &Page::new(place, fields))
}

/// The form as typed for her who was signed out while she wrote: she signs in beside this page, comes back and
/// sends it. Nobody's draft has to be stored for that.
pub(super) fn signed_out(
    app: &App,
    visitor: &Visitor,
    place: &Place,
    fields: Fields,
) -> Result<Response> {
    let page = Page {
        sign_in_path: Some(fields.sign_in_path()),
        ..Page::new(place, fields)
    };
    let page = visitor.page(app, "comments/form.html", &page)?;
    Ok((StatusCode::FORBIDDEN, page).into_response())
}

/// The form as typed, with what it would become above it.
pub(super) fn preview(
    app: &App,
    visitor: &Visitor,
    place: &Place,
    mut fields: Fields,
) -> Result<Response> {
    match Body::parse(&fields.body) {
        Ok(body) => fields.preview = Some(body.html),
        Err(flaw) => return back(app, visitor, place, fields, flaw.into()),
    }
    show(app, visitor, place, fields)
}

/// The form as typed with a sentence on what happened; where it cannot be sent again, the words
/// alone.
///
/// # Errors
/// What is no refusal of this form's own.
pub(super) fn back(
    app: &App,
    visitor: &Visitor,
    place: &Place,
    fields: Fields,
    refused: Refused,
) -> Result<Response> {
    let page = Page::new(place, fields);
    let (status, page) = match &refused {
        Refused::Flaw(Flaw::Empty) => unprocessable(page, "comments-empty"),
        Refused::Flaw(Flaw::TooLong) => unprocessable(page, "comments-too-long"),
        Refused::ParentGone => unprocessable(page, "comments-parent-gone"),
        Refused::Words => unprocessable(page, "comments-words-refused"),
        Refused::Writer => (
            StatusCode::FORBIDDEN,
            page.with_problem("comments-writer-refused"),
        ),
        Refused::Other(Error::TooMany { .. }) => (
            StatusCode::TOO_MANY_REQUESTS,
            page.with_problem("comments-too-many"),
        ),
        Refused::TooLate => (
            StatusCode::FORBIDDEN,
            page.withdrawn(Some("comments-too-late"), None),
        ),
        Refused::May(way_in) => {
            let way_in = way_in.as_ref().clone();
            (StatusCode::FORBIDDEN, page.withdrawn(None, Some(way_in)))
        }
        Refused::Other(_) => (StatusCode::INTERNAL_SERVER_ERROR, page),
    };
    let retry_after = match refused {
        Refused::Other(Error::TooMany { retry_after }) => Some(retry_after.as_secs().max(1)),
        Refused::Other(error) => return Err(error),
        _ => None,
    };
    let mut response = visitor.page(app, "comments/form.html", &page)?;
    *response.status_mut() = status;
    if let Some(seconds) = retry_after.map(HeaderValue::from) {
        response.headers_mut().insert(header::RETRY_AFTER, seconds);
    }
    Ok(response)
}

fn unprocessable(page: Page, problem: &'static str) -> (StatusCode, Page) {
    (StatusCode::UNPROCESSABLE_ENTITY, page.with_problem(problem))
}

impl Page {
    fn new(place: &Place, fields: Fields) -> Self {
        Self {
            title: if fields.is_edit {
                "comments-edit-title"
            } else {
                "comments-leave"
            },
            article: place.article.title.clone(),
            path: place.path(),
            form: Some(fields),
            way_in: None,
            sentence: None,
            words: String::new(),
            sign_in_path: None,
        }
    }

    fn with_problem(mut self, problem: &'static str) -> Self {
        if let Some(form) = &mut self.form {
            form.problem = Some(problem);
        }
        self
    }

    /// Takes the form away and leaves what was in it.
    fn withdrawn(mut self, sentence: Option<&'static str>, way_in: Option<WayIn>) -> Self {
        self.words = self.form.take().map(|form| form.body).unwrap_or_default();
        self.sentence = sentence;
        self.way_in = way_in;
        self
    }
}

impl Refused {
    /// What is said of a comment that was not taken.
    pub async fn of(app: &App, place: &Place, error: PostError) -> Self {
        match error {
            PostError::ParentGone => Self::ParentGone,
            PostError::Banned(ban) => match WayIn::banned(app, &ban, place).await {
                Ok(way_in) => Self::May(Box::new(way_in)),
                Err(error) => error.into(),
            },
            PostError::Refused => Self::Words,
            PostError::Unwanted => Self::Writer,
            PostError::NotFound => Self::Other(Error::NotFound),
            PostError::Db(error) => error.into(),
        }
    }
}

impl From<Flaw> for Refused {
    fn from(flaw: Flaw) -> Self {
        Self::Flaw(flaw)
    }
}

impl From<DbErr> for Refused {
    fn from(error: DbErr) -> Self {
        Self::Other(error.into())
    }
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Self::Other(error)
    }
}
