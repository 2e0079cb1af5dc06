//! A picture that an author has uploaded.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "picture")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub author_id: Uuid,
    /// Where it is in the media store; see `media::Picture`. Once an author.
    pub path: String,
    /// What it shows; plain text.
    pub alt: String,
    /// Who made it; plain text.
    pub credit: String,
    pub created_at: ChronoDateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

impl Entity {
    /// An author's.
    pub fn of(author: Uuid) -> Select<Self> {
        Self::find().filter(Column::AuthorId.eq(author))
    }
}
