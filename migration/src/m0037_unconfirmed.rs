//! The change that a reader has chosen and her bank wants her own word for.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in [
            uuid_null("unconfirmed_price_id"),
            timestamp_with_time_zone_null("unconfirmed_until"),
        ] {
            let mut alter = Table::alter();
            alter.table("membership").add_column(column);
            manager.alter_table(alter.to_owned()).await?;
        }
        Ok(())
    }
}
