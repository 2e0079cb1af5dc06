//! The folder of .eml files that `mail.transport = file` fills.

use std::{io::ErrorKind, path::Path, time::SystemTime};

use super::letter::{self, Letter};

/// The names of all mails, the newest first. A folder that is not there yet holds none.
///
/// # Errors
/// If the folder cannot be read.
pub(super) async fn ids(folder: &Path) -> anyhow::Result<Vec<String>> {
    let folder = folder.to_owned();
    tokio::task::spawn_blocking(move || sorted(&folder)).await?
}

/// One mail; `None` if there is no such file, or none that could be a mail.
///
/// # Errors
/// If the file cannot be read.
pub(super) async fn read(folder: &Path, id: &str) -> anyhow::Result<Option<Letter>> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if id.is_empty() || !id.chars().all(is_name) {
        return Ok(None);
    }
    let file = folder.join(format!("{id}.eml"));
    match tokio::fs::read(file).await {
        Ok(bytes) => Ok(letter::parse(id, &bytes)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn sorted(folder: &Path) -> anyhow::Result<Vec<String>> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error.into()),
    };
    let mut mails: Vec<(SystemTime, String)> = Vec::new();
    for entry in entries {
        let entry = entry?;
        if let Some(id) = mail_name(&entry.path()) {
            mails.push((entry.metadata()?.modified()?, id));
        }
    }
    mails.sort_by(|a, b| b.cmp(a));
    Ok(mails.into_iter().map(|(_, id)| id).collect())
}

fn mail_name(path: &Path) -> Option<String> {
    let is_mail = path.extension().is_some_and(|ending| ending == "eml");
    is_mail.then(|| path.file_stem()?.to_str().map(str::to_owned))?
}
