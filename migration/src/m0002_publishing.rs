//! What is published: authors, articles, the slugs they once had, and the site's own counters.

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
                    .table("author")
                    .col(pk_uuid("id"))
                    .col(uuid_uniq("account_id"))
                    .col(string_uniq("slug"))
                    .col(string("name"))
                    .col(text("bio"))
                    .col(string_null("portrait"))
                    .col(text_null("support_words"))
                    .col(timestamp_with_time_zone("created_at"))
                    .foreign_key(&mut reference(
                        "author",
                        "account_id",
                        "account",
                        ForeignKeyAction::Restrict,
                    ))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("article")
                    .col(pk_uuid("id"))
                    .col(uuid("author_id"))
                    .col(string_uniq("slug"))
                    .col(string("title"))
                    .col(text("standfirst"))
                    .col(text("body_markdown"))
                    .col(text("body_html"))
                    .col(text("excerpt"))
                    .col(string("audience"))
                    .col(string("gate"))
                    .col(integer("reading_minutes"))
                    .col(timestamp_with_time_zone_null("published_at"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone("updated_at"))
                    .foreign_key(&mut reference(
                        "article",
                        "author_id",
                        "author",
                        ForeignKeyAction::Restrict,
                    ))
                    .to_owned(),
            )
            .await?;
        index(manager, "article", &["author_id", "published_at"]).await?;
        index(manager, "article", &["published_at"]).await?;
        manager
            .create_table(
                Table::create()
                    .table("slug_redirect")
                    .col(string("kind"))
                    .col(string("slug"))
                    .col(uuid("target_id"))
                    .col(timestamp_with_time_zone("created_at"))
                    .primary_key(Index::create().col("kind").col("slug"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("site")
                    .col(integer("id").primary_key())
                    .col(big_integer("revision"))
                    .col(big_integer("last_receipt"))
                    .to_owned(),
            )
            .await?;
        manager
            .execute(
                Query::insert()
                    .into_table("site")
                    .columns(["id", "revision", "last_receipt"])
                    .values_panic([1.into(), 0_i64.into(), 0_i64.into()])
                    .to_owned(),
            )
            .await
    }
}
