//! `/admin/comments`: what waits in the whole publication, its own rules, and who is banned everywhere.

use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use axum_extra::extract::Form;
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::page::room;
use crate::{
    accounts::{Owner, flash},
    app::App,
    comments::{self, Asked, NewRules, Scope},
    web::{Error, Path, Result},
};

const RULES: &str = "/admin/comments/rules";

/// `GET /admin/comments`
pub async fn list(
    State(app): State<App>,
    owner: Owner,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let page = json!({
        "queue": comments::queue(&app.db, &owner.account, &Scope::All, asked).await?,
        "room": "/admin/comments",
        "back": owner.visitor.path,
        "has_rules": true,
        "is_owner": true,
    });
    room(&app, &owner, "admin/comments.html", page).await
}

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

/// `GET /admin/comments/rules`
pub async fn rules(State(app): State<App>, owner: Owner) -> Result<Response> {
    let rules = comments::rules(&app.db, Uuid::nil()).await?;
    page(&app, &owner, &rules, None).await
}

/// `POST /admin/comments/rules`
pub async fn save_rules(
    State(app): State<App>,
    owner: Owner,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let new = NewRules {
        mode: typed.mode,
        hold: typed.hold,
        refuse: typed.refuse,
    };
    match comments::keep_rules(&app, owner.account.id, Uuid::nil(), &new).await {
        Ok(()) => Ok(flash(&app, RULES, "flash-rules-saved")),
        Err(problem) => {
            let Some(key) = problem.key() else {
                return Err(anyhow::Error::from(problem).into());
            };
            let page = page(&app, &owner, &new, Some(key)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

/// `POST /admin/comments/bans/{id}/lift`
pub async fn lift(State(app): State<App>, owner: Owner, Path(id): Path<Uuid>) -> Result<Response> {
    match comments::lift_ban(&app, owner.account.id, Uuid::nil(), id).await? {
        true => Ok(flash(&app, RULES, "flash-ban-lifted")),
        false => Err(Error::NotFound),
    }
}

async fn page(
    app: &App,
    owner: &Owner,
    rules: &NewRules,
    problem: Option<&str>,
) -> Result<Response> {
    let page = json!({
        "rules": rules,
        "house": comments::house(app, Uuid::nil(), owner.account.id).await?,
        "problem": problem,
        "room": "/admin/comments",
    });
    room(app, owner, "admin/comment_rules.html", page).await
}
