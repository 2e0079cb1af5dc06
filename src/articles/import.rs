//! From a Markdown file with front matter to an article: new by its slug, or brought up to date.

use std::{fmt::Display, path::PathBuf};

use sea_orm::{ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter, QuerySelect};

use super::{
    draft::{Draft, Opening, SaveError},
    front_matter::{self, Fault, FrontMatter},
    pictures::{self, Cover, PictureError, Upload},
    publishing::{self, Publication, PublishError},
    saving, tags,
};
use crate::{
    app::App,
    db,
    entities::{Audience, Gate, article, article_version::Kind, author},
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
    /// Where covers are looked for; without it none is taken.
    pub folder: Option<PathBuf>,
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
    let cover = cover(app, &head, how).await?;
    let tx = db::begin(&app.db).await?;
    let author = author(&tx, &head, how).await?;
    let draft = draft(app, &head, text);
    let (mut article, is_new) = write(&tx, app, &head, &author, draft).await?;
    if let Some(cover) = cover {
        pictures::note(&tx, app, author.id, &cover).await?;
        article = pictures::put(&tx, app, article, Some(cover)).await?;
    }
    if how.publish {
        let publication = Publication {
            at: head.date,
            quiet: how.quiet,
            by: None,
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

/// The picture beside the file, made and kept.
async fn cover(app: &App, head: &FrontMatter, how: &Import) -> Result<Option<Cover>, ImportError> {
    let Some(name) = &head.cover else {
        return Ok(None);
    };
    let fault = |problem: &dyn Display| ImportError::Faults(vec![head.fault("cover", problem)]);
    let folder = how.folder.as_ref();
    let folder = folder.ok_or_else(|| fault(&"there is no folder to find it in"))?;
    let bytes = tokio::fs::read(folder.join(name)).await;
    let upload = Upload {
        bytes: bytes.map_err(|error| fault(&error))?,
        alt: head.cover_alt.clone(),
        credit: head.cover_credit.clone(),
    };
    match pictures::made(app, upload).await {
        Ok(cover) => Ok(Some(cover)),
        Err(PictureError::Db(error)) => Err(error.into()),
        Err(PictureError::AltMissing) => {
            let problem = "is missing: what does the cover show?";
            Err(ImportError::Faults(vec![head.fault("cover_alt", problem)]))
        }
        Err(error) => Err(fault(&error)),
    }
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
        opening: head.opens.map(|at| Opening {
            at,
            to: Audience::Public,
        }),
        tags: head.tags.clone().unwrap_or_default(),
        co_authors: head.co_authors.clone(),
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
            if head.tags.is_none() {
                draft.tags = tags::names(tx, old.id).await?;
            }
            if head.opens.is_none() && old.audience == draft.audience {
                let opening = old.opens_at.zip(old.opens_to);
                draft.opening = opening.map(|(at, to)| Opening { at, to });
            }
            saving::rewrite(tx, app, old, draft, (Kind::Saved, None)).await
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
        SaveError::TiersMissing | SaveError::DaysInvalid => "comments",
        SaveError::TagsTooMany | SaveError::TagInvalid => "tags",
        SaveError::OpeningNarrow | SaveError::OpeningBefore => "opens",
        SaveError::CoAuthorUnknown(_)
        | SaveError::CoAuthorUnclear(_)
        | SaveError::CoAuthorTwice(_)
        | SaveError::CoAuthorsTooMany => "co_authors",
        SaveError::SlugInvalid
        | SaveError::SlugTooLong
        | SaveError::SlugTaken(_)
        | SaveError::Crossed(_)
        | SaveError::NotFound => "slug",
        SaveError::BodyTooLong | SaveError::Db(_) | SaveError::Failed(_) => "",
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
