//! Memberships the owner gives, for any author's page.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use axum_extra::extract::Form;
use sea_orm::{EntityTrait as _, QueryOrder as _};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::memberships;
use crate::{
    accounts::{Owner, flash},
    app::App,
    entities::{author, tier},
    membership::gifts::{self, NewGiven, Refused},
    web::{Error, Path, Result},
};

/// What the form sends.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Wanted {
    email: String,
    tier: Option<Uuid>,
    until: String,
}

/// `POST /admin/grants`
pub async fn give(
    State(app): State<App>,
    owner: Owner,
    Form(wanted): Form<Wanted>,
) -> Result<Response> {
    match attempt(&app, &owner, &wanted).await {
        Ok(()) => Ok(flash(&app, "/admin/memberships", "flash-membership-given")),
        Err(refused) => {
            let typed = json!({ "form": wanted, "problem": refused.key()? });
            let page = memberships::page(&app, &owner, typed).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

async fn attempt(app: &App, owner: &Owner, wanted: &Wanted) -> Result<(), Refused> {
    let tier = tier::Entity::find_by_id(wanted.tier.unwrap_or_default());
    let tier = tier.one(&app.db).await?.ok_or(Refused::NoTier)?;
    let author = author::Entity::find_by_id(tier.author_id);
    let author = author.one(&app.db).await?.ok_or(Refused::NoTier)?;
    let new = NewGiven {
        email: wanted.email.clone(),
        tier: tier.id,
        until: wanted.until.clone(),
    };
    let by = Some(owner.account.id);
    gifts::give(app, by, &author, &new).await.map(drop)
}

/// `POST /admin/grants/{id}/end`
pub async fn end(State(app): State<App>, owner: Owner, Path(id): Path<Uuid>) -> Result<Response> {
    match gifts::end_early(&app, owner.account.id, None, id).await? {
        true => Ok(flash(&app, "/admin/memberships", "flash-given-ended")),
        false => Err(Error::NotFound),
    }
}

/// `POST /admin/grants/{id}/keep`
pub async fn keep(State(app): State<App>, owner: Owner, Path(id): Path<Uuid>) -> Result<Response> {
    match gifts::keep(&app, owner.account.id, None, id).await? {
        true => Ok(flash(&app, "/admin/memberships", "flash-given-kept")),
        false => Err(Error::NotFound),
    }
}

/// Every author's tiers, as the form offers them.
///
/// # Errors
/// If the database fails.
pub(super) async fn tiers(app: &App) -> Result<Vec<Value>, sea_orm::DbErr> {
    let authors = author::Entity::find()
        .order_by_asc(author::Column::Name)
        .all(&app.db)
        .await?;
    let tiers = tier::Entity::find()
        .order_by_asc(tier::Column::Position)
        .all(&app.db)
        .await?;
    let of = |author: &author::Model| {
        let (id, name) = (author.id, author.name.clone());
        let own = tiers.iter().filter(move |tier| tier.author_id == id);
        own.map(move |tier| json!({ "id": tier.id, "name": format!("{name}: {}", tier.name) }))
    };
    Ok(authors.iter().flat_map(of).collect())
}
