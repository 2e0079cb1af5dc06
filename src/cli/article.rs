//! `plaudit article import` and `plaudit article list`.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{Args, Subcommand};

use super::{Failure, out::say};
use crate::{
    app::App,
    articles::{self, Import, ImportError, Imported, Written},
};

#[derive(Subcommand)]
pub(super) enum Article {
    /// Import Markdown files with front matter; importing again updates by slug.
    Import(ImportArguments),
    /// List all articles, drafts too.
    List {
        /// As a JSON array.
        #[arg(long)]
        json: bool,
    },
}

#[derive(Args)]
pub(super) struct ImportArguments {
    #[arg(required = true, value_name = "FILE.md")]
    files: Vec<PathBuf>,
    /// The author of files that name none.
    #[arg(long, value_name = "SLUG")]
    author: Option<String>,
    /// Publish what is a draft, dated as the file says or now.
    #[arg(long)]
    publish: bool,
    /// Send no notices.
    #[arg(long)]
    quiet: bool,
}

/// Runs one of these commands.
pub(super) async fn run(app: &App, command: Article) -> Result<(), Failure> {
    match command {
        Article::Import(arguments) => import(app, arguments).await,
        Article::List { json } => list(app, json).await,
    }
}

async fn import(app: &App, arguments: ImportArguments) -> Result<(), Failure> {
    let how = Import {
        author: arguments.author,
        publish: arguments.publish,
        quiet: arguments.quiet,
        folder: None,
    };
    let mut failed = 0_usize;
    for file in &arguments.files {
        match one(app, file, &how).await {
            Ok(imported) => report(file, &imported)?,
            Err(error) => {
                failed += 1;
                complain(file, &error);
            }
        }
    }
    if failed == 0 {
        return Ok(());
    }
    let all = arguments.files.len();
    Err(Failure::Failed(anyhow::anyhow!(
        "{failed} of {all} files not imported"
    )))
}

async fn one(app: &App, file: &Path, how: &Import) -> anyhow::Result<Imported> {
    let bytes = tokio::fs::read(file).await.context("could not be read")?;
    let text = String::from_utf8(bytes).context("is not UTF-8")?;
    let how = Import {
        folder: Some(file.parent().unwrap_or(Path::new(".")).to_owned()),
        ..how.clone()
    };
    Ok(articles::import(app, &text, &how).await?)
}

fn report(file: &Path, imported: &Imported) -> anyhow::Result<()> {
    let done = if imported.is_new { "added" } else { "updated" };
    let state = match imported.article.published_at {
        Some(at) => format!("published {}", at.format("%Y-%m-%d")),
        None => "draft".to_owned(),
    };
    let slug = &imported.article.slug;
    say!("{}: {done} /articles/{slug} ({state})", file.display())
}

/// One line a fault.
#[expect(clippy::print_stderr, reason = "the command line speaks on stderr")]
fn complain(file: &Path, error: &anyhow::Error) {
    let file = file.display();
    match error.downcast_ref::<ImportError>() {
        Some(ImportError::Faults(faults)) => {
            for fault in faults {
                eprintln!("{file}: {fault}");
            }
        }
        Some(ImportError::Db(_) | ImportError::Notice(_)) | None => eprintln!("{file}: {error:#}"),
    }
}

async fn list(app: &App, json: bool) -> Result<(), Failure> {
    let all = articles::written(&app.db, None).await;
    let all = all.context("could not read the articles")?;
    if json {
        let text = serde_json::to_string_pretty(&all).context("JSON")?;
        say!("{text}")?;
        return Ok(());
    }
    for article in &all {
        say!("{}", line(article))?;
    }
    Ok(())
}

fn line(article: &Written) -> String {
    let state = match article.published_at {
        Some(at) => at.format("%Y-%m-%d").to_string(),
        None => "draft".to_owned(),
    };
    let Written {
        slug,
        author,
        title,
        ..
    } = article;
    format!("{state:10}  {author:20}  {slug:40}  {title}")
}
