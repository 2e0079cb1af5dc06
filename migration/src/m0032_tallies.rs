//! What moved and what was paid, added up by the day, so that a dashboard reads days and not people.

use sea_orm_migration::{prelude::*, schema::*, sea_orm::DbBackend};

use crate::index;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let moved = Table::create()
            .table("movement_tally")
            .col(big_pk_auto("id"))
            .col(uuid("author_id"))
            .col(string("day"))
            .col(string("kind"))
            .col(string_null("currency"))
            .col(string("cohort"))
            .col(big_integer("yearly"))
            .col(big_integer("patrons"))
            .col(big_integer("firsts"))
            .col(big_integer("lost"))
            .to_owned();
        manager.create_table(moved).await?;
        index(manager, "movement_tally", &["author_id", "day"]).await?;
        let paid = Table::create()
            .table("payment_tally")
            .col(big_pk_auto("id"))
            .col(uuid("author_id"))
            .col(string("day"))
            .col(string("currency"))
            .col(big_integer("received"))
            .col(big_integer("tips"))
            .to_owned();
        manager.create_table(paid).await?;
        index(manager, "payment_tally", &["author_id", "day"]).await?;
        let day = match manager.get_database_backend() {
            DbBackend::Postgres => "to_char(paid_at AT TIME ZONE 'UTC', 'YYYY-MM-DD')",
            _ => "substr(paid_at, 1, 10)",
        };
        let so_far = format!(
            "INSERT INTO movement_tally \
                (author_id, day, kind, currency, cohort, yearly, patrons, firsts, lost) \
             SELECT author_id, day, kind, currency, cohort, \
                CAST(SUM(yearly) AS BIGINT), CAST(SUM(patrons) AS BIGINT), \
                COUNT(CASE WHEN is_first AND patrons > 0 THEN 1 END), \
                COUNT(CASE WHEN patrons < 0 THEN 1 END) \
             FROM movement GROUP BY author_id, day, kind, currency, cohort; \
             INSERT INTO payment_tally (author_id, day, currency, received, tips) \
             SELECT author_id, {day}, currency, CAST(SUM(amount) AS BIGINT), \
                CAST(SUM(CASE WHEN tip_id IS NULL THEN 0 ELSE amount END) AS BIGINT) \
             FROM payment GROUP BY author_id, {day}, currency"
        );
        // A few of one standing among many, and a reader's words of the last minute among everybody's.
        let few = ["author_id", "standing", "first_at", "account_id"];
        index(manager, "supporter", &few).await?;
        let hers = ["account_id", "article_id", "created_at"];
        index(manager, "comment", &hers).await?;
        let connection = manager.get_connection();
        connection.execute_unprepared(&so_far).await.map(drop)
    }
}
