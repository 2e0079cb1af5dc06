//! Letters: what they answer to, what authors wish to hear of at once or in the morning, and the devices
//! people have signed in from.

use sea_orm_migration::{prelude::*, schema::*};

use crate::{index, reference};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut outbox = Table::alter();
        outbox.table("outbox").add_column(text_null("thread"));
        manager.alter_table(outbox.to_owned()).await?;
        let mut author = Table::alter();
        author
            .table("author")
            .add_column(string("hears").default("at_once"));
        manager.alter_table(author.to_owned()).await?;
        author_news(manager).await?;
        known_device(manager).await
    }
}

/// What an author will read in the morning.
async fn author_news(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("author_news")
                .col(pk_uuid("id"))
                .col(string_uniq("key"))
                .col(uuid("author_id"))
                .col(string("kind"))
                .col(text("said"))
                .col(timestamp_with_time_zone("created_at"))
                .col(timestamp_with_time_zone_null("told_at"))
                .foreign_key(&mut reference(
                    "author_news",
                    "author_id",
                    "author",
                    ForeignKeyAction::Cascade,
                ))
                .to_owned(),
        )
        .await?;
    index(manager, "author_news", &["told_at", "author_id"]).await
}

/// Where somebody has signed in from: a hash of browser and network.
async fn known_device(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("known_device")
                .col(uuid("account_id"))
                .col(string("device_hash"))
                .col(timestamp_with_time_zone("first_seen_at"))
                .primary_key(Index::create().col("account_id").col("device_hash"))
                .foreign_key(&mut reference(
                    "known_device",
                    "account_id",
                    "account",
                    ForeignKeyAction::Cascade,
                ))
                .to_owned(),
        )
        .await
}
