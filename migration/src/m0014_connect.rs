//! Authors who are paid directly: their account at Stripe, and what of a payment was sent on to it.

use sea_orm_migration::{prelude::*, schema::*};

use crate::reference;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("payout_account")
                    .col(uuid("author_id").primary_key().to_owned())
                    .col(string_null("stripe_account_id").unique_key().to_owned())
                    .col(string_null("former_account_id"))
                    .col(integer("generation").default(0))
                    .col(boolean("charges_enabled").default(false))
                    .col(boolean("payouts_enabled").default(false))
                    .col(string_null("transfers"))
                    .col(boolean("details_submitted").default(false))
                    .col(text("due").default(""))
                    .col(string_null("disabled_reason"))
                    .col(timestamp_with_time_zone_null("linked_at"))
                    .col(big_integer("version").default(0))
                    .col(timestamp_with_time_zone("updated_at"))
                    .foreign_key(&mut reference(
                        "payout_account",
                        "author_id",
                        "author",
                        ForeignKeyAction::Restrict,
                    ))
                    .to_owned(),
            )
            .await?;
        for column in [
            string_null("stripe_transfer_id"),
            big_integer("transfer_reversed").default(0).to_owned(),
            big_integer("fee_refunded").default(0).to_owned(),
        ] {
            let mut alter = Table::alter();
            alter.table("payment").add_column(column);
            manager.alter_table(alter.to_owned()).await?;
        }
        Ok(())
    }
}
