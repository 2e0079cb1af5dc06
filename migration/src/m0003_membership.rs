//! Support for authors: tiers and prices, checkouts, memberships, tips, payments, and Stripe's events.

use sea_orm_migration::{prelude::*, schema::*};

use crate::{index, reference};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        on_sale(manager).await?;
        support(manager).await?;
        money(manager).await?;
        events(manager).await
    }
}

async fn on_sale(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("tier")
                .col(pk_uuid("id"))
                .col(uuid("author_id"))
                .col(string("name"))
                .col(text("description"))
                .col(string("currency"))
                .col(integer_null("trial_days"))
                .col(integer("position"))
                .col(string_null("stripe_product_id").unique_key())
                .col(timestamp_with_time_zone("created_at"))
                .col(timestamp_with_time_zone_null("archived_at"))
                .foreign_key(&mut reference(
                    "tier",
                    "author_id",
                    "author",
                    ForeignKeyAction::Restrict,
                ))
                .to_owned(),
        )
        .await?;
    index(manager, "tier", &["author_id"]).await?;
    manager
        .create_table(
            Table::create()
                .table("price")
                .col(pk_uuid("id"))
                .col(uuid("tier_id"))
                .col(string("recurrence"))
                .col(big_integer("amount"))
                .col(string("currency"))
                .col(string_null("stripe_price_id").unique_key())
                .col(timestamp_with_time_zone("created_at"))
                .col(timestamp_with_time_zone_null("retired_at"))
                .foreign_key(&mut reference(
                    "price",
                    "tier_id",
                    "tier",
                    ForeignKeyAction::Restrict,
                ))
                .to_owned(),
        )
        .await?;
    index(manager, "price", &["tier_id"]).await?;
    // At most one price of a tier is on sale for a recurrence.
    manager
        .get_connection()
        .execute_unprepared(
            "CREATE UNIQUE INDEX price_on_sale ON price (tier_id, recurrence) \
             WHERE retired_at IS NULL",
        )
        .await
        .map(drop)
}

async fn support(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("checkout")
                .col(pk_uuid("id"))
                .col(uuid_null("account_id"))
                .col(uuid("author_id"))
                .col(uuid_null("tier_id"))
                .col(uuid_null("price_id"))
                .col(uuid_null("article_id"))
                .col(string("kind"))
                .col(big_integer("amount"))
                .col(string("currency"))
                .col(string("language"))
                .col(string("state"))
                .col(string_null("stripe_session_id").unique_key())
                .col(string_null("stripe_customer_id"))
                .col(timestamp_with_time_zone("created_at"))
                .col(timestamp_with_time_zone_null("completed_at"))
                .to_owned(),
        )
        .await?;
    index(manager, "checkout", &["account_id"]).await?;
    manager
        .create_table(
            Table::create()
                .table("membership")
                .col(pk_uuid("id"))
                .col(uuid("account_id"))
                .col(uuid("author_id"))
                .col(uuid("tier_id"))
                .col(uuid("price_id"))
                .col(uuid_null("checkout_id"))
                .col(uuid_null("article_id"))
                .col(string("state"))
                .col(big_integer("amount"))
                .col(string("currency"))
                .col(string("recurrence"))
                .col(string_uniq("stripe_subscription_id"))
                .col(string("stripe_customer_id"))
                .col(string("stripe_status"))
                .col(timestamp_with_time_zone_null("current_period_start"))
                .col(timestamp_with_time_zone_null("current_period_end"))
                .col(timestamp_with_time_zone_null("cancel_at"))
                .col(timestamp_with_time_zone_null("past_due_since"))
                .col(timestamp_with_time_zone_null("next_attempt_at"))
                .col(timestamp_with_time_zone_null("started_at"))
                .col(timestamp_with_time_zone_null("ended_at"))
                .col(string_null("flag"))
                .col(big_integer("generation"))
                .col(timestamp_with_time_zone("created_at"))
                .col(timestamp_with_time_zone("updated_at"))
                .foreign_key(&mut reference(
                    "membership",
                    "account_id",
                    "account",
                    ForeignKeyAction::Restrict,
                ))
                .foreign_key(&mut reference(
                    "membership",
                    "author_id",
                    "author",
                    ForeignKeyAction::Restrict,
                ))
                .to_owned(),
        )
        .await?;
    index(manager, "membership", &["account_id", "author_id"]).await?;
    index(manager, "membership", &["author_id", "state"]).await?;
    index(manager, "membership", &["stripe_customer_id"]).await
}

async fn money(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("tip")
                .col(pk_uuid("id"))
                .col(uuid("account_id"))
                .col(uuid("author_id"))
                .col(uuid_uniq("checkout_id"))
                .col(uuid_null("article_id"))
                .col(big_integer("amount"))
                .col(string("currency"))
                .col(string("state"))
                .col(timestamp_with_time_zone("paid_at"))
                .col(timestamp_with_time_zone_null("patron_until"))
                .foreign_key(&mut reference(
                    "tip",
                    "account_id",
                    "account",
                    ForeignKeyAction::Restrict,
                ))
                .to_owned(),
        )
        .await?;
    index(manager, "tip", &["account_id", "author_id"]).await?;
    index(manager, "tip", &["author_id", "paid_at"]).await?;
    manager
        .create_table(
            Table::create()
                .table("payment")
                .col(pk_uuid("id"))
                .col(big_integer("number").unique_key())
                .col(uuid("account_id"))
                .col(uuid("author_id"))
                .col(uuid_null("membership_id"))
                .col(uuid_null("tip_id"))
                .col(big_integer("amount"))
                .col(big_integer("refunded"))
                .col(string("currency"))
                .col(string_null("stripe_invoice_id").unique_key())
                .col(string_null("stripe_payment_intent_id").unique_key())
                .col(text_null("hosted_invoice_url"))
                .col(timestamp_with_time_zone_null("period_start"))
                .col(timestamp_with_time_zone_null("period_end"))
                .col(timestamp_with_time_zone("paid_at"))
                .foreign_key(&mut reference(
                    "payment",
                    "account_id",
                    "account",
                    ForeignKeyAction::Restrict,
                ))
                .to_owned(),
        )
        .await?;
    index(manager, "payment", &["account_id"]).await?;
    index(manager, "payment", &["author_id", "paid_at"]).await?;
    index(manager, "payment", &["membership_id"]).await
}

async fn events(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("stripe_event")
                .col(string("id").primary_key())
                .col(string("kind"))
                .col(string_null("object_kind"))
                .col(string_null("object_id"))
                .col(boolean("livemode"))
                .col(string_null("api_version"))
                .col(string_null("account"))
                .col(timestamp_with_time_zone("created_at"))
                .col(text("body"))
                .col(string("state"))
                .col(integer("attempts"))
                .col(timestamp_with_time_zone("run_at"))
                .col(timestamp_with_time_zone_null("locked_until"))
                .col(text_null("error"))
                .col(timestamp_with_time_zone("received_at"))
                .col(timestamp_with_time_zone_null("done_at"))
                .to_owned(),
        )
        .await?;
    index(manager, "stripe_event", &["state", "run_at"]).await
}
