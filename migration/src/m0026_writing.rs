//! Writing: versions of an article's text, its topics, a moment at which it opens, and what was withdrawn.

use sea_orm_migration::{prelude::*, schema::*};

use crate::{index, reference};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for mut column in [
            integer("version").default(0).take(),
            timestamp_with_time_zone_null("withdrawn_at"),
            timestamp_with_time_zone_null("opens_at"),
            string_null("opens_to"),
        ] {
            let mut alter = Table::alter();
            alter.table("article").add_column(&mut column);
            manager.alter_table(alter.to_owned()).await?;
        }
        manager
            .create_table(
                Table::create()
                    .table("article_version")
                    .col(pk_uuid("id"))
                    .col(uuid("article_id"))
                    .col(uuid_null("account_id"))
                    .col(string("kind"))
                    .col(integer("number"))
                    .col(string("title"))
                    .col(text("standfirst"))
                    .col(text("body_markdown"))
                    .col(timestamp_with_time_zone("created_at"))
                    .foreign_key(&mut reference(
                        "article_version",
                        "article_id",
                        "article",
                        ForeignKeyAction::Cascade,
                    ))
                    .foreign_key(&mut reference(
                        "article_version",
                        "account_id",
                        "account",
                        ForeignKeyAction::SetNull,
                    ))
                    .to_owned(),
            )
            .await?;
        index(manager, "article_version", &["article_id", "created_at"]).await?;
        // Whoever writes has one unsaved text of an article at most.
        manager
            .get_connection()
            .execute_unprepared(
                "CREATE UNIQUE INDEX article_version_unsaved \
                 ON article_version (article_id, account_id) WHERE kind = 'unsaved'",
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("article_tag")
                    .col(uuid("article_id"))
                    .col(string("slug"))
                    .col(string("name"))
                    .col(integer("position"))
                    .primary_key(Index::create().col("article_id").col("slug"))
                    .foreign_key(&mut reference(
                        "article_tag",
                        "article_id",
                        "article",
                        ForeignKeyAction::Cascade,
                    ))
                    .to_owned(),
            )
            .await?;
        index(manager, "article_tag", &["slug"]).await
    }
}
