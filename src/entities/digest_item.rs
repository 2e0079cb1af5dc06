//! An article somebody is told of by the letter of a day or a week: one row, so it is told once.

use sea_orm::entity::prelude::*;

use super::following::Frequency;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "digest_item")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub article_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: Uuid,
    /// Which letter it waits for: the daily or the weekly one.
    pub frequency: Frequency,
    pub due_at: ChronoDateTimeUtc,
    /// The row of the outbox that tells of it; `None` while it waits.
    pub digest_id: Option<Uuid>,
    #[sea_orm(belongs_to, from = "article_id", to = "id")]
    pub article: BelongsTo<super::article::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
