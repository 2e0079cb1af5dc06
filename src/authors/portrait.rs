//! An author's portrait: a square of the media store.

use sea_orm::{ActiveModelTrait as _, ActiveValue::Set, DbErr, EntityTrait, QuerySelect as _};
use uuid::Uuid;

use crate::{
    app::App,
    db,
    entities::{author, site},
    media::{Picture, Refused, Shape},
    tidying,
};

/// The longest words about what a portrait shows, in characters.
pub const LONGEST_ALT: usize = 200;

/// Why a portrait was not kept; the one before stays.
#[derive(Debug, thiserror::Error)]
pub enum PortraitError {
    #[error("what is said of the portrait is longer than {LONGEST_ALT} characters")]
    WordsTooLong,
    #[error(transparent)]
    Refused(#[from] Refused),
    #[error("there is no such author")]
    NotFound,
    #[error(transparent)]
    Db(#[from] DbErr),
}

impl PortraitError {
    /// The catalogue key of the sentence that says so; `None` for what is no one's doing.
    pub fn key(&self) -> Option<&'static str> {
        match self {
            Self::WordsTooLong => Some("authors-portrait-words-too-long"),
            Self::Refused(refused) => refused.key(),
            Self::NotFound | Self::Db(_) => None,
        }
    }
}

/// Gives an author a portrait. Without a file, the words of the one there is change.
///
/// # Errors
/// If the file is no picture, or there is neither a file nor a portrait, or the words are too long.
pub async fn set_portrait(
    app: &App,
    author: Uuid,
    file: Vec<u8>,
    alt: &str,
) -> Result<(), PortraitError> {
    let alt = tidying::line(alt);
    if alt.chars().count() > LONGEST_ALT {
        return Err(PortraitError::WordsTooLong);
    }
    // First the file, then the row that speaks of it.
    let path = match file.is_empty() {
        true => None,
        false => Some(app.media.take(file, Shape::Portrait).await?.path(None)),
    };
    let tx = db::begin(&app.db).await?;
    let locked = author::Entity::find_by_id(author).lock_exclusive();
    let row = locked.one(&tx).await?.ok_or(PortraitError::NotFound)?;
    let path = path.or_else(|| row.portrait.clone());
    let path = path.ok_or(Refused::Missing)?;
    let mut row: author::ActiveModel = row.into();
    row.portrait = Set(Some(path));
    row.portrait_alt = Set(alt);
    row.update(&tx).await?;
    site::Entity::touch(&tx).await?;
    Ok(tx.commit().await?)
}

/// Takes an author's portrait away; the letter of the name stands in its place.
///
/// # Errors
/// If the database fails.
pub async fn remove_portrait(app: &App, author: Uuid) -> Result<(), DbErr> {
    let tx = db::begin(&app.db).await?;
    let row = author::ActiveModel {
        id: Set(author),
        portrait: Set(None),
        portrait_alt: Set(String::new()),
        ..Default::default()
    };
    row.update(&tx).await?;
    site::Entity::touch(&tx).await?;
    tx.commit().await
}

/// Where readers find the portrait, if there is one.
pub fn portrait(author: &author::Model) -> Option<String> {
    let picture = Picture::parse(author.portrait.as_deref()?)?;
    Some(picture.address(None))
}
