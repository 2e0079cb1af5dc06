//! The database: opening it, migrating it, and the one way to begin a writing transaction.

mod readings;
mod search;

use migration::{Migrator, MigratorTrait};
use sea_orm::{
    ConnectOptions, Database, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr,
    SqliteTransactionMode, TransactionOptions, TransactionTrait,
};
use std::time::Duration;

pub use readings::{Readings, Seen};
pub use search::{contains, folded};

/// Opens the database named by `url` (`sqlite://…` or `postgres://…`).
///
/// SQLite runs in WAL mode with `synchronous=FULL`: what was acknowledged survives a power cut.
pub async fn connect(url: &str) -> Result<DatabaseConnection, DbErr> {
    let mut options = ConnectOptions::new(url.to_owned());
    options
        .sqlx_logging(false)
        .acquire_timeout(Duration::from_secs(5))
        .test_before_acquire(false);
    if url.starts_with("sqlite:") {
        options.max_connections(4).map_sqlx_sqlite_opts(|sqlite| {
            sqlite
                .create_if_missing(true)
                .foreign_keys(true)
                .busy_timeout(Duration::from_secs(10))
                .pragma("journal_mode", "WAL")
                .pragma("synchronous", "FULL")
                .pragma("cache_size", "-6000")
                .pragma("temp_store", "MEMORY")
        });
    } else {
        options
            .max_connections(16)
            .test_before_acquire_if_idle_for(Duration::from_secs(5));
    }
    Database::connect(options).await
}

/// Opens an SQLite database over one connection, in the journal mode it has.
pub async fn connect_alone(url: &str) -> Result<DatabaseConnection, DbErr> {
    let mut options = ConnectOptions::new(url.to_owned());
    options.sqlx_logging(false).max_connections(1);
    Database::connect(options).await
}

/// Applies every migration that is still pending: all of them or, should one fail or the machine
/// stop, none.
pub async fn migrate(db: &DatabaseConnection) -> Result<(), DbErr> {
    let tx = begin(db).await?;
    Migrator::up(&tx, None).await?;
    tx.commit().await
}

/// How many migrations are still to be applied.
pub async fn pending_migrations(db: &DatabaseConnection) -> Result<usize, DbErr> {
    Ok(Migrator::get_pending_migrations(db).await?.len())
}

/// Begins a transaction that may write.
///
/// On SQLite it takes the write lock at once (`BEGIN IMMEDIATE`), because upgrading a read lock
/// fails instead of waiting. On PostgreSQL it is an ordinary one: whoever reads before writing
/// takes a row lock or checks a generation.
pub async fn begin(db: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    #[expect(clippy::disallowed_methods, reason = "the one place that begins")]
    db.begin_with_options(TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    })
    .await
}

/// Whether this is PostgreSQL, for the few statements that differ.
pub fn is_postgres(db: &impl sea_orm::ConnectionTrait) -> bool {
    db.get_database_backend() == DbBackend::Postgres
}
