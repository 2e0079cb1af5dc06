//! Why a membership gives nothing where that is not its reader's doing; and the place in a tier that is kept while
//! somebody changes to it.

use sea_orm_migration::{prelude::*, schema::*};

use crate::{index, reference};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut alter = Table::alter();
        alter
            .table("membership")
            .add_column(text_null("stopped_why"));
        manager.alter_table(alter.to_owned()).await?;
        let place = Table::create()
            .table("kept_place")
            .col(pk_uuid("membership_id"))
            .col(uuid("tier_id"))
            .col(timestamp_with_time_zone("until"))
            .foreign_key(&mut reference(
                "kept_place",
                "membership_id",
                "membership",
                ForeignKeyAction::Cascade,
            ))
            .foreign_key(&mut reference(
                "kept_place",
                "tier_id",
                "tier",
                ForeignKeyAction::Cascade,
            ))
            .to_owned();
        manager.create_table(place).await?;
        index(manager, "kept_place", &["tier_id"]).await
    }
}
