//! What each payment was for, kept with it: as far as it is known, what its membership is now.

use sea_orm_migration::{prelude::*, schema::string_null};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut alter = Table::alter();
        alter
            .table("payment")
            .add_column(string_null("stripe_price_id"));
        manager.alter_table(alter.to_owned()).await?;
        let present = "UPDATE payment SET stripe_price_id = (SELECT price.stripe_price_id FROM membership \
                       JOIN price ON price.id = membership.price_id WHERE membership.id = payment.membership_id) \
                       WHERE stripe_invoice_id IS NOT NULL";
        manager.get_connection().execute_unprepared(present).await?;
        Ok(())
    }
}
