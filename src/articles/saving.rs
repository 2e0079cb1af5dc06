//! Writing an article, draft or published.

use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{self, Set},
    DatabaseTransaction, DbErr, EntityTrait, IntoActiveModel, Iterable, QuerySelect, SqlErr,
};
use uuid::Uuid;

use super::{excerpt, markdown};
use crate::{
    app::App,
    db,
    entities::{Audience, Gate, article, site, slug_redirect::Kind},
    slugs,
};

/// The longest title, in characters.
const LONGEST_TITLE: usize = 200;
/// The longest standfirst, in characters.
const LONGEST_STANDFIRST: usize = 1000;

/// How often another slug is looked for where somebody else was quicker to take it.
const TRIES: usize = 10;

/// What an author writes: the fields of the form, or of a file and its front matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    pub title: String,
    /// Empty: made of the title for a new article, kept for one there is.
    pub slug: String,
    pub standfirst: String,
    pub body_markdown: String,
    pub audience: Audience,
    pub gate: Gate,
    /// Ids of tiers with spaces between, for [`Gate::Tiers`].
    pub gate_tiers: Option<String>,
    /// For how many days after publication one may comment; `None` for ever.
    pub gate_days: Option<i32>,
}

/// Why an article was not saved. Each has a sentence in the catalogues.
#[derive(Debug, thiserror::Error)]
pub enum SaveError {
    #[error("the title is missing")]
    TitleMissing,
    #[error("the title is longer than {LONGEST_TITLE} characters")]
    TitleTooLong,
    #[error("the standfirst is longer than {LONGEST_STANDFIRST} characters")]
    StandfirstTooLong,
    #[error("no tier is chosen that may comment")]
    TiersMissing,
    #[error("comments stay open for 1 to 3650 days, or for ever")]
    DaysInvalid,
    #[error("the slug may hold small letters, digits and single dashes, at most 100")]
    SlugInvalid,
    #[error("the slug “{0}” belongs to another article, or once did")]
    SlugTaken(String),
    #[error("there is no such article")]
    NotFound,
    #[error(transparent)]
    Db(#[from] DbErr),
}

impl SaveError {
    /// The catalogue key of the sentence that says so; `None` for what is no one's doing.
    pub fn key(&self) -> Option<&'static str> {
        match self {
            Self::TitleMissing => Some("articles-title-missing"),
            Self::TitleTooLong => Some("articles-title-too-long"),
            Self::StandfirstTooLong => Some("articles-standfirst-too-long"),
            Self::TiersMissing => Some("articles-tiers-missing"),
            Self::DaysInvalid => Some("articles-days-invalid"),
            Self::SlugInvalid => Some("articles-slug-invalid"),
            Self::SlugTaken(_) => Some("articles-slug-taken"),
            Self::NotFound | Self::Db(_) => None,
        }
    }
}

/// Writes a new article of `author`: a draft.
///
/// # Errors
/// What a person can mend, or the database.
pub async fn create(app: &App, author: Uuid, draft: Draft) -> Result<article::Model, SaveError> {
    let is_slug_ours = draft.slug.trim().is_empty();
    for _ in 0..TRIES {
        let tx = db::begin(&app.db).await?;
        match insert(&tx, app, author, draft.clone()).await {
            Ok(article) => {
                tx.commit().await?;
                return Ok(article);
            }
            Err(SaveError::SlugTaken(_)) if is_slug_ours => tx.rollback().await?,
            Err(error) => return Err(error),
        }
    }
    Err(SaveError::SlugTaken(draft.slug))
}

/// Writes an article anew; whether it is published stays as it is.
///
/// # Errors
/// What a person can mend, or the database.
pub async fn update(app: &App, article: Uuid, draft: Draft) -> Result<article::Model, SaveError> {
    let tx = db::begin(&app.db).await?;
    let found = article::Entity::find_by_id(article)
        .lock_exclusive()
        .one(&tx)
        .await?;
    let article = rewrite(&tx, app, found.ok_or(SaveError::NotFound)?, draft).await?;
    tx.commit().await?;
    Ok(article)
}

/// The part of [`create`] inside a transaction.
pub(super) async fn insert(
    tx: &DatabaseTransaction,
    app: &App,
    author: Uuid,
    draft: Draft,
) -> Result<article::Model, SaveError> {
    let mut draft = checked(draft)?;
    if draft.slug.is_empty() {
        draft.slug = slugs::free(tx, Kind::Article, &slug_of(&draft.title)).await?;
    }
    let now = app.clock.now();
    let mut row = filled(app, draft);
    row.id = Set(Uuid::now_v7());
    row.author_id = Set(author);
    row.published_at = Set(None);
    row.created_at = Set(now);
    row.updated_at = Set(now);
    let slug = row.slug.clone().take().unwrap_or_default();
    let article = row.insert(tx).await.map_err(|error| taken(error, &slug))?;
    if slugs::is_kept_for_another(tx, Kind::Article, &slug, article.id).await? {
        return Err(SaveError::SlugTaken(slug));
    }
    Ok(article)
}

/// The part of [`update`] inside a transaction that holds the row.
pub(super) async fn rewrite(
    tx: &DatabaseTransaction,
    app: &App,
    old: article::Model,
    draft: Draft,
) -> Result<article::Model, SaveError> {
    let mut draft = checked(draft)?;
    if draft.slug.is_empty() {
        draft.slug.clone_from(&old.slug);
    }
    let slug = draft.slug.clone();
    let now = app.clock.now();
    let mut row = filled(app, draft);
    row.id = Set(old.id);
    if is_same(&row, &old) {
        return Ok(old);
    }
    row.updated_at = Set(now);
    let article = row.update(tx).await.map_err(|error| taken(error, &slug))?;
    if slug != old.slug {
        if slugs::is_kept_for_another(tx, Kind::Article, &slug, old.id).await? {
            return Err(SaveError::SlugTaken(slug));
        }
        slugs::moved(tx, now, Kind::Article, old.id, (&old.slug, &slug)).await?;
    }
    site::Entity::touch(tx).await?;
    Ok(article)
}

/// The slug an article gets of its title.
pub(super) fn slug_of(title: &str) -> String {
    slugs::of_words(title, "article")
}

fn checked(mut draft: Draft) -> Result<Draft, SaveError> {
    draft.title = draft.title.trim().to_owned();
    draft.slug = draft.slug.trim().to_owned();
    draft.standfirst = draft.standfirst.trim().to_owned();
    if draft.title.is_empty() {
        return Err(SaveError::TitleMissing);
    }
    if draft.title.chars().count() > LONGEST_TITLE {
        return Err(SaveError::TitleTooLong);
    }
    if draft.standfirst.chars().count() > LONGEST_STANDFIRST {
        return Err(SaveError::StandfirstTooLong);
    }
    draft.gate_tiers = draft.gate_tiers.filter(|tiers| !tiers.trim().is_empty());
    if draft.gate != Gate::Tiers {
        draft.gate_tiers = None;
    } else if draft.gate_tiers.is_none() {
        return Err(SaveError::TiersMissing);
    }
    if draft
        .gate_days
        .is_some_and(|days| !(1..=3650).contains(&days))
    {
        return Err(SaveError::DaysInvalid);
    }
    if !draft.slug.is_empty() && !slugs::is_valid(&draft.slug) {
        return Err(SaveError::SlugInvalid);
    }
    Ok(draft)
}

/// The columns that come of what was written.
fn filled(app: &App, draft: Draft) -> article::ActiveModel {
    let text = markdown::render(&draft.body_markdown, &app.config.publication.language);
    article::ActiveModel {
        excerpt: Set(excerpt::excerpt(&draft.standfirst, &text, draft.audience)),
        reading_minutes: Set(excerpt::minutes(&text)),
        slug: Set(draft.slug),
        title: Set(draft.title),
        standfirst: Set(draft.standfirst),
        body_markdown: Set(draft.body_markdown),
        body_html: Set(text.html),
        audience: Set(draft.audience),
        gate: Set(draft.gate),
        gate_tiers: Set(draft.gate_tiers),
        gate_days: Set(draft.gate_days),
        ..Default::default()
    }
}

/// Whether writing `row` would change nothing, so that importing a file again does not make it news.
fn is_same(row: &article::ActiveModel, old: &article::Model) -> bool {
    let old = old.clone().into_active_model();
    article::Column::iter().all(|column| match row.get(column) {
        ActiveValue::Set(value) => Some(value) == old.get(column).into_value(),
        _ => true,
    })
}

fn taken(error: DbErr, slug: &str) -> SaveError {
    match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => SaveError::SlugTaken(slug.to_owned()),
        _ => SaveError::Db(error),
    }
}
