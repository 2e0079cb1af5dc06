//! Mail: notices of new articles, and the outbox every mail leaves through.

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
                    .table("notice")
                    .col(pk_uuid("id"))
                    .col(uuid_uniq("article_id"))
                    .col(uuid("author_id"))
                    .col(text("rendered"))
                    .col(string("state"))
                    .col(uuid_null("cursor"))
                    .col(big_integer("queued"))
                    .col(timestamp_with_time_zone_null("locked_until"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone_null("finished_at"))
                    .foreign_key(&mut reference(
                        "notice",
                        "article_id",
                        "article",
                        ForeignKeyAction::Cascade,
                    ))
                    .to_owned(),
            )
            .await?;
        index(manager, "notice", &["state"]).await?;
        manager
            .create_table(
                Table::create()
                    .table("outbox")
                    .col(pk_uuid("id"))
                    .col(string_uniq("key"))
                    .col(string("kind"))
                    .col(uuid_null("account_id"))
                    .col(uuid_null("notice_id"))
                    .col(string_null("variant"))
                    .col(string("to_address"))
                    .col(string("to_name"))
                    .col(string("language"))
                    .col(text("subject"))
                    .col(text("body_text"))
                    .col(text("body_html"))
                    .col(string("state"))
                    .col(integer("priority"))
                    .col(integer("attempts"))
                    .col(timestamp_with_time_zone("run_at"))
                    .col(timestamp_with_time_zone_null("locked_until"))
                    .col(text_null("error"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone_null("sent_at"))
                    .to_owned(),
            )
            .await?;
        index(manager, "outbox", &["state", "priority", "run_at"]).await?;
        index(manager, "outbox", &["account_id"]).await?;
        index(manager, "outbox", &["notice_id"]).await
    }
}
