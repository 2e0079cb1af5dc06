//! From a Markdown file with front matter to an article: new by its slug, or brought up to date.

use sea_orm::{ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter, QuerySelect};

use super::{
    front_matter::{self, Fault, FrontMatter},
    publishing::{self, Publication, PublishError},
    saving::{self, Draft, SaveError},
    together,
};
use crate::{
    app::App,
    db,
    entities::{Audience, Gate, article, author},
};

/// The largest file, in bytes.
const LARGEST: usize = 1024 * 1024;

/// How files are imported.
#[derive(Clone, Debug, Default)]
pub struct Import {
    /// The slug of the author of files that name none.
    pub author: Option<String>,
    /// Brings drafts out, dated as the file says or now.
    pub publish: bool,
    /// Sends no notices.
    pub quiet: bool,
}

/// What became of a file.
#[derive(Clone, Debug)]
pub struct Imported {
    pub article: article::Model,
    /// Whether the article is new.
    pub is_new: bool,
}

/// Why a file was not imported; nothing of it was.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error("{}", said(.0))]
    Faults(Vec<Fault>),
    #[error(transparent)]
    Db(#[from] DbErr),
    /// The notice could not be written.
    #[error(transparent)]
    Notice(anyhow::Error),
}

fn said(faults: &[Fault]) -> String {
    let lines: Vec<String> = faults.iter().map(Fault::to_string).collect();
    lines.join("; ")
}

/// Imports the text of one file.
///
/// # Errors
/// Everything that is wrong with the file, or the database.
pub async fn import(app: &App, file: &str, how: &Import) -> Result<Imported, ImportError> {
    if file.len() > LARGEST {
        let problem = format!("the file is larger than {LARGEST} bytes");
        return Err(whole(problem));
    }
    let (head, text) = front_matter::parse(file).map_err(ImportError::Faults)?;
    let tx = db::begin(&app.db).await?;
    let author = author(&tx, &head, how).await?;
    let draft = draft(app, &head, text);
    let (mut article, is_new) = write(&tx, app, &head, &author, draft).await?;
    if let Some(slugs) = &head.co_authors {
        co_authors(&tx, &head, &article, slugs).await?;
    }
    if how.publish {
        let publication = Publication {
            at: head.date,
            quiet: how.quiet,
        };
        article = publishing::bring_out(&tx, app, article.id, publication)
            .await
            .map_err(|error| match error {
                PublishError::Db(error) => ImportError::Db(error),
                PublishError::Notice(error) => ImportError::Notice(error),
                problem => whole(problem),
            })?;
    }
    tx.commit().await?;
    app.work.notify_one();
    Ok(Imported { article, is_new })
}

fn draft(app: &App, head: &FrontMatter, text: &str) -> Draft {
    Draft {
        title: head.title.clone(),
        slug: if head.slug.is_empty() {
            saving::slug_of(&head.title)
        } else {
            head.slug.clone()
        },
        standfirst: head.standfirst.clone(),
        body_markdown: text.trim().replace("\r\n", "\n"),
        audience: head.audience.unwrap_or(Audience::Public),
        gate: head
            .comments
            .unwrap_or_else(|| app.config.comments.default_gate()),
        gate_tiers: None,
        gate_days: None,
    }
}

async fn author(
    tx: &DatabaseTransaction,
    head: &FrontMatter,
    how: &Import,
) -> Result<author::Model, ImportError> {
    let fault = |problem: &str| ImportError::Faults(vec![head.fault("author", problem)]);
    let slug = head.author.as_deref().or(how.author.as_deref());
    let slug = slug.ok_or_else(|| fault("is missing"))?;
    let author = author::Entity::by_slug(slug).one(tx).await?;
    author.ok_or_else(|| fault(&format!("there is no author “{slug}”")))
}

/// Writes down who wrote an article with its author.
async fn co_authors(
    tx: &DatabaseTransaction,
    head: &FrontMatter,
    article: &article::Model,
    slugs: &[String],
) -> Result<(), ImportError> {
    let fault = |problem: String| ImportError::Faults(vec![head.fault("co_authors", problem)]);
    let mut ids = Vec::new();
    for slug in slugs {
        let found = author::Entity::by_slug(slug).one(tx).await?;
        let found = found.ok_or_else(|| fault(format!("there is no author “{slug}”")))?;
        if found.id == article.author_id || ids.contains(&found.id) {
            return Err(fault(format!("“{slug}” stands there twice")));
        }
        ids.push(found.id);
    }
    together::write_together(tx, article.id, &ids).await?;
    Ok(())
}

async fn write(
    tx: &DatabaseTransaction,
    app: &App,
    head: &FrontMatter,
    author: &author::Model,
    mut draft: Draft,
) -> Result<(article::Model, bool), ImportError> {
    let there = article::Entity::find()
        .filter(article::Column::Slug.eq(&draft.slug))
        .lock_exclusive()
        .one(tx)
        .await?;
    let is_new = there.is_none();
    let written = match there {
        Some(old) if old.author_id != author.id => {
            let problem = "belongs to an article of another author";
            return Err(ImportError::Faults(vec![head.fault("slug", problem)]));
        }
        Some(old) => {
            // What a file cannot say stays as it was chosen.
            draft.gate_days = old.gate_days;
            if head.comments.is_none() && old.gate == Gate::Tiers {
                draft.gate = old.gate;
                draft.gate_tiers.clone_from(&old.gate_tiers);
            }
            saving::rewrite(tx, app, old, draft).await
        }
        None => saving::insert(tx, app, author.id, draft).await,
    };
    match written {
        Ok(article) => Ok((article, is_new)),
        Err(error) => Err(fault(head, error)),
    }
}

fn fault(head: &FrontMatter, error: SaveError) -> ImportError {
    let field = match &error {
        SaveError::TitleMissing | SaveError::TitleTooLong => "title",
        SaveError::StandfirstTooLong => "standfirst",
        SaveError::SlugInvalid | SaveError::SlugTaken(_) | SaveError::NotFound => "slug",
        SaveError::TiersMissing | SaveError::DaysInvalid => "comments",
        SaveError::Db(_) => "",
    };
    match error {
        SaveError::Db(error) => ImportError::Db(error),
        problem => ImportError::Faults(vec![head.fault(field, problem)]),
    }
}

/// A fault of the file as a whole.
fn whole(problem: impl ToString) -> ImportError {
    ImportError::Faults(vec![Fault {
        line: 1,
        field: None,
        problem: problem.to_string(),
    }])
}
