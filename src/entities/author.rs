//! Somebody who publishes here, as readers see them.

use sea_orm::entity::prelude::*;

/// When an author hears of what happens around the support of readers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum, serde::Serialize)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Hears {
    AtOnce,
    /// In one letter, in the morning.
    Daily,
    Never,
}

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "author")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    #[sea_orm(unique)]
    pub account_id: Uuid,
    #[sea_orm(unique)]
    pub slug: String,
    pub name: String,
    /// Plain text.
    pub bio: String,
    /// Where the portrait is in the media store; see `media::Picture`.
    pub portrait: Option<String>,
    /// What the portrait shows; plain text.
    pub portrait_alt: String,
    /// The author's own sentence in the support call; plain text.
    pub support_words: Option<String>,
    /// What a new patron is told first; Markdown.
    pub welcome: Option<String>,
    pub hears: Hears,
    pub created_at: ChronoDateTimeUtc,
    #[sea_orm(belongs_to, from = "account_id", to = "id")]
    pub account: BelongsTo<super::account::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}

impl Entity {
    pub fn by_slug(slug: &str) -> Select<Self> {
        Self::find().filter(Column::Slug.eq(slug))
    }

    /// The author an account writes as.
    pub fn of_account(account: Uuid) -> Select<Self> {
        Self::find().filter(Column::AccountId.eq(account))
    }
}
