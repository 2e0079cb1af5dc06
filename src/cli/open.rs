//! Opening the service's parts for a command.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use rand::RngCore as _;
use sea_orm::DatabaseConnection;

use super::Failure;
use crate::{
    app::App,
    clock::Clock,
    config::{self, Config},
    db, telemetry,
};

/// Reads the configuration and starts logging.
pub(super) fn config(file: Option<&Path>) -> Result<Config, Failure> {
    let config = config::load(file).map_err(|faults| Failure::Usage(faults.to_string()))?;
    telemetry::init(&config.log);
    Ok(config)
}

/// Opens the database, making the folder of an SQLite file.
pub(super) async fn database(config: &Config) -> anyhow::Result<DatabaseConnection> {
    if let Some(folder) = data_folder(config) {
        std::fs::create_dir_all(&folder)
            .with_context(|| format!("could not make {}", folder.display()))?;
    }
    db::connect(&config.database.url)
        .await
        .context("could not open the database")
}

/// Everything, on a schema that is up to date.
pub(super) async fn app(file: Option<&Path>) -> Result<App, Failure> {
    let mut config = config(file)?;
    let db = database(&config).await?;
    if config.database.migrate_on_start {
        db::migrate(&db).await.context("could not migrate")?;
    } else if db::pending_migrations(&db).await.context("migrations")? > 0 {
        return Err(Failure::Failed(anyhow::anyhow!(
            "the database's schema is older than this program; run `plaudit migrate`"
        )));
    }
    if config.secrets.key.is_empty() {
        config.secrets.key = kept_key(&key_file(&config))?;
    }
    telemetry::handle();
    let app = App::new(config, db, Clock::default())?;
    let read = app.house.refresh(&app.db).await;
    read.context("could not read what the owner says of the publication")?;
    Ok(app)
}

/// The SQLite file, where that is the database.
pub(super) fn sqlite_file(config: &Config) -> Option<PathBuf> {
    let path = config.database.url.strip_prefix("sqlite:")?;
    let path = path.strip_prefix("//").unwrap_or(path);
    path.split('?').next().map(PathBuf::from)
}

/// The folder of the SQLite file.
fn data_folder(config: &Config) -> Option<PathBuf> {
    sqlite_file(config)?.parent().map(Path::to_owned)
}

fn key_file(config: &Config) -> PathBuf {
    let folder = data_folder(config).unwrap_or_else(|| PathBuf::from("data"));
    folder.join("secret.key")
}

/// The key the service made itself; none where the configuration names one.
pub(super) fn own_key(config: &Config) -> anyhow::Result<Option<String>> {
    let file = key_file(config);
    let own = config.secrets.key.is_empty() && file.exists();
    own.then(|| kept_key(&file)).transpose()
}

/// Puts `key` in the place of the one the service made itself.
pub(super) fn keep_key(config: &Config, key: &str) -> anyhow::Result<()> {
    let file = key_file(config);
    if own_key(config)?.as_deref() == Some(key) {
        return Ok(());
    }
    if file.exists() {
        std::fs::rename(&file, file.with_extension("key.before"))?;
    }
    Ok(write_private(&file, key)?)
}

/// The key kept in `file`, made on first start and readable by its owner alone.
pub(super) fn kept_key(file: &Path) -> anyhow::Result<String> {
    if let Ok(key) = std::fs::read_to_string(file) {
        return Ok(key.trim().to_owned());
    }
    let mut bytes = [0; 32];
    rand::rng().fill_bytes(&mut bytes);
    let key = hex::encode(bytes);
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)?;
    }
    write_private(file, &key).with_context(|| format!("could not write {}", file.display()))?;
    Ok(key)
}

fn write_private(file: &Path, text: &str) -> std::io::Result<()> {
    use std::{io::Write as _, os::unix::fs::OpenOptionsExt as _};
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true).mode(0o600);
    options.open(file)?.write_all(text.as_bytes())
}
