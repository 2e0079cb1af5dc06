//! A word an author sorts supporters by; for his eyes alone.

use sea_orm::{QueryOrder, entity::prelude::*};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "supporter_label")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub author_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub label: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: Uuid,
}

impl ActiveModelBehavior for ActiveModel {}

impl Entity {
    /// All this author gave, in the order of words.
    pub fn of(author: Uuid) -> Select<Self> {
        Self::find()
            .filter(Column::AuthorId.eq(author))
            .order_by_asc(Column::Label)
    }
}
