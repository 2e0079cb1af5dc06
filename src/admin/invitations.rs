//! Invitations on `/admin/people`: who was asked and has not answered yet.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use axum_extra::extract::Form;
use sea_orm::DbErr;
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::people::{self, Which};
use crate::{
    accounts::{Invited, Owner, Refusal, flash, invite, invite_again, withdraw},
    app::App,
    entities::{Role, invitation},
    web::{Path, Result},
};

const PLACE: &str = "/admin/people";

/// The form, as typed.
#[derive(Debug, Deserialize)]
pub struct Typed {
    email: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    role: String,
}

/// `POST /admin/invitations`
pub async fn ask(
    State(app): State<App>,
    owner: Owner,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let problem = match role(&typed.role) {
        None => "admin-invite-role-unknown",
        Some(role) => {
            let invited = Invited {
                email: &typed.email,
                name: &typed.name,
                role,
            };
            match invite(&app, &owner, invited).await {
                Ok(()) => return Ok(flash(&app, PLACE, "flash-invited")),
                Err(Refusal::Failed(error)) => return Err(error),
                Err(refusal) => refusal.key(),
            }
        }
    };
    let again = json!({
        "email": typed.email, "name": typed.name, "role": typed.role, "problem": problem,
    });
    let page = people::page(&app, &owner, &Which::default(), again).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

/// Those one is asked to be.
fn role(word: &str) -> Option<Role> {
    match word {
        "author" => Some(Role::Author),
        "owner" => Some(Role::Owner),
        _ => None,
    }
}

/// `POST /admin/invitations/{id}/again`
pub async fn again(State(app): State<App>, owner: Owner, Path(id): Path<Uuid>) -> Result<Response> {
    match invite_again(&app, &owner, id).await {
        Ok(true) => Ok(flash(&app, PLACE, "flash-invited")),
        Err(Refusal::Failed(error)) => Err(error),
        Err(Refusal::WrittenOften) => Ok(flash(&app, PLACE, "flash-invitation-often")),
        Ok(false) | Err(_) => Ok(flash(&app, PLACE, "flash-invitation-gone")),
    }
}

/// `POST /admin/invitations/{id}/withdraw`
pub async fn take_back(
    State(app): State<App>,
    owner: Owner,
    Path(id): Path<Uuid>,
) -> Result<Response> {
    let key = match withdraw(&app, &owner, id).await? {
        true => "flash-invitation-withdrawn",
        false => "flash-invitation-gone",
    };
    Ok(flash(&app, PLACE, key))
}

/// Those that are open, for the page.
pub(super) async fn open(app: &App) -> Result<Vec<Value>, DbErr> {
    let now = app.clock.now();
    let open = invitation::Entity::open().all(&app.db).await?;
    let line = |row: &invitation::Model| {
        json!({
            "id": row.id,
            "email": row.email,
            "name": row.name,
            "role": row.role,
            "created_at": row.created_at,
            "is_over": row.expires_at <= now,
        })
    };
    Ok(open.iter().map(line).collect())
}
