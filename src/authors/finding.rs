//! An author by the name in an address, also by one they had before.

use sea_orm::{ConnectionTrait, DbErr, EntityTrait};

use crate::{
    entities::{author, slug_redirect::Kind},
    slugs,
};

/// Where an author is found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    Here(author::Model),
    /// Under this slug now.
    Moved(String),
}

/// Looks for `slug` among what authors are called and were called.
///
/// # Errors
/// If the database fails.
pub async fn find(db: &impl ConnectionTrait, slug: &str) -> Result<Option<Found>, DbErr> {
    if let Some(author) = author::Entity::by_slug(slug).one(db).await? {
        return Ok(Some(Found::Here(author)));
    }
    let Some(owner) = slugs::former_owner(db, Kind::Author, slug).await? else {
        return Ok(None);
    };
    let author = author::Entity::find_by_id(owner).one(db).await?;
    Ok(author.map(|author| Found::Moved(author.slug)))
}
