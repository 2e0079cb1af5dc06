//! Memberships nobody pays for month by month: bought for somebody, or given by the house.

use sea_orm_migration::{prelude::*, schema::*};

use crate::{index, reference};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("membership_grant")
            .col(pk_uuid("id"))
            .col(uuid_null("account_id"))
            .col(uuid("author_id"))
            .col(uuid("tier_id"))
            .col(string("origin"))
            .col(uuid_null("buyer_id"))
            .col(uuid_null("checkout_id").unique_key())
            .col(integer_null("months"))
            .col(string_null("recipient_name"))
            .col(string_null("recipient_email"))
            .col(text_null("message"))
            .col(string("language"))
            .col(timestamp_with_time_zone_null("send_at"))
            .col(integer("sends").default(0))
            .col(string("token_hash").unique_key())
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone_null("ready_at"))
            .col(timestamp_with_time_zone_null("claimed_at"))
            .col(timestamp_with_time_zone_null("starts_at"))
            .col(timestamp_with_time_zone_null("ends_at"))
            .col(timestamp_with_time_zone_null("revoked_at"))
            .col(string_null("revoked_why"))
            .col(integer("stage").default(0))
            .col(timestamp_with_time_zone_null("due_at"))
            .foreign_key(&mut reference(
                "membership_grant",
                "account_id",
                "account",
                ForeignKeyAction::Restrict,
            ))
            .foreign_key(&mut reference(
                "membership_grant",
                "buyer_id",
                "account",
                ForeignKeyAction::Restrict,
            ))
            .to_owned();
        manager.create_table(table).await?;
        index(manager, "membership_grant", &["account_id", "author_id"]).await?;
        index(manager, "membership_grant", &["author_id", "created_at"]).await?;
        index(manager, "membership_grant", &["buyer_id"]).await?;
        index(manager, "membership_grant", &["due_at"]).await?;
        let mut alter = Table::alter();
        alter.table("payment").add_column(uuid_null("grant_id"));
        manager.alter_table(alter.to_owned()).await
    }
}
