//! Refunds, disputes and the ledger; calls to Stripe that must not be forgotten; one membership that counts.

use sea_orm_migration::{prelude::*, schema::*};

use crate::{index, reference};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        columns(manager).await?;
        one_current(manager).await?;
        given_back(manager).await?;
        ledger(manager).await?;
        errands(manager).await
    }
}

async fn columns(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    for (table, column) in [
        (
            "membership",
            boolean("is_current").default(false).to_owned(),
        ),
        ("membership", string_null("collection_paused")),
        ("membership", timestamp_with_time_zone_null("paused_at")),
        ("payment", string_null("stripe_charge_id")),
        ("payment", big_integer("tax").default(0).to_owned()),
        ("account", string_null("billing_email")),
    ] {
        let mut alter = Table::alter();
        alter.table(table).add_column(column);
        manager.alter_table(alter.to_owned()).await?;
    }
    manager
        .get_connection()
        .execute_unprepared(
            "CREATE UNIQUE INDEX payment_stripe_charge_id ON payment (stripe_charge_id)",
        )
        .await
        .map(drop)
}

/// Of several between the same two the oldest counts, as it did before.
async fn one_current(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let db = manager.get_connection();
    db.execute_unprepared(
        "UPDATE membership SET is_current = TRUE \
         WHERE state IN ('trial', 'active', 'cancelling', 'grace') AND flag IS NULL \
         AND NOT EXISTS (SELECT 1 FROM membership AS older \
           WHERE older.account_id = membership.account_id \
           AND older.author_id = membership.author_id \
           AND older.state IN ('trial', 'active', 'cancelling', 'grace') \
           AND older.flag IS NULL AND older.id < membership.id)",
    )
    .await?;
    db.execute_unprepared(
        "CREATE UNIQUE INDEX membership_current ON membership (account_id, author_id) \
         WHERE is_current",
    )
    .await?;
    Ok(())
}

async fn given_back(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut refund = Table::create();
    refund
        .table("refund")
        .col(pk_uuid("id"))
        .col(uuid("payment_id"))
        .col(string_uniq("stripe_refund_id"))
        .col(big_integer("amount"))
        .col(string("currency"))
        .col(string("state"))
        .col(string_null("reason"))
        .col(timestamp_with_time_zone("refunded_at"));
    let mut dispute = Table::create();
    dispute
        .table("dispute")
        .col(pk_uuid("id"))
        .col(uuid("payment_id"))
        .col(string_uniq("stripe_dispute_id"))
        .col(big_integer("amount"))
        .col(string("currency"))
        .col(string("state"))
        .col(string_null("reason"))
        .col(timestamp_with_time_zone("opened_at"))
        .col(timestamp_with_time_zone_null("closed_at"));
    for (name, mut table) in [("refund", refund), ("dispute", dispute)] {
        let on_delete = ForeignKeyAction::Restrict;
        table.foreign_key(&mut reference(name, "payment_id", "payment", on_delete));
        manager.create_table(table).await?;
        index(manager, name, &["payment_id"]).await?;
    }
    Ok(())
}

async fn ledger(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let on_delete = ForeignKeyAction::Restrict;
    manager
        .create_table(
            Table::create()
                .table("ledger_entry")
                .col(pk_uuid("id"))
                .col(string("group_key"))
                .col(string("kind"))
                .col(string("account"))
                .col(uuid("author_id"))
                .col(uuid("payment_id"))
                .col(big_integer("amount"))
                .col(string("currency"))
                .col(timestamp_with_time_zone("at"))
                .foreign_key(&mut reference(
                    "ledger_entry",
                    "payment_id",
                    "payment",
                    on_delete,
                ))
                .to_owned(),
        )
        .await?;
    index(manager, "ledger_entry", &["author_id", "at"]).await?;
    index(manager, "ledger_entry", &["payment_id"]).await?;
    manager
        .get_connection()
        .execute_unprepared(
            "CREATE UNIQUE INDEX ledger_entry_once ON ledger_entry (group_key, account)",
        )
        .await?;
    manager
        .create_table(
            Table::create()
                .table("author_share")
                .col(pk_uuid("id"))
                .col(uuid("author_id"))
                .col(integer("basis_points"))
                .col(timestamp_with_time_zone("since"))
                .foreign_key(&mut reference(
                    "author_share",
                    "author_id",
                    "author",
                    ForeignKeyAction::Restrict,
                ))
                .to_owned(),
        )
        .await?;
    index(manager, "author_share", &["author_id", "since"]).await
}

async fn errands(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("errand")
                .col(pk_uuid("id"))
                .col(string_uniq("key"))
                .col(string("kind"))
                .col(string("subject"))
                .col(string("state"))
                .col(integer("attempts").default(0))
                .col(timestamp_with_time_zone("run_at"))
                .col(timestamp_with_time_zone_null("locked_until"))
                .col(text_null("error"))
                .col(timestamp_with_time_zone("created_at"))
                .col(timestamp_with_time_zone_null("done_at"))
                .to_owned(),
        )
        .await?;
    index(manager, "errand", &["state", "run_at"]).await
}
