//! Authors who wrote an article together with the one it is filed under.

use sea_orm_migration::{prelude::*, schema::*};

use crate::{index, reference};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("article_author")
            .col(uuid("article_id"))
            .col(uuid("author_id"))
            .col(integer("position"))
            .primary_key(Index::create().col("article_id").col("author_id"))
            .foreign_key(&mut reference(
                "article_author",
                "article_id",
                "article",
                ForeignKeyAction::Cascade,
            ))
            .foreign_key(&mut reference(
                "article_author",
                "author_id",
                "author",
                ForeignKeyAction::Cascade,
            ))
            .to_owned();
        manager.create_table(table).await?;
        index(manager, "article_author", &["author_id", "article_id"]).await
    }
}
