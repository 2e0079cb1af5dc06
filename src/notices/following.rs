//! Following an author: how often a reader wants to hear of new articles, without paying.

use axum::{extract::State, response::Response};
use axum_extra::extract::Form;
use sea_orm::{ConnectionTrait, DbErr, EntityTrait};
use serde::Deserialize;
use uuid::Uuid;

use super::choosing;
use crate::{
    accounts::{Reader, flash},
    app::App,
    entities::{Frequency, author, following},
    web::{Error, Path, Result},
};

/// What the button says.
#[derive(Debug, Deserialize)]
pub struct Wanted {
    /// `no` stops notices; anything else, or nothing, asks for them.
    wants: Option<String>,
    /// How often: at once where nothing is said.
    frequency: Option<Frequency>,
}

impl Wanted {
    fn frequency(&self) -> Frequency {
        match self.wants.as_deref() {
            Some("no") => Frequency::None,
            _ => self.frequency.unwrap_or(Frequency::AtOnce),
        }
    }
}

/// `POST /authors/{slug}/follow`
pub async fn follow(
    State(app): State<App>,
    reader: Reader,
    Path(slug): Path<String>,
    Form(wanted): Form<Wanted>,
) -> Result<Response> {
    let author = author::Entity::by_slug(&slug).one(&app.db).await?;
    let author = author.ok_or(Error::NotFound)?;
    let frequency = wanted.frequency();
    choosing::choose_signed_in(&app, &reader.account, author.id, frequency).await?;
    Ok(flash(&app, &format!("/authors/{slug}"), said(frequency)))
}

/// The sentence that answers a choice.
pub(super) fn said(frequency: Frequency) -> &'static str {
    match frequency {
        Frequency::AtOnce => "flash-following",
        Frequency::Daily => "flash-following-daily",
        Frequency::Weekly => "flash-following-weekly",
        Frequency::None => "flash-not-following",
    }
}

/// What a reader has said about an author's notices; `None` if nothing.
///
/// # Errors
/// If the database fails.
pub async fn wants(
    db: &impl ConnectionTrait,
    account: Uuid,
    author: Uuid,
) -> Result<Option<Frequency>, DbErr> {
    let row = following::Entity::find_by_id((account, author))
        .one(db)
        .await?;
    Ok(row.map(|row| row.frequency))
}
