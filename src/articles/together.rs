//! Writing an article with others.

use sea_orm::{
    ActiveValue::Set, ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter,
};
use uuid::Uuid;

use crate::entities::{article_author, site};

/// Puts the co-authors of an article down anew, in their order; the lead author is none of them.
///
/// # Errors
/// If one of them is unknown, or the database fails.
pub async fn write_together(
    tx: &DatabaseTransaction,
    article: Uuid,
    authors: &[Uuid],
) -> Result<(), DbErr> {
    article_author::Entity::delete_many()
        .filter(article_author::Column::ArticleId.eq(article))
        .exec(tx)
        .await?;
    let rows = authors.iter().zip(1..);
    let rows = rows.map(|(author, position)| article_author::ActiveModel {
        article_id: Set(article),
        author_id: Set(*author),
        position: Set(position),
    });
    if !authors.is_empty() {
        article_author::Entity::insert_many(rows)
            .exec_without_returning(tx)
            .await?;
    }
    site::Entity::touch(tx).await
}
