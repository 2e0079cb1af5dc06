//! A topic an article is about, as its author named it.

use sea_orm::{QueryOrder, entity::prelude::*};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "article_tag")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub article_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub slug: String,
    pub name: String,
    /// From 0, in the order they were typed.
    pub position: i32,
}

impl ActiveModelBehavior for ActiveModel {}

impl Entity {
    /// An article's, in its author's order.
    pub fn of(article: Uuid) -> Select<Self> {
        Self::find()
            .filter(Column::ArticleId.eq(article))
            .order_by_asc(Column::Position)
    }
}
