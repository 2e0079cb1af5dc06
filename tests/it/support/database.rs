//! A database for one test: an SQLite file, or a database of the PostgreSQL server that is named.

use sea_orm::{ConnectionTrait as _, Database};
use tempfile::TempDir;
use uuid::Uuid;

/// Removed when dropped (PostgreSQL's go with their server).
pub struct TestDatabase {
    pub url: String,
    _folder: Option<TempDir>,
}

impl TestDatabase {
    pub async fn create() -> Self {
        match std::env::var("PLAUDIT_TEST_POSTGRES") {
            Ok(server) => Self::on_postgres(&server).await,
            Err(_) => Self::on_sqlite(),
        }
    }

    fn on_sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("plaudit.db");
        Self {
            url: format!("sqlite://{}", file.display()),
            _folder: Some(folder),
        }
    }

    /// `server` is a URL with `{}` where the database's name goes.
    async fn on_postgres(server: &str) -> Self {
        let name = format!("test_{}", Uuid::now_v7().simple());
        let admin = Database::connect(server.replace("{}", "postgres"))
            .await
            .expect("the PostgreSQL server");
        admin
            .execute_unprepared(&format!("CREATE DATABASE {name}"))
            .await
            .expect("a database");
        admin.close().await.expect("closed");
        Self {
            url: server.replace("{}", &name),
            _folder: None,
        }
    }
}
