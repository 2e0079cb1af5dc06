//! Changing a membership: why she leaves, and what comes next.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in [
            string_null("cancel_reason"),
            text_null("cancel_words"),
            // No reference: SQLite cannot add one to a table that stands.
            uuid_null("next_price_id"),
            timestamp_with_time_zone_null("next_at"),
        ] {
            let mut alter = Table::alter();
            alter.table("membership").add_column(column);
            manager.alter_table(alter.to_owned()).await?;
        }
        Ok(())
    }
}
