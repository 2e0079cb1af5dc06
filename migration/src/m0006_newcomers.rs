//! Joining: the name a newcomer gave travels with her link; accounts are looked up by contact address.

use sea_orm_migration::{prelude::*, schema::*};

use crate::index;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut alter = Table::alter();
        alter.table("token").add_column(string_null("name"));
        manager.alter_table(alter.to_owned()).await?;
        index(manager, "account", &["contact_email"]).await
    }
}
