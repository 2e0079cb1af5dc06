//! The roll of supporters as last reckoned, and every movement on it.

use sea_orm_migration::{prelude::*, schema::*};

use crate::{index, reference};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        supporters(manager).await?;
        movements(manager).await?;
        // What an author received in a span is added up from the index alone.
        let mut received = Index::create();
        received
            .name("payment_received")
            .table("payment")
            .col("author_id")
            .col("paid_at")
            .col("currency")
            .col("amount")
            .col("refunded")
            .col("tip_id");
        manager.create_index(received.to_owned()).await
    }
}

async fn supporters(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("supporter")
        .col(uuid("author_id"))
        .col(uuid("account_id"))
        .col(boolean("is_patron"))
        .col(string("standing"))
        .col(uuid_null("tier_id"))
        .col(big_integer_null("amount"))
        .col(string_null("currency"))
        .col(string_null("recurrence"))
        .col(big_integer("yearly"))
        .col(timestamp_with_time_zone("first_at"))
        .col(timestamp_with_time_zone_null("since"))
        .col(timestamp_with_time_zone_null("until"))
        .col(timestamp_with_time_zone_null("reckoned_at"))
        .primary_key(Index::create().col("author_id").col("account_id"))
        .foreign_key(&mut reference(
            "supporter",
            "account_id",
            "account",
            ForeignKeyAction::Cascade,
        ))
        .to_owned();
    manager.create_table(table).await?;
    index(manager, "supporter", &["account_id"]).await?;
    index(
        manager,
        "supporter",
        &["author_id", "first_at", "account_id"],
    )
    .await?;
    // For the numbers of a dashboard, from the index alone.
    let mut numbers = Index::create();
    numbers
        .name("supporter_numbers")
        .table("supporter")
        .col("author_id")
        .col("standing")
        .col("is_patron")
        .col("tier_id")
        .col("currency")
        .col("yearly");
    manager.create_index(numbers.to_owned()).await?;
    // Whose standing ends by the clock alone, and who has to be reckoned again.
    manager
        .get_connection()
        .execute_unprepared(
            "CREATE INDEX supporter_until ON supporter (until) WHERE is_patron; \
             CREATE INDEX supporter_stale ON supporter (account_id) WHERE reckoned_at IS NULL",
        )
        .await
        .map(drop)
}

async fn movements(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("movement")
        .col(pk_uuid("id"))
        .col(uuid("author_id"))
        .col(uuid("account_id"))
        .col(string("kind"))
        .col(integer("patrons"))
        .col(boolean("is_first"))
        .col(big_integer("yearly"))
        .col(string_null("currency"))
        .col(uuid_null("tier_id"))
        .col(uuid_null("article_id"))
        .col(string("cohort"))
        .col(string("day"))
        .col(timestamp_with_time_zone("at"))
        .to_owned();
    manager.create_table(table).await?;
    index(manager, "movement", &["account_id", "author_id"]).await?;
    let mut numbers = Index::create();
    numbers
        .name("movement_numbers")
        .table("movement")
        .col("author_id")
        .col("day")
        .col("kind")
        .col("patrons")
        .col("is_first")
        .col("currency")
        .col("yearly")
        .col("cohort")
        .col("article_id");
    manager.create_index(numbers.to_owned()).await
}
