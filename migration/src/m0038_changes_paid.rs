//! Which membership a Checkout is to change, one whose change is paid from a bank account; and what a discount leaves
//! of a membership's next charge.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut alter = Table::alter();
        alter.table("checkout");
        alter.add_column(uuid_null("membership_id"));
        manager.alter_table(alter.to_owned()).await?;
        super::index(manager, "checkout", &["membership_id"]).await?;
        let mut alter = Table::alter();
        alter.table("membership").add_column(json_null("discount"));
        manager.alter_table(alter.to_owned()).await
    }
}
