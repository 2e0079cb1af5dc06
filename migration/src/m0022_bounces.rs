//! What came back: reports on mail, each once; and how often an unproven address was written to.

use sea_orm_migration::{prelude::*, schema::*};

use crate::index;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let report = Table::create()
            .table("mail_report")
            .col(pk_uuid("id"))
            .col(uuid("outbox_id"))
            .col(string("kind"))
            .col(text("said"))
            .col(timestamp_with_time_zone("received_at"))
            .index(
                Index::create()
                    .unique()
                    .name("mail_report_once")
                    .col("outbox_id")
                    .col("kind"),
            )
            .to_owned();
        manager.create_table(report).await?;
        index(manager, "mail_report", &["received_at"]).await?;
        let asked = Table::create()
            .table("asked_mail")
            .col(string("address_hash"))
            .col(integer("slot"))
            .col(timestamp_with_time_zone("at"))
            .primary_key(Index::create().col("address_hash").col("slot"))
            .to_owned();
        manager.create_table(asked).await?;
        index(manager, "asked_mail", &["at"]).await
    }
}
