//! What a receipt says of a payment beside its amount: who paid, and with what.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in [
            string_null("payer_name"),
            string_null("payer_vat_id"),
            text_null("invoice_pdf_url"),
            string_null("method"),
            string_null("last4"),
            timestamp_with_time_zone_null("card_expires_at"),
        ] {
            let mut alter = Table::alter();
            alter.table("payment").add_column(column);
            manager.alter_table(alter.to_owned()).await?;
        }
        Ok(())
    }
}
