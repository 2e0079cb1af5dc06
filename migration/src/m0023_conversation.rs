//! The conversation grown up: replies to replies, hearts, picks, guests, and gates by tier and by time.

use sea_orm_migration::{prelude::*, schema::*};

use crate::{index, reference};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in [
            // The comment at the head of the thread; none for that one itself.
            uuid_null("thread_id"),
            uuid_null("deleted_by"),
            integer("hearts").default(0).take(),
            timestamp_with_time_zone_null("picked_at"),
            timestamp_with_time_zone_null("pinned_at"),
            // Who wrote it elsewhere, where no account here has proven the address.
            string_null("guest_name"),
            // What it was where it came from: `disqus:…`.
            string_null("origin"),
        ] {
            add(manager, "comment", column).await?;
        }
        for column in [text_null("gate_tiers"), integer_null("gate_days")] {
            add(manager, "article", column).await?;
        }
        let db = manager.get_connection();
        // Until now threads were one level deep.
        db.execute_unprepared("UPDATE comment SET thread_id = parent_id")
            .await?;
        let mut origin = Index::create();
        origin.name("comment_origin").table("comment").col("origin");
        manager.create_index(origin.unique().to_owned()).await?;
        manager
            .create_table(
                Table::create()
                    .table("heart")
                    .col(uuid("comment_id"))
                    .col(uuid("account_id"))
                    .col(timestamp_with_time_zone("created_at"))
                    .primary_key(Index::create().col("comment_id").col("account_id"))
                    .foreign_key(&mut reference(
                        "heart",
                        "comment_id",
                        "comment",
                        ForeignKeyAction::Cascade,
                    ))
                    .foreign_key(&mut reference(
                        "heart",
                        "account_id",
                        "account",
                        ForeignKeyAction::Cascade,
                    ))
                    .to_owned(),
            )
            .await?;
        index(manager, "heart", &["account_id"]).await
    }
}

/// Adds one column: SQLite takes no more at once.
pub(crate) async fn add(
    manager: &SchemaManager<'_>,
    table: &'static str,
    column: ColumnDef,
) -> Result<(), DbErr> {
    let mut alter = Table::alter();
    alter.table(table).add_column(column);
    manager.alter_table(alter.to_owned()).await
}
