//! Addresses that are not written to: for all mail or for notices alone, whoever's account they are.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("suppression")
                    .col(pk_uuid("id"))
                    .col(string("fingerprint"))
                    .col(string("purpose"))
                    .col(string("masked"))
                    .col(string_null("reason"))
                    .col(text("words"))
                    .col(integer("score"))
                    .col(timestamp_with_time_zone("scored_at"))
                    .col(timestamp_with_time_zone_null("suppressed_at"))
                    .col(timestamp_with_time_zone("created_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("suppression_once")
                    .table("suppression")
                    .col("fingerprint")
                    .col("purpose")
                    .unique()
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("suppression_newest")
                    .table("suppression")
                    .col("suppressed_at")
                    .to_owned(),
            )
            .await
    }
}
