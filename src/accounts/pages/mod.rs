//! The pages of this room, one file a place; the router lists their addresses.

pub mod account;
pub mod address;
pub mod invitation;
pub mod join;
pub mod password;
pub mod sign_in;

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};

use super::{Refusal, Visitor, flash, links::Entered, sessions};
use crate::{
    app::App,
    web::{Result, own_path},
};

/// What a form's page is rendered with: what was typed, and what was wrong with it.
#[derive(Serialize)]
struct Filled<'a, F> {
    form: &'a F,
    problem: Option<Problem>,
}

#[derive(Serialize)]
struct Problem {
    key: &'static str,
    field: &'static str,
}

/// Where to go after signing in.
#[derive(Debug, Default, Deserialize)]
pub struct Way {
    return_to: Option<String>,
}

/// A form as it first stands. It may hold what is nobody else's, so no one keeps it.
fn form(app: &App, visitor: &Visitor, template: &str, form: &impl Serialize) -> Result<Response> {
    let filled = Filled {
        form,
        problem: None,
    };
    Ok(unkept(visitor.page(app, template, &filled)?))
}

/// The form again as it was typed, 422, with the sentence that says why; failures stay failures, and a link
/// that is over has a page of its own.
fn refused(
    app: &App,
    visitor: &Visitor,
    template: &str,
    form: &impl Serialize,
    refusal: Refusal,
) -> Result<Response> {
    let problem = match refusal {
        Refusal::Failed(error) => return Err(error),
        Refusal::LinkOver => return link_over(app, visitor),
        refusal => Problem {
            key: refusal.key(),
            field: refusal.field(),
        },
    };
    let filled = Filled {
        form,
        problem: Some(problem),
    };
    let page = unkept(visitor.page(app, template, &filled)?);
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

/// The page of a link that was used, is too old, or never was: 410, with the way to a new one.
fn link_over(app: &App, visitor: &Visitor) -> Result<Response> {
    let page = visitor.page(app, "accounts/link_over.html", &serde_json::json!({}))?;
    Ok((StatusCode::GONE, unkept(page)).into_response())
}

fn unkept(mut response: Response) -> Response {
    let no_store = HeaderValue::from_static("no-store");
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, no_store);
    response
}

/// Lets somebody in: the session's cookie, a sentence, and on to where she was going.
fn let_in(app: &App, entered: &Entered, key: &str) -> Response {
    let path = own_path(entered.return_to.as_deref().unwrap_or("/"));
    let mut response = flash(app, path, key);
    let cookie = sessions::cookie(app, &entered.secret);
    response.headers_mut().append(header::SET_COOKIE, cookie);
    response
}
