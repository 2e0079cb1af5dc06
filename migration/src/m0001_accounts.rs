//! Who people are: accounts, their sessions, and the single-use tokens mailed to them.

use sea_orm_migration::{prelude::*, schema::*};

use crate::{index, reference};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("account")
                    .col(pk_uuid("id"))
                    .col(string_null("email").unique_key())
                    .col(string_null("contact_email"))
                    .col(string("name"))
                    .col(string("role"))
                    .col(string("language"))
                    .col(string_null("password_hash"))
                    .col(string_null("stripe_customer_id").unique_key())
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone_null("deleted_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("session")
                    .col(string("token_hash").primary_key())
                    .col(uuid("account_id"))
                    .col(string("user_agent"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone("last_seen_at"))
                    .col(timestamp_with_time_zone("expires_at"))
                    .foreign_key(&mut reference(
                        "session",
                        "account_id",
                        "account",
                        ForeignKeyAction::Cascade,
                    ))
                    .to_owned(),
            )
            .await?;
        index(manager, "session", &["account_id"]).await?;
        manager
            .create_table(
                Table::create()
                    .table("token")
                    .col(string("token_hash").primary_key())
                    .col(string("purpose"))
                    .col(uuid_null("account_id"))
                    .col(string_null("email"))
                    .col(string_null("return_to"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone("expires_at"))
                    .col(timestamp_with_time_zone_null("used_at"))
                    .foreign_key(&mut reference(
                        "token",
                        "account_id",
                        "account",
                        ForeignKeyAction::Cascade,
                    ))
                    .to_owned(),
            )
            .await?;
        index(manager, "token", &["account_id"]).await
    }
}
