//! Keeping conversations civil: what is held, by which rules, who moderates, who is banned, what is reported.

use sea_orm_migration::{prelude::*, schema::*};

use crate::{index, m0023_conversation::add, reference};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in [
            timestamp_with_time_zone_null("held_at"),
            string_null("held_for"),
            timestamp_with_time_zone_null("approved_at"),
            // By the owner: the author cannot show it again.
            boolean("hidden_above").default(false).take(),
        ] {
            add(manager, "comment", column).await?;
        }
        let db = manager.get_connection();
        db.execute_unprepared(
            "UPDATE comment SET hidden_above = TRUE WHERE hidden_by IS NOT NULL AND hidden_by <> \
             (SELECT author.account_id FROM author JOIN article ON article.author_id = author.id \
             WHERE article.id = comment.article_id)",
        )
        .await?;
        db.execute_unprepared(
            "CREATE INDEX comment_held ON comment (held_at, id) WHERE held_at IS NOT NULL",
        )
        .await?;
        rules(manager).await?;
        people(manager).await?;
        reports(manager).await
    }
}

async fn rules(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    // The publication's own has the nil id, so there is no reference.
    let rules = Table::create()
        .table("house_rules")
        .col(pk_uuid("author_id"))
        .col(string("mode"))
        .col(text("hold"))
        .col(text("refuse"))
        .col(timestamp_with_time_zone("updated_at"))
        .to_owned();
    manager.create_table(rules).await
}

async fn people(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("moderator")
                .col(uuid("author_id"))
                .col(uuid("account_id"))
                .col(timestamp_with_time_zone("created_at"))
                .primary_key(Index::create().col("author_id").col("account_id"))
                .foreign_key(&mut reference(
                    "moderator",
                    "author_id",
                    "author",
                    ForeignKeyAction::Cascade,
                ))
                .foreign_key(&mut reference(
                    "moderator",
                    "account_id",
                    "account",
                    ForeignKeyAction::Cascade,
                ))
                .to_owned(),
        )
        .await?;
    index(manager, "moderator", &["account_id"]).await?;
    manager
        .create_table(
            Table::create()
                .table("ban")
                .col(pk_uuid("id"))
                // Nil: everywhere in the publication.
                .col(uuid("author_id"))
                .col(uuid("account_id"))
                .col(text("reason"))
                .col(timestamp_with_time_zone_null("until"))
                .col(uuid_null("banned_by"))
                .col(timestamp_with_time_zone("created_at"))
                .foreign_key(&mut reference(
                    "ban",
                    "account_id",
                    "account",
                    ForeignKeyAction::Cascade,
                ))
                .to_owned(),
        )
        .await?;
    let mut once = Index::create();
    once.name("ban_author_account").table("ban");
    once.col("author_id").col("account_id").unique();
    manager.create_index(once.to_owned()).await
}

async fn reports(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("report")
                .col(uuid("comment_id"))
                .col(uuid("account_id"))
                .col(text("reason"))
                .col(timestamp_with_time_zone("created_at"))
                .col(timestamp_with_time_zone_null("settled_at"))
                .primary_key(Index::create().col("comment_id").col("account_id"))
                .foreign_key(&mut reference(
                    "report",
                    "comment_id",
                    "comment",
                    ForeignKeyAction::Cascade,
                ))
                .foreign_key(&mut reference(
                    "report",
                    "account_id",
                    "account",
                    ForeignKeyAction::Cascade,
                ))
                .to_owned(),
        )
        .await?;
    manager
        .get_connection()
        .execute_unprepared(
            "CREATE INDEX report_open ON report (created_at, comment_id) WHERE settled_at IS NULL",
        )
        .await
        .map(drop)
}
