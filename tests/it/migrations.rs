//! The schema that the migrations make is the one the entities know, on both databases.

use std::collections::BTreeSet;

use plaudit::entities;
use sea_orm::{
    ConnectionTrait, DbBackend, EntityTrait, FromQueryResult, IdenStatic as _, Iterable as _,
    Statement,
};

use crate::support::TestApp;

#[derive(FromQueryResult)]
struct Name {
    name: String,
}

async fn names(db: &impl ConnectionTrait, query: &str) -> BTreeSet<String> {
    let statement = Statement::from_string(db.get_database_backend(), query);
    let rows = Name::find_by_statement(statement).all(db).await;
    let rows = rows.expect("the schema");
    rows.into_iter().map(|row| row.name).collect()
}

async fn columns(db: &impl ConnectionTrait, table: &str) -> BTreeSet<String> {
    let query = match db.get_database_backend() {
        DbBackend::Postgres => format!(
            "SELECT column_name AS name FROM information_schema.columns \
             WHERE table_schema = 'public' AND table_name = '{table}'"
        ),
        _ => format!("SELECT name FROM pragma_table_info('{table}')"),
    };
    names(db, &query).await
}

async fn tables(db: &impl ConnectionTrait) -> BTreeSet<String> {
    let query = match db.get_database_backend() {
        DbBackend::Postgres => {
            "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'"
        }
        _ => "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
    };
    let mut tables = names(db, query).await;
    tables.remove("seaql_migrations");
    tables
}

/// Table and columns as an entity knows them.
fn known<E: EntityTrait + Default>() -> (String, BTreeSet<String>) {
    let columns = E::Column::iter().map(|column| column.as_str().to_owned());
    (E::default().table_name().to_owned(), columns.collect())
}

#[tokio::test]
async fn every_table_is_an_entity_with_just_its_columns() {
    let app = TestApp::start().await;
    let db = &app.app.db;
    let known = [
        known::<entities::account::Entity>(),
        known::<entities::article::Entity>(),
        known::<entities::article_author::Entity>(),
        known::<entities::article_tag::Entity>(),
        known::<entities::article_version::Entity>(),
        known::<entities::asked_mail::Entity>(),
        known::<entities::audit_entry::Entity>(),
        known::<entities::author::Entity>(),
        known::<entities::author_link::Entity>(),
        known::<entities::author_news::Entity>(),
        known::<entities::author_share::Entity>(),
        known::<entities::ban::Entity>(),
        known::<entities::checkout::Entity>(),
        known::<entities::comment::Entity>(),
        known::<entities::comment_mail::Entity>(),
        known::<entities::difference::Entity>(),
        known::<entities::digest_item::Entity>(),
        known::<entities::dispute::Entity>(),
        known::<entities::errand::Entity>(),
        known::<entities::following::Entity>(),
        known::<entities::grant::Entity>(),
        known::<entities::heart::Entity>(),
        known::<entities::house_rules::Entity>(),
        known::<entities::invitation::Entity>(),
        known::<entities::kept_place::Entity>(),
        known::<entities::known_device::Entity>(),
        known::<entities::ledger_entry::Entity>(),
        known::<entities::mail_report::Entity>(),
        known::<entities::membership::Entity>(),
        known::<entities::moderator::Entity>(),
        known::<entities::mute::Entity>(),
        known::<entities::movement::Entity>(),
        known::<entities::movement_tally::Entity>(),
        known::<entities::notice::Entity>(),
        known::<entities::outbox::Entity>(),
        known::<entities::payment::Entity>(),
        known::<entities::payment_tally::Entity>(),
        known::<entities::payout_account::Entity>(),
        known::<entities::picture::Entity>(),
        known::<entities::price::Entity>(),
        known::<entities::publication::Entity>(),
        known::<entities::reconciliation::Entity>(),
        known::<entities::reconciliation_seen::Entity>(),
        known::<entities::refund::Entity>(),
        known::<entities::report::Entity>(),
        known::<entities::session::Entity>(),
        known::<entities::site::Entity>(),
        known::<entities::slug_redirect::Entity>(),
        known::<entities::stripe_event::Entity>(),
        known::<entities::supporter::Entity>(),
        known::<entities::supporter_label::Entity>(),
        known::<entities::supporter_note::Entity>(),
        known::<entities::mail_stop::Entity>(),
        known::<entities::suppression::Entity>(),
        known::<entities::tier::Entity>(),
        known::<entities::tip::Entity>(),
        known::<entities::token::Entity>(),
        known::<entities::visibility::Entity>(),
    ];
    let tables_known: BTreeSet<String> = known.iter().map(|(table, _)| table.clone()).collect();
    assert_eq!(tables(db).await, tables_known);
    for (table, known) in known {
        assert_eq!(columns(db, &table).await, known, "{table}");
    }
}

#[tokio::test]
async fn migrating_again_changes_nothing() {
    let app = TestApp::start().await;
    let db = &app.app.db;
    assert_eq!(plaudit::db::pending_migrations(db).await.expect("asked"), 0);
    plaudit::db::migrate(db).await.expect("nothing to do");
    assert_eq!(plaudit::db::pending_migrations(db).await.expect("asked"), 0);
}
