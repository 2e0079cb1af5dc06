//! Tiers in several currencies, and amounts that readers choose above what a tier asks at least.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, column) in [("tier", "is_open_ended"), ("price", "is_chosen")] {
            let mut alter = Table::alter();
            alter
                .table(table)
                .add_column(boolean(column).default(false));
            manager.alter_table(alter.to_owned()).await?;
        }
        // In one go, so on one connection: another would not have seen yet that the index is gone.
        // At most one price of a tier is on sale for a recurrence and a currency; who chooses the
        // same amount shares its price.
        let connection = manager.get_connection();
        connection
            .execute_unprepared(
                "DROP INDEX price_on_sale; \
                 CREATE UNIQUE INDEX price_on_sale ON price (tier_id, recurrence, currency) \
                 WHERE retired_at IS NULL AND NOT is_chosen; \
                 CREATE UNIQUE INDEX price_chosen \
                 ON price (tier_id, recurrence, currency, amount) WHERE is_chosen",
            )
            .await
            .map(drop)
    }
}
