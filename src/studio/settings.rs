//! `/studio/settings`: how this author is shown, and the words of the support call.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use axum_extra::extract::Form;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{
    accounts::{Author, flash},
    app::App,
    authors::{Profile, ProfileError, update_profile},
    web::{Error, Result},
};

/// The form, as typed.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Typed {
    name: String,
    slug: String,
    #[serde(default)]
    bio: String,
    #[serde(default)]
    support_words: String,
}

/// `GET /studio/settings`
pub async fn show(State(app): State<App>, author: Author) -> Result<Response> {
    let row = &author.author;
    let typed = Typed {
        name: row.name.clone(),
        slug: row.slug.clone(),
        bio: row.bio.clone(),
        support_words: row.support_words.clone().unwrap_or_default(),
    };
    page(&app, &author, &typed, None)
}

/// `POST /studio/settings`
pub async fn save(
    State(app): State<App>,
    author: Author,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let profile = Profile {
        name: typed.name.clone(),
        slug: typed.slug.clone(),
        bio: typed.bio.clone(),
        support_words: typed.support_words.clone(),
    };
    match update_profile(&app, author.author.id, profile).await {
        Ok(_) => Ok(flash(&app, "/studio/settings", "flash-settings-saved")),
        Err(ProfileError::Db(error)) => Err(error.into()),
        Err(problem) => {
            let key = problem.key().ok_or(Error::NotFound)?;
            let page = page(&app, &author, &typed, Some(key))?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

fn page(app: &App, author: &Author, typed: &Typed, problem: Option<&str>) -> Result<Response> {
    let page = json!({ "typed": typed, "problem": problem, "slug": author.author.slug });
    author.visitor.page(app, "studio/settings.html", &page)
}
