//! `plaudit backup` and `plaudit restore`: an SQLite site in one file, taken while it runs.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, anyhow, bail, ensure};
use sea_orm::{ConnectionTrait as _, DatabaseConnection, DbBackend, Statement};

use super::{Failure, open, out::say};
use crate::{config::Config, db};

/// In the copy alone: the key that signs links, where the service made it itself.
const KEY_TABLE: &str = "backup_secret";

/// Writes a consistent copy to `file`, which must not be there yet.
pub(super) async fn backup(config: Option<&Path>, file: &Path) -> Result<(), Failure> {
    let config = open::config(config)?;
    let from = sqlite_file(&config)?;
    if !from.exists() {
        return Err(anyhow!("there is no database at {}", from.display()).into());
    }
    if file.exists() {
        return Err(anyhow!("{} is there already; nothing was written", file.display()).into());
    }
    let part = beside(file, "part");
    remove(&part)?;
    let copied = copy(&config, &part).await;
    if let Err(error) = copied.and_then(|()| settle(&part, file)) {
        remove(&part)?;
        return Err(error.into());
    }
    let size = fs::metadata(file).context("the copy")?.len();
    say!("{} holds the whole site, {size} bytes", file.display())?;
    Ok(())
}

async fn copy(config: &Config, to: &Path) -> anyhow::Result<()> {
    let db = open::database(config).await?;
    let path = to.to_str().context("the path is not text")?;
    let copy = Statement::from_sql_and_values(DbBackend::Sqlite, "VACUUM INTO ?", [path.into()]);
    db.execute_raw(copy).await.context("could not copy")?;
    db.close().await?;
    let Some(key) = open::own_key(config)? else {
        return Ok(());
    };
    let copy = db::connect_alone(&url(to)).await?;
    say(&copy, &format!("CREATE TABLE {KEY_TABLE} (key TEXT)")).await?;
    let insert = format!("INSERT INTO {KEY_TABLE} VALUES (?)");
    let insert = Statement::from_sql_and_values(DbBackend::Sqlite, insert, [key.into()]);
    copy.execute_raw(insert).await?;
    leave_wal(&copy).await?;
    Ok(copy.close().await?)
}

/// Puts a copy in the place of the database. The old one stays beside it.
pub(super) async fn restore(config: Option<&Path>, file: &Path) -> Result<(), Failure> {
    let config = open::config(config)?;
    let place = sqlite_file(&config)?;
    if let Some(folder) = place.parent() {
        fs::create_dir_all(folder).context("the data folder")?;
    }
    let part = beside(&place, "restoring");
    remove(&part)?;
    let old = match bring(&config, file, &place, &part).await {
        Ok(old) => old,
        Err(error) => {
            remove(&part)?;
            return Err(error.into());
        }
    };
    say!("{} is in place", file.display())?;
    if let Some(old) = old {
        say!("the database that was there is kept as {}", old.display())?;
    }
    Ok(())
}

/// Checks a copy of the copy, frees the place, moves in. Returns where the old database went.
async fn bring(
    config: &Config,
    file: &Path,
    place: &Path,
    part: &Path,
) -> anyhow::Result<Option<PathBuf>> {
    fs::copy(file, part).with_context(|| format!("could not read {}", file.display()))?;
    let key = examine(part)
        .await
        .with_context(|| format!("{} is not a backup of Plaudit", file.display()))?;
    let old = clear(place).await?;
    settle(part, place)?;
    if let (Some(key), true) = (key, config.secrets.key.is_empty()) {
        open::keep_key(config, &key)?;
    }
    Ok(old)
}

/// Whether the copy is whole and ours. Takes out the key it may hold.
async fn examine(copy: &Path) -> anyhow::Result<Option<String>> {
    let db = db::connect_alone(&url(copy)).await?;
    let verdict = text(&db, "PRAGMA integrity_check").await?;
    ensure!(verdict.as_deref() == Some("ok"), "the file is damaged");
    let table = |name: &str| {
        format!("SELECT name FROM sqlite_master WHERE type = 'table' AND name = '{name}'")
    };
    ensure!(
        text(&db, &table("membership")).await?.is_some(),
        "it has no memberships"
    );
    let mut key = None;
    if text(&db, &table(KEY_TABLE)).await?.is_some() {
        key = text(&db, &format!("SELECT key FROM {KEY_TABLE}")).await?;
        say(&db, &format!("DROP TABLE {KEY_TABLE}")).await?;
    }
    leave_wal(&db).await?;
    db.close().await?;
    Ok(key)
}

/// Moves what is in the place out of it, unless somebody uses it.
async fn clear(place: &Path) -> anyhow::Result<Option<PathBuf>> {
    if !place.exists() {
        return Ok(None);
    }
    let db = db::connect_alone(&url(place)).await?;
    leave_wal(&db)
        .await
        .context("the database is in use; stop the service first")?;
    db.close().await?;
    let number = (1..).find(|number| !beside(place, &format!("before-{number}")).exists());
    let old = beside(place, &format!("before-{}", number.unwrap_or_default()));
    fs::rename(place, &old).context("the old database")?;
    Ok(Some(old))
}

/// Back to one file. SQLite refuses while anybody else has the database open.
async fn leave_wal(db: &DatabaseConnection) -> anyhow::Result<()> {
    say(db, "PRAGMA busy_timeout = 500").await?;
    let mode = text(db, "PRAGMA journal_mode = DELETE").await?;
    ensure!(mode.as_deref() == Some("delete"), "it is still in use");
    Ok(())
}

async fn say(db: &DatabaseConnection, sql: &str) -> anyhow::Result<()> {
    db.execute_unprepared(sql).await?;
    Ok(())
}

async fn text(db: &DatabaseConnection, sql: &str) -> anyhow::Result<Option<String>> {
    let statement = Statement::from_string(DbBackend::Sqlite, sql);
    let row = db.query_one_raw(statement).await?;
    Ok(row.map(|row| row.try_get_by_index(0)).transpose()?)
}

/// On disk under its last name.
fn settle(part: &Path, file: &Path) -> anyhow::Result<()> {
    File::open(part)?.sync_all()?;
    fs::rename(part, file)?;
    let folder = match file.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    Ok(File::open(folder)?.sync_all()?)
}

fn sqlite_file(config: &Config) -> anyhow::Result<PathBuf> {
    match open::sqlite_file(config) {
        Some(file) => Ok(file),
        None => bail!("the database is PostgreSQL: use pg_dump and pg_restore"),
    }
}

fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    name.into()
}

fn remove(file: &Path) -> anyhow::Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

fn url(file: &Path) -> String {
    format!("sqlite://{}", file.display())
}
