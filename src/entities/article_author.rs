//! Who wrote an article together with its lead author, `article.author_id`.

use sea_orm::{QueryOrder as _, QuerySelect as _, QueryTrait as _, entity::prelude::*};

use super::{article, author};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "article_author")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub article_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub author_id: Uuid,
    /// In the order they are named, from 1.
    pub position: i32,
    #[sea_orm(belongs_to, from = "author_id", to = "id")]
    pub author: BelongsTo<author::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}

impl Entity {
    /// The rows of an article, as its co-authors are named.
    pub fn of(article: Uuid) -> Select<Self> {
        Self::find()
            .filter(Column::ArticleId.eq(article))
            .order_by_asc(Column::Position)
    }

    /// The articles an author wrote, alone, as lead or with others: a condition on the `article` table.
    pub fn written_by(author: Uuid) -> sea_orm::Condition {
        let with_others = Self::find()
            .select_only()
            .column(Column::ArticleId)
            .filter(Column::AuthorId.eq(author));
        sea_orm::Condition::any()
            .add(article::Column::AuthorId.eq(author))
            .add(article::Column::Id.in_subquery(with_others.into_query()))
    }
}
