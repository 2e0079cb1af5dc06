//! What an author writes down about a supporter; for his eyes alone.

use sea_orm::{QueryOrder, entity::prelude::*};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "supporter_note")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub author_id: Uuid,
    pub account_id: Uuid,
    /// Plain text.
    pub body: String,
    pub created_at: ChronoDateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

impl Entity {
    /// What this author noted about this reader, the newest first.
    pub fn between(account: Uuid, author: Uuid) -> Select<Self> {
        Self::find()
            .filter(Column::AuthorId.eq(author))
            .filter(Column::AccountId.eq(account))
            .order_by_desc(Column::Id)
    }
}
