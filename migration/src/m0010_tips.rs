//! What a reader says with a tip.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["checkout", "tip"] {
            let mut alter = Table::alter();
            alter.table(table).add_column(text_null("message"));
            manager.alter_table(alter.to_owned()).await?;
        }
        Ok(())
    }
}
