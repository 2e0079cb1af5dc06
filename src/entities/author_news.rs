//! What an author will read about in the morning, once.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "author_news")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// What it is about, once: the key of the letter that would have said it at once.
    #[sea_orm(unique)]
    pub key: String,
    pub author_id: Uuid,
    /// The folder under `templates/emails/` of that letter.
    pub kind: String,
    /// Its values, as JSON.
    pub said: String,
    pub created_at: ChronoDateTimeUtc,
    pub told_at: Option<ChronoDateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
