//! The money for a renewal that failed, while it is on its way from a bank; and what a membership cost before, as long
//! as its reader has not been told of the change.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in [
            timestamp_with_time_zone_null("paying_since"),
            big_integer_null("paying_amount"),
            uuid_null("untold_price_id"),
        ] {
            let mut alter = Table::alter();
            alter.table("membership").add_column(column);
            manager.alter_table(alter.to_owned()).await?;
        }
        Ok(())
    }
}
