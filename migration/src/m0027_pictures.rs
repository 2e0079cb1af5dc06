//! Pictures that authors upload, and the one an article has as its cover.

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
                    .table("picture")
                    .col(pk_uuid("id"))
                    .col(uuid("author_id"))
                    .col(string("path"))
                    .col(text("alt"))
                    .col(string("credit"))
                    .col(timestamp_with_time_zone("created_at"))
                    .foreign_key(&mut reference(
                        "picture",
                        "author_id",
                        "author",
                        ForeignKeyAction::Restrict,
                    ))
                    .to_owned(),
            )
            .await?;
        index(manager, "picture", &["author_id", "created_at"]).await?;
        manager
            .create_index(
                Index::create()
                    .name("picture_once")
                    .table("picture")
                    .col("author_id")
                    .col("path")
                    .unique()
                    .to_owned(),
            )
            .await?;
        for mut column in [
            string_null("cover"),
            text("cover_alt").default("").take(),
            string("cover_credit").default("").take(),
        ] {
            let mut alter = Table::alter();
            alter.table("article").add_column(&mut column);
            manager.alter_table(alter.to_owned()).await?;
        }
        Ok(())
    }
}
