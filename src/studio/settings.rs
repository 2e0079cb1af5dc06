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
    entities::author::Hears,
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
    /// When to hear of patrons and tips; empty: as before.
    #[serde(default)]
    hears: String,
}

/// `GET /studio/settings`
pub async fn show(State(app): State<App>, author: Author) -> Result<Response> {
    let row = &author.author;
    let typed = Typed {
        name: row.name.clone(),
        slug: row.slug.clone(),
        bio: row.bio.clone(),
        support_words: row.support_words.clone().unwrap_or_default(),
        hears: hears_word(row.hears).to_owned(),
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
        hears: hears(&typed.hears).unwrap_or(author.author.hears),
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

/// The choices of the form, as they travel.
const CHOICES: [(&str, Hears); 3] = [
    ("at_once", Hears::AtOnce),
    ("daily", Hears::Daily),
    ("never", Hears::Never),
];

fn hears(word: &str) -> Option<Hears> {
    let chosen = CHOICES.iter().find(|(known, _)| *known == word);
    chosen.map(|(_, hears)| *hears)
}

fn hears_word(hears: Hears) -> &'static str {
    let chosen = CHOICES.iter().find(|(_, known)| *known == hears);
    chosen.map_or("at_once", |(word, _)| *word)
}

fn page(app: &App, author: &Author, typed: &Typed, problem: Option<&str>) -> Result<Response> {
    let page = json!({ "typed": typed, "problem": problem, "slug": author.author.slug });
    author.visitor.page(app, "studio/settings.html", &page)
}
