//! Whether Stripe lets a payment be given back that its payer's bank asks about.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut alter = Table::alter();
        // Those that are open are seen to by the next comparison.
        let mut column = boolean("is_refundable");
        alter
            .table("dispute")
            .add_column(column.default(false).to_owned());
        manager.alter_table(alter.to_owned()).await
    }
}
