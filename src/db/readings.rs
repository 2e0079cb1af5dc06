//! What was read of the database, kept for as long as nothing in it changes.
//!
//! A page that knows its reader must not show what was true a moment ago. So whoever asks learns first
//! which state the database is in: SQLite counts the commits of others (`data_version`), and two of
//! PostgreSQL's snapshots that read alike see alike. In the same state as before, what was read before
//! is what a query would find now. All who come while one such question is under way share the
//! next, so that a crowd costs little more than one reader does.

use std::{
    any::Any,
    collections::HashMap,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
};

use sea_orm::{
    ConnectionTrait as _, DatabaseConnection, DbBackend, DbErr, RuntimeErr, Statement,
    sqlx::{self, Connection as _, SqliteConnection},
};
use tokio::sync::Mutex;

use super::is_postgres;

/// How much is kept at most; then all of it is forgotten.
const MOST: usize = 4_000;

/// See the module.
pub struct Readings {
    db: DatabaseConnection,
    url: String,
    /// How many questions have begun.
    begun: AtomicU64,
    last: Mutex<Asked>,
    kept: RwLock<Kept>,
}

/// A state of the database: as it was at some moment after [`Readings::now`] was called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Seen(u64);

/// The last answer.
#[derive(Default)]
struct Asked {
    /// SQLite's count means something on one connection alone, which must never write.
    line: Option<SqliteConnection>,
    /// Which question it answered.
    question: u64,
    words: String,
    state: u64,
}

#[derive(Default)]
struct Kept {
    state: u64,
    by_key: HashMap<String, Arc<dyn Any + Send + Sync>>,
}

impl Readings {
    pub fn new(db: &DatabaseConnection, url: &str) -> Self {
        Self {
            db: db.clone(),
            url: url.to_owned(),
            begun: AtomicU64::default(),
            last: Mutex::default(),
            kept: RwLock::default(),
        }
    }

    /// The state the database is in, asked after this was called.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn now(&self) -> Result<Seen, DbErr> {
        let wanted = self.begun.load(Ordering::Acquire) + 1;
        let mut last = self.last.lock().await;
        if last.question >= wanted {
            return Ok(Seen(last.state));
        }
        let question = self.begun.fetch_add(1, Ordering::AcqRel) + 1;
        let words = match self.ask(&mut last.line).await {
            Ok(words) => words,
            Err(error) => {
                // Another connection counts anew: what is kept must not seem to hold.
                last.line = None;
                last.words.clear();
                return Err(error);
            }
        };
        if last.words != words {
            last.words = words;
            last.state += 1;
            let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
            *kept = Kept {
                state: last.state,
                by_key: HashMap::new(),
            };
        }
        last.question = question;
        Ok(Seen(last.state))
    }

    async fn ask(&self, line: &mut Option<SqliteConnection>) -> Result<String, DbErr> {
        if is_postgres(&self.db) {
            let words = "SELECT pg_current_snapshot()::text";
            let question = Statement::from_string(DbBackend::Postgres, words);
            let row = self.db.query_one_raw(question).await?;
            let row = row.ok_or_else(|| DbErr::RecordNotFound(words.to_owned()))?;
            return row.try_get_by_index(0);
        }
        let line = match line {
            Some(line) => line,
            None => line.insert(SqliteConnection::connect(&self.url).await.map_err(away)?),
        };
        let commits: i64 = sqlx::query_scalar("PRAGMA data_version")
            .fetch_one(line)
            .await
            .map_err(away)?;
        Ok(commits.to_string())
    }

    /// What is kept under `key`, or else what `read` finds now, which is kept.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn read<T: Any + Send + Sync>(
        &self,
        seen: Seen,
        key: &str,
        read: impl Future<Output = Result<T, DbErr>>,
    ) -> Result<Arc<T>, DbErr> {
        if let Some(found) = self.find(seen, key) {
            return Ok(found);
        }
        let found = Arc::new(read.await?);
        let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        // What was read in a newer state is not what the older one has.
        if kept.state == seen.0 {
            if kept.by_key.len() >= MOST {
                kept.by_key.clear();
            }
            kept.by_key.insert(key.to_owned(), found.clone());
        }
        Ok(found)
    }

    fn find<T: Any + Send + Sync>(&self, seen: Seen, key: &str) -> Option<Arc<T>> {
        let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner);
        let found = kept.by_key.get(key).filter(|_| kept.state >= seen.0)?;
        found.clone().downcast().ok()
    }
}

fn away(error: sqlx::Error) -> DbErr {
    DbErr::Conn(RuntimeErr::SqlxError(error.into()))
}
