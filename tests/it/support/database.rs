//! A database for one test: an SQLite file, or a database of the PostgreSQL server that is named.
//!
//! The migrations run once; every test gets a copy of what they made.

use std::{path::Path, sync::Mutex};

use sea_orm::{ConnectionTrait as _, Database, DatabaseConnection, DbBackend};
use tempfile::TempDir;
use tokio::sync::OnceCell;
use uuid::Uuid;

/// Removed when dropped; PostgreSQL's when the next is made, or with their server.
pub struct TestDatabase {
    pub url: String,
    _folder: TempDir,
    name: Option<String>,
}

/// PostgreSQL databases whose tests are over.
static LEFT: Mutex<Vec<String>> = Mutex::new(Vec::new());

impl TestDatabase {
    pub async fn create() -> Self {
        let folder = folder();
        match postgres() {
            Some(server) => Self::on_postgres(&server, folder).await,
            None => Self::on_sqlite(folder).await,
        }
    }

    async fn on_sqlite(folder: TempDir) -> Self {
        static TEMPLATE: OnceCell<Vec<u8>> = OnceCell::const_new();
        let template = TEMPLATE.get_or_init(migrated_file).await;
        let file = folder.path().join("plaudit.db");
        std::fs::write(&file, template).expect("a database");
        Self {
            url: sqlite_url(&file),
            _folder: folder,
            name: None,
        }
    }

    async fn on_postgres(server: &str, folder: TempDir) -> Self {
        static TEMPLATE: OnceCell<String> = OnceCell::const_new();
        let template = TEMPLATE
            .get_or_init(|| migrated_database(server.to_owned()))
            .await;
        let admin = administrator(server).await;
        let left = std::mem::take(&mut *LEFT.lock().expect("the list"));
        for name in left {
            say(&admin, &format!("DROP DATABASE {name} WITH (FORCE)")).await;
        }
        let name = format!("test_{}", Uuid::now_v7().simple());
        say(
            &admin,
            &format!("CREATE DATABASE {name} TEMPLATE {template}"),
        )
        .await;
        admin.close().await.expect("closed");
        Self {
            url: server.replace("{}", &name),
            _folder: folder,
            name: Some(name),
        }
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if let (Some(name), Ok(mut left)) = (self.name.take(), LEFT.lock()) {
            left.push(name);
        }
    }
}

/// The server to use, with `{}` where the database's name goes.
pub fn postgres() -> Option<String> {
    std::env::var("PLAUDIT_TEST_POSTGRES").ok()
}

/// In memory where there is such a folder: what is tested is not the disk.
fn folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    tempfile::tempdir_in(memory)
        .or_else(|_| tempfile::tempdir())
        .expect("a folder")
}

fn sqlite_url(file: &Path) -> String {
    format!("sqlite://{}", file.display())
}

async fn migrated_file() -> Vec<u8> {
    let folder = folder();
    let file = folder.path().join("template.db");
    migrate(&sqlite_url(&file)).await;
    std::fs::read(&file).expect("the template")
}

async fn migrated_database(server: String) -> String {
    let name = format!("template_{}", Uuid::now_v7().simple());
    let admin = administrator(&server).await;
    say(&admin, &format!("CREATE DATABASE {name}")).await;
    admin.close().await.expect("closed");
    migrate(&server.replace("{}", &name)).await;
    name
}

/// The last connection to close leaves everything in the one file, and the database free to copy.
async fn migrate(url: &str) {
    let db = plaudit::db::connect(url).await.expect("the template");
    plaudit::db::migrate(&db).await.expect("the schema");
    db.close().await.expect("closed");
}

async fn administrator(server: &str) -> DatabaseConnection {
    Database::connect(server.replace("{}", "postgres"))
        .await
        .expect("the PostgreSQL server that PLAUDIT_TEST_POSTGRES names")
}

async fn say(admin: &DatabaseConnection, statement: &str) {
    admin.execute_unprepared(statement).await.expect(statement);
}

/// Takes away what keeps the ledger from being changed, for tests of what is found when somebody has done so.
pub async fn let_the_ledger_be_altered(db: &DatabaseConnection) {
    for trigger in ["ledger_entry_keeps_lines", "ledger_entry_keeps_all"] {
        let drop = match db.get_database_backend() {
            DbBackend::Postgres => format!("DROP TRIGGER IF EXISTS {trigger} ON ledger_entry"),
            _ => format!("DROP TRIGGER IF EXISTS {trigger}"),
        };
        say(db, &drop).await;
    }
}

/// Whether the tests run on PostgreSQL.
pub fn is_postgres() -> bool {
    postgres().is_some()
}
