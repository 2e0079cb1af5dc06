//! Who has asked for a comparison with Stripe, so that what it mends is written down as that person's.

use sea_orm_migration::{prelude::*, schema::uuid_null};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut alter = Table::alter();
        alter
            .table("reconciliation")
            .add_column(uuid_null("begun_by"));
        manager.alter_table(alter.to_owned()).await
    }
}
