//! Who may know that a reader supports an author: her own choice. Where there is none, the author alone.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Choice {
    /// Everybody: her name stands on the author's page, and a badge at her comments.
    Public,
    /// The author alone; he sees the badge at her comments, and so does she.
    #[default]
    Author,
    /// Nobody but who runs the publication and keeps its books.
    Secret,
}

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "visibility")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub author_id: Uuid,
    pub choice: Choice,
    pub updated_at: ChronoDateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

impl Entity {
    /// What readers chose towards this author.
    pub fn of(author: Uuid) -> Select<Self> {
        Self::find().filter(Column::AuthorId.eq(author))
    }
}
