//! Delivery: which worker holds a mail, and why no mail is sent at all.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut outbox = Table::alter();
        outbox.table("outbox").add_column(uuid_null("worker"));
        manager.alter_table(outbox.to_owned()).await?;
        manager
            .create_table(
                Table::create()
                    .table("mail_stop")
                    .col(integer("id").primary_key())
                    .col(timestamp_with_time_zone("since"))
                    .col(text("why"))
                    .col(integer("probes"))
                    .col(timestamp_with_time_zone("probe_at"))
                    .to_owned(),
            )
            .await
    }
}
