//! The owner's view: an audit log, the clock's skew, and indices for looking through events.

use sea_orm_migration::{prelude::*, schema::*};

use crate::index;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // No reference to the account: what was done stays written, whoever leaves.
        manager
            .create_table(
                Table::create()
                    .table("audit_entry")
                    .col(pk_uuid("id"))
                    .col(timestamp_with_time_zone("at"))
                    .col(uuid_null("account_id"))
                    .col(string("act"))
                    .col(string("subject"))
                    .col(text("detail"))
                    .to_owned(),
            )
            .await?;
        index(manager, "audit_entry", &["subject"]).await?;
        index(manager, "audit_entry", &["at"]).await?;
        let mut alter = Table::alter();
        alter
            .table("site")
            .add_column(big_integer_null("clock_skew"));
        manager.alter_table(alter.to_owned()).await?;
        index(manager, "stripe_event", &["received_at", "id"]).await?;
        index(manager, "stripe_event", &["state", "received_at", "id"]).await?;
        index(manager, "stripe_event", &["object_id"]).await?;
        manager
            .get_connection()
            .execute_unprepared(
                "CREATE INDEX membership_flag ON membership (flag) WHERE flag IS NOT NULL",
            )
            .await
            .map(drop)
    }
}
