//! An address elsewhere that an author names as their own.

use sea_orm::{QueryOrder, entity::prelude::*};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "author_link")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub author_id: Uuid,
    /// From 0, in the author's order.
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i32,
    /// Plain text.
    pub label: String,
    /// `https://…`
    pub address: String,
}

impl ActiveModelBehavior for ActiveModel {}

impl Entity {
    /// An author's, in their order.
    pub fn of(author: Uuid) -> Select<Self> {
        Self::find()
            .filter(Column::AuthorId.eq(author))
            .order_by_asc(Column::Position)
    }
}
