//! Memberships an author gives for her own page.

use axum::{extract::State, response::Response};
use axum_extra::extract::Form;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::supporters;
use crate::{
    accounts::{Author, flash},
    app::App,
    membership::gifts::{self, NewGiven},
    web::{Action, Error, Path, Result},
};

/// What the form sends.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Wanted {
    email: String,
    tier: Option<Uuid>,
    until: String,
}

/// `POST /studio/grants`
pub async fn give(
    State(app): State<App>,
    author: Author,
    Form(wanted): Form<Wanted>,
) -> Result<Response> {
    app.limits
        .check(Action::Checkout, &author.account.id.to_string())?;
    let new = NewGiven {
        email: wanted.email.clone(),
        tier: wanted.tier.unwrap_or_default(),
        until: wanted.until.clone(),
    };
    match gifts::give(&app, Some(author.account.id), &author.author, &new).await {
        Ok(_) => Ok(flash(&app, "/studio/supporters", "flash-membership-given")),
        Err(refused) => supporters::again(&app, &author, &wanted, refused.key()?).await,
    }
}

/// `POST /studio/grants/{id}/end`
pub async fn end(State(app): State<App>, author: Author, Path(id): Path<Uuid>) -> Result<Response> {
    let mine = Some(author.author.id);
    match gifts::end_early(&app, author.account.id, mine, id).await? {
        true => Ok(flash(&app, "/studio/supporters", "flash-given-ended")),
        false => Err(Error::NotFound),
    }
}

/// `POST /studio/grants/{id}/keep`
pub async fn keep(
    State(app): State<App>,
    author: Author,
    Path(id): Path<Uuid>,
) -> Result<Response> {
    let mine = Some(author.author.id);
    match gifts::keep(&app, author.account.id, mine, id).await? {
        true => Ok(flash(&app, "/studio/supporters", "flash-given-kept")),
        false => Err(Error::NotFound),
    }
}
