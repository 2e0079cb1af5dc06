//! Comparing with Stripe: each run, what it has seen, and where the two differ.

use sea_orm_migration::{prelude::*, schema::*};

use crate::reference;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("reconciliation")
                    .col(pk_uuid("id"))
                    .col(boolean("is_mending"))
                    .col(timestamp_with_time_zone_null("since"))
                    .col(string("stage"))
                    .col(string_null("cursor"))
                    .col(big_integer("compared").default(0))
                    .col(timestamp_with_time_zone("started_at"))
                    .col(timestamp_with_time_zone_null("locked_until"))
                    .col(timestamp_with_time_zone_null("finished_at"))
                    .col(text_null("error"))
                    .to_owned(),
            )
            .await?;
        let on_delete = ForeignKeyAction::Cascade;
        manager
            .create_table(
                Table::create()
                    .table("difference")
                    .col(pk_uuid("id"))
                    .col(uuid("reconciliation_id"))
                    .col(string("class"))
                    .col(string("subject"))
                    .col(text("ours"))
                    .col(text("theirs"))
                    .col(timestamp_with_time_zone_null("mended_at"))
                    .col(text_null("error"))
                    .foreign_key(&mut reference(
                        "difference",
                        "reconciliation_id",
                        "reconciliation",
                        on_delete,
                    ))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("reconciliation_seen")
                    .col(uuid("reconciliation_id"))
                    .col(string("subject"))
                    .primary_key(Index::create().col("reconciliation_id").col("subject"))
                    .foreign_key(&mut reference(
                        "reconciliation_seen",
                        "reconciliation_id",
                        "reconciliation",
                        on_delete,
                    ))
                    .to_owned(),
            )
            .await?;
        let db = manager.get_connection();
        db.execute_unprepared(
            "CREATE UNIQUE INDEX difference_once ON difference (reconciliation_id, class, subject)",
        )
        .await
        .map(drop)
    }
}
