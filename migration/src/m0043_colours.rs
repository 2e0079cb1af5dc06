//! The publication's own paper and ink, beside its accent.

use sea_orm_migration::{prelude::*, schema::string_null};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // SQLite adds one column at a time.
        for name in ["paper", "ink"] {
            let mut alter = Table::alter();
            alter.table("publication").add_column(string_null(name));
            manager.alter_table(alter.to_owned()).await?;
        }
        Ok(())
    }
}
