//! What a payment has bought, kept with it: a membership's tier may be another later. Of what was paid before this
//! the best that is known is what the membership costs now; a comparison with Stripe puts it right.

use sea_orm_migration::{prelude::*, schema::uuid_null};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut alter = Table::alter();
        alter.table("payment").add_column(uuid_null("price_id"));
        manager.alter_table(alter.to_owned()).await?;
        let filled = "UPDATE payment SET price_id = \
            (SELECT price_id FROM membership WHERE membership.id = payment.membership_id) \
            WHERE membership_id IS NOT NULL";
        let db = manager.get_connection();
        db.execute_unprepared(filled).await.map(drop)
    }
}
