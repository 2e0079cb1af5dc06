//! `plaudit comments export` and `plaudit comments import`.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use clap::{Subcommand, ValueEnum};

use super::{Failure, out::say};
use crate::{
    app::App,
    comments::{self, Format, Imported},
};

#[derive(Subcommand)]
pub(super) enum Comments {
    /// Write all comments into one JSON file (`-`: to stdout). It holds e-mail addresses.
    Export { file: PathBuf },
    /// Bring comments in; what was brought in before is not brought in again.
    Import {
        /// `-` reads from stdin.
        file: PathBuf,
        #[arg(long, value_enum, default_value = "plaudit")]
        format: From,
        /// What became of it, as JSON.
        #[arg(long)]
        json: bool,
    },
}

/// Whose file it is.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum From {
    /// Our own export.
    Plaudit,
    /// WordPress' export (WXR).
    Wxr,
    /// Disqus' XML export.
    Disqus,
    /// Isso's SQLite database.
    Isso,
    /// Remark42's backup.
    Remark42,
}

/// Runs one of these commands.
pub(super) async fn run(app: &App, command: Comments) -> Result<(), Failure> {
    match command {
        Comments::Export { file } => Ok(export(app, &file).await?),
        Comments::Import { file, format, json } => {
            let format = match format {
                From::Plaudit => Format::Plaudit,
                From::Wxr => Format::Wxr,
                From::Disqus => Format::Disqus,
                From::Isso => Format::Isso,
                From::Remark42 => Format::Remark42,
            };
            let imported = comments::import(app, &file, format).await?;
            answer(&imported, json)
        }
    }
}

async fn export(app: &App, file: &Path) -> anyhow::Result<()> {
    let text = comments::export(app).await?;
    if file.as_os_str() == "-" {
        let mut out = std::io::stdout().lock();
        out.write_all(text.as_bytes())?;
        return Ok(out.write_all(b"\n")?);
    }
    let about = || file.display().to_string();
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(file).with_context(about)?;
    file.write_all(text.as_bytes()).with_context(about)?;
    file.sync_all().with_context(about)
}

fn answer(imported: &Imported, json: bool) -> Result<(), Failure> {
    if json {
        let text = serde_json::to_string_pretty(imported).context("JSON")?;
        say!("{text}")?;
    } else {
        tell(imported)?;
    }
    if imported.is_homeless() {
        let many = imported.unknown_articles.len();
        let missing = anyhow::anyhow!(
            "no comment was brought in: none of {} in this file is here. An article is found by the \
             last part of its address: bring them in with that as their slug (plaudit article import), then do this again",
            counted(many, "article")
        );
        return Err(missing.into());
    }
    Ok(())
}

fn tell(imported: &Imported) -> anyhow::Result<()> {
    let hearts = counted(imported.hearts, "heart");
    say!(
        "{} brought in ({} by readers here, {} by guests), with {hearts}; {} here already, {} left out",
        counted(imported.added, "comment"),
        imported.by_readers,
        imported.by_guests,
        imported.known,
        imported.skipped
    )?;
    if imported.accounts_made > 0 {
        say!(
            "accounts made: {}, without a mail or a password; whoever signs in by a link to the address has it",
            imported.accounts_made
        )?;
    }
    if imported.of_the_house > 0 {
        say!(
            "bans, reports, mutes and lists of words: {} of the file are here; who moderates is appointed anew",
            imported.of_the_house
        )?;
    }
    for (why, count) in &imported.left_out {
        say!("left out: {count} {}", why.words())?;
    }
    for (what, count) in &imported.not_kept {
        say!("not kept: {count} {}", what.words())?;
    }
    for (url, count) in &imported.unknown_articles {
        say!("no such article: {url} ({})", counted(*count, "comment"))?;
    }
    Ok(())
}

fn counted(many: usize, what: &str) -> String {
    match many {
        1 => format!("1 {what}"),
        many => format!("{many} {what}s"),
    }
}
