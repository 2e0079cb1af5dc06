//! `/studio/comments/rules`: what is held and refused, who helps, who is banned, and which mails come.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use axum_extra::extract::Form;
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use crate::{
    accounts::{Author, flash},
    app::App,
    comments::{self, HouseError, NewRules},
    web::{Error, Path, Result},
};

const HERE: &str = "/studio/comments/rules";

/// The rules, as typed.
#[derive(Clone, Debug, Deserialize)]
pub struct Typed {
    #[serde(default)]
    mode: String,
    #[serde(default)]
    hold: String,
    #[serde(default)]
    refuse: String,
}

impl From<Typed> for NewRules {
    fn from(typed: Typed) -> Self {
        Self {
            mode: typed.mode,
            hold: typed.hold,
            refuse: typed.refuse,
        }
    }
}

/// Who is to help.
#[derive(Debug, Deserialize)]
pub struct Helper {
    #[serde(default)]
    email: String,
}

/// How often mail comes.
#[derive(Debug, Deserialize)]
pub struct Wanted {
    #[serde(default)]
    wanted: String,
}

/// `GET /studio/comments/rules`
pub async fn show(State(app): State<App>, author: Author) -> Result<Response> {
    let rules = comments::rules(&app.db, author.author.id).await?;
    page(&app, &author, &rules, "", None).await
}

/// `POST /studio/comments/rules`
pub async fn save(
    State(app): State<App>,
    author: Author,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let (by, new) = (author.account.id, NewRules::from(typed));
    match comments::keep_rules(&app, by, author.author.id, &new).await {
        Ok(()) => Ok(flash(&app, HERE, "flash-rules-saved")),
        Err(problem) => back(&app, &author, &new, "", problem).await,
    }
}

/// `POST /studio/comments/mail`
pub async fn save_mail(
    State(app): State<App>,
    author: Author,
    Form(typed): Form<Wanted>,
) -> Result<Response> {
    comments::keep_pace(&app, author.account.id, &typed.wanted).await?;
    Ok(flash(&app, HERE, "flash-rules-saved"))
}

/// `POST /studio/comments/moderators`
pub async fn appoint(
    State(app): State<App>,
    author: Author,
    Form(typed): Form<Helper>,
) -> Result<Response> {
    let by = author.account.id;
    match comments::appoint(&app, by, author.author.id, &typed.email).await {
        Ok(()) => Ok(flash(&app, HERE, "flash-moderator-added")),
        Err(problem) => {
            let rules = comments::rules(&app.db, author.author.id).await?;
            back(&app, &author, &rules, &typed.email, problem).await
        }
    }
}

/// `POST /studio/comments/moderators/{id}/remove`
pub async fn dismiss(
    State(app): State<App>,
    author: Author,
    Path(id): Path<Uuid>,
) -> Result<Response> {
    comments::dismiss(&app, author.account.id, author.author.id, id).await?;
    Ok(flash(&app, HERE, "flash-moderator-removed"))
}

/// `POST /studio/comments/bans/{id}/lift`
pub async fn lift(
    State(app): State<App>,
    author: Author,
    Path(id): Path<Uuid>,
) -> Result<Response> {
    match comments::lift_ban(&app, author.account.id, author.author.id, id).await? {
        true => Ok(flash(&app, HERE, "flash-ban-lifted")),
        false => Err(Error::NotFound),
    }
}

async fn back(
    app: &App,
    author: &Author,
    rules: &NewRules,
    email: &str,
    problem: HouseError,
) -> Result<Response> {
    let Some(key) = problem.key() else {
        return Err(anyhow::Error::from(problem).into());
    };
    let page = page(app, author, rules, email, Some(key)).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

async fn page(
    app: &App,
    author: &Author,
    rules: &NewRules,
    email: &str,
    problem: Option<&str>,
) -> Result<Response> {
    let house = comments::house(app, author.author.id, author.account.id).await?;
    let page = json!({
        "rules": rules,
        "house": house,
        "email": email,
        "problem": problem,
        "room": "/studio/comments",
    });
    author.visitor.page(app, "studio/comment_rules.html", &page)
}
