//! The conversation under an article, and who wants to hear of the next one.

use sea_orm_migration::{prelude::*, schema::*};

use crate::{index, reference};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("comment")
                    .col(pk_uuid("id"))
                    .col(uuid("article_id"))
                    .col(uuid("account_id"))
                    .col(uuid_null("parent_id"))
                    .col(text("body_markdown"))
                    .col(text("body_html"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone_null("edited_at"))
                    .col(timestamp_with_time_zone_null("deleted_at"))
                    .col(timestamp_with_time_zone_null("hidden_at"))
                    .col(uuid_null("hidden_by"))
                    .foreign_key(&mut reference(
                        "comment",
                        "article_id",
                        "article",
                        ForeignKeyAction::Cascade,
                    ))
                    .foreign_key(&mut reference(
                        "comment",
                        "account_id",
                        "account",
                        ForeignKeyAction::Restrict,
                    ))
                    .to_owned(),
            )
            .await?;
        index(manager, "comment", &["article_id", "created_at"]).await?;
        index(manager, "comment", &["account_id"]).await?;
        manager
            .create_table(
                Table::create()
                    .table("following")
                    .col(uuid("account_id"))
                    .col(uuid("author_id"))
                    .col(boolean("wants_notices"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone("updated_at"))
                    .primary_key(Index::create().col("account_id").col("author_id"))
                    .foreign_key(&mut reference(
                        "following",
                        "account_id",
                        "account",
                        ForeignKeyAction::Cascade,
                    ))
                    .foreign_key(&mut reference(
                        "following",
                        "author_id",
                        "author",
                        ForeignKeyAction::Cascade,
                    ))
                    .to_owned(),
            )
            .await?;
        index(manager, "following", &["author_id", "account_id"]).await
    }
}
