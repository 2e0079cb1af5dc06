//! Mail about comments: what is still to be told, who wants to hear it, and which threads are muted.

use sea_orm_migration::{prelude::*, schema::*};

use crate::{m0023_conversation::add, reference};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Set while somebody may have to hear of it; the worker takes it away.
        add(
            manager,
            "comment",
            timestamp_with_time_zone_null("telling_at"),
        )
        .await?;
        manager
            .get_connection()
            .execute_unprepared(
                "CREATE INDEX comment_telling ON comment (telling_at) WHERE telling_at IS NOT NULL",
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("comment_mail")
                    .col(pk_uuid("account_id"))
                    .col(boolean("replies"))
                    .col(string("own_articles"))
                    .col(timestamp_with_time_zone_null("digest_at"))
                    .foreign_key(&mut reference(
                        "comment_mail",
                        "account_id",
                        "account",
                        ForeignKeyAction::Cascade,
                    ))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("mute")
                    .col(uuid("account_id"))
                    .col(uuid("thread_id"))
                    .col(timestamp_with_time_zone("created_at"))
                    .primary_key(Index::create().col("account_id").col("thread_id"))
                    .foreign_key(&mut reference(
                        "mute",
                        "account_id",
                        "account",
                        ForeignKeyAction::Cascade,
                    ))
                    .foreign_key(&mut reference(
                        "mute",
                        "thread_id",
                        "comment",
                        ForeignKeyAction::Cascade,
                    ))
                    .to_owned(),
            )
            .await
    }
}
