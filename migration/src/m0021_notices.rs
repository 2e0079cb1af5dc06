//! How often somebody hears of an author, and what waits for a letter of the day or the week.

use sea_orm_migration::{prelude::*, schema::*};

use crate::{index, reference};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        following(manager).await?;
        digest_item(manager).await?;
        // A fan-out goes through an author's people in the order of their ids.
        index(manager, "membership", &["author_id", "account_id"]).await?;
        index(manager, "tip", &["author_id", "account_id"]).await?;
        // How many of a notice's letters are sent, waiting or failed is counted from the index alone;
        // receipts and the like are in it no more.
        manager
            .get_connection()
            .execute_unprepared(
                "DROP INDEX outbox_notice_id; \
                 CREATE INDEX outbox_notice ON outbox (notice_id, state) \
                 WHERE notice_id IS NOT NULL",
            )
            .await
            .map(drop)
    }
}

async fn following(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    for column in [
        string("frequency").default("at_once").take(),
        string_null("previous"),
        uuid_null("left_article_id"),
    ] {
        let mut alter = Table::alter();
        alter.table("following").add_column(column);
        manager.alter_table(alter.to_owned()).await?;
    }
    manager
        .get_connection()
        .execute_unprepared(
            "UPDATE following SET frequency = 'none', previous = 'at_once' \
             WHERE NOT wants_notices; \
             CREATE INDEX following_left ON following (left_article_id) \
             WHERE left_article_id IS NOT NULL",
        )
        .await?;
    let mut alter = Table::alter();
    alter.table("following").drop_column("wants_notices");
    manager.alter_table(alter.to_owned()).await
}

/// An article somebody is told of by the letter of a day or a week: once, whichever it is.
async fn digest_item(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let table = Table::create()
        .table("digest_item")
        .col(uuid("article_id"))
        .col(uuid("account_id"))
        .col(string("frequency"))
        .col(timestamp_with_time_zone("due_at"))
        .col(uuid_null("digest_id"))
        .primary_key(Index::create().col("article_id").col("account_id"))
        .foreign_key(&mut reference(
            "digest_item",
            "article_id",
            "article",
            ForeignKeyAction::Cascade,
        ))
        .foreign_key(&mut reference(
            "digest_item",
            "account_id",
            "account",
            ForeignKeyAction::Cascade,
        ))
        .to_owned();
    manager.create_table(table).await?;
    index(manager, "digest_item", &["account_id"]).await?;
    manager
        .get_connection()
        .execute_unprepared(
            "CREATE INDEX digest_item_due ON digest_item (due_at, account_id) \
             WHERE digest_id IS NULL; \
             CREATE INDEX digest_item_digest ON digest_item (digest_id) \
             WHERE digest_id IS NOT NULL",
        )
        .await
        .map(drop)
}
