//! What an author notes about a supporter, and who may know that somebody supports.

use sea_orm_migration::{prelude::*, schema::*};

use crate::{index, reference};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let note = Table::create()
            .table("supporter_note")
            .col(pk_uuid("id"))
            .col(uuid("author_id"))
            .col(uuid("account_id"))
            .col(text("body"))
            .col(timestamp_with_time_zone("created_at"))
            .foreign_key(&mut of_account("supporter_note"))
            .to_owned();
        manager.create_table(note).await?;
        index(manager, "supporter_note", &["author_id", "account_id"]).await?;
        let label = Table::create()
            .table("supporter_label")
            .col(uuid("author_id"))
            .col(uuid("account_id"))
            .col(string("label"))
            .primary_key(
                Index::create()
                    .col("author_id")
                    .col("label")
                    .col("account_id"),
            )
            .foreign_key(&mut of_account("supporter_label"))
            .to_owned();
        manager.create_table(label).await?;
        index(manager, "supporter_label", &["account_id"]).await?;
        let visibility = Table::create()
            .table("visibility")
            .col(uuid("account_id"))
            .col(uuid("author_id"))
            .col(string("choice"))
            .col(timestamp_with_time_zone("updated_at"))
            .primary_key(Index::create().col("account_id").col("author_id"))
            .foreign_key(&mut of_account("visibility"))
            .to_owned();
        manager.create_table(visibility).await?;
        index(manager, "visibility", &["author_id", "choice"]).await
    }
}

fn of_account(table: &'static str) -> ForeignKeyCreateStatement {
    reference(table, "account_id", "account", ForeignKeyAction::Cascade)
}
