//! Writing an article, draft or published.

use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{self, Set},
    DatabaseTransaction, DbErr, EntityTrait, IntoActiveModel, Iterable, QuerySelect, SqlErr,
};
use uuid::Uuid;

use super::{
    draft::{Draft, SaveError},
    excerpt, markdown, tags,
    times::opens_before,
    together,
    versions::{self, Text},
};
use crate::{
    app::App,
    db,
    entities::{article, article_version::Kind, author, site, slug_redirect},
    slugs,
};

/// How often another slug is looked for where somebody else was quicker to take it.
const TRIES: usize = 10;

/// Who changes an article, and what they saw of it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Hand {
    /// The account; `None` for a command.
    pub by: Option<Uuid>,
    /// The article's version when the form was drawn; `None` overwrites whatever there is.
    pub seen: Option<i32>,
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
                let named = together::ids(&tx, article.id).await?;
                let by = (author, None);
                together::tell(&tx, app, &article, by, &named).await?;
                tx.commit().await?;
                app.work.notify_one();
                return Ok(article);
            }
            Err(SaveError::SlugTaken(_)) if is_slug_ours => tx.rollback().await?,
            Err(error) => return Err(error),
        }
    }
    Err(SaveError::SlugTaken(draft.slug))
}

/// Writes an article anew; whether it is published stays as it is. Where somebody else saved it since the
/// form was drawn, nothing is overwritten: the text that was typed is kept as a version beside.
///
/// # Errors
/// What a person can mend, [`SaveError::Crossed`], or the database.
pub async fn update(
    app: &App,
    article: Uuid,
    draft: Draft,
    hand: Hand,
) -> Result<article::Model, SaveError> {
    let tx = db::begin(&app.db).await?;
    let old = held(&tx, article).await?;
    let before = together::ids(&tx, article).await?;
    let change = change(&tx, app, &old, draft).await?;
    let seen = hand.seen.unwrap_or(old.version);
    let saved = match change {
        None => Ok(old),
        Some(change) if seen == old.version => {
            let mut named = change.co_authors.clone();
            named.retain(|author| !before.contains(author));
            let as_what = (Kind::Saved, hand.by);
            let saved = write(&tx, app, &old, change, as_what).await?;
            let by = (old.author_id, hand.by);
            together::tell(&tx, app, &saved, by, &named).await?;
            Ok(saved)
        }
        Some(change) if change.text == Text::of_article(&old) => Err(SaveError::Crossed(None)),
        Some(change) => {
            let as_what = (Kind::Crossed, seen);
            let kept = versions::keep(&tx, app, &old, as_what, hand.by, change.text).await?;
            Err(SaveError::Crossed(Some(kept)))
        }
    };
    versions::forget_unsaved(&tx, article, hand.by).await?;
    tx.commit().await?;
    app.work.notify_one();
    saved
}

/// The article, locked to the end of the transaction.
pub(super) async fn held(
    tx: &DatabaseTransaction,
    article: Uuid,
) -> Result<article::Model, SaveError> {
    let found = article::Entity::find_by_id(article).lock_exclusive();
    found.one(tx).await?.ok_or(SaveError::NotFound)
}

/// The part of [`create`] inside a transaction.
pub(super) async fn insert(
    tx: &DatabaseTransaction,
    app: &App,
    author: Uuid,
    draft: Draft,
) -> Result<article::Model, SaveError> {
    let mut draft = draft.checked()?;
    if draft.slug.is_empty() {
        draft.slug = slugs::free(tx, slug_redirect::Kind::Article, &slug_of(&draft.title)).await?;
    }
    let now = app.clock.now();
    let (text, names) = (Text::of_draft(&draft), std::mem::take(&mut draft.tags));
    let others = draft.co_authors.take().unwrap_or_default();
    let others = together::meant(tx, author, &others).await?;
    let mut row = filled(app, draft);
    row.id = Set(Uuid::now_v7());
    row.author_id = Set(author);
    row.version = Set(1);
    row.published_at = Set(None);
    row.created_at = Set(now);
    row.updated_at = Set(now);
    let slug = row.slug.clone().take().unwrap_or_default();
    let article = row.insert(tx).await.map_err(|error| taken(error, &slug))?;
    if slugs::is_kept_for_another(tx, slug_redirect::Kind::Article, &slug, article.id).await? {
        return Err(SaveError::SlugTaken(slug));
    }
    tags::write(tx, article.id, &names).await?;
    together::write(tx, article.id, &others).await?;
    let author = author::Entity::find_by_id(author).one(tx).await?;
    let by = author.map(|author| author.account_id);
    versions::keep(tx, app, &article, (Kind::Saved, 1), by, text).await?;
    Ok(article)
}

/// The same whoever has seen what, inside a transaction that holds the row.
pub(super) async fn rewrite(
    tx: &DatabaseTransaction,
    app: &App,
    old: article::Model,
    draft: Draft,
    as_what: (Kind, Option<Uuid>),
) -> Result<article::Model, SaveError> {
    match change(tx, app, &old, draft).await? {
        Some(change) => write(tx, app, &old, change, as_what).await,
        None => Ok(old),
    }
}

/// What writing a draft over an article comes to.
struct Change {
    row: article::ActiveModel,
    text: Text,
    slug: String,
    tags: Vec<String>,
    co_authors: Vec<Uuid>,
}

/// `None` if all would stay as it is, so that importing a file again does not make it news.
async fn change(
    tx: &DatabaseTransaction,
    app: &App,
    old: &article::Model,
    draft: Draft,
) -> Result<Option<Change>, SaveError> {
    let mut draft = draft.checked()?;
    let opens = draft.opening.map(|opening| opening.at);
    if opens != old.opens_at && opens_before(opens, old.published_at, app.clock.now()) {
        return Err(SaveError::OpeningBefore);
    }
    if draft.slug.is_empty() {
        draft.slug = slug_again(tx, old, &draft.title).await?;
    }
    let together = together::ids(tx, old.id).await?;
    let co_authors = match draft.co_authors.take() {
        Some(named) => together::meant(tx, old.author_id, &named).await?,
        None => together.clone(),
    };
    let (text, slug) = (Text::of_draft(&draft), draft.slug.clone());
    let tags = std::mem::take(&mut draft.tags);
    let row = filled(app, draft);
    let is_same =
        is_same(&row, old) && co_authors == together && tags::names(tx, old.id).await? == tags;
    Ok((!is_same).then_some(Change {
        row,
        text,
        slug,
        tags,
        co_authors,
    }))
}

async fn write(
    tx: &DatabaseTransaction,
    app: &App,
    old: &article::Model,
    change: Change,
    (kind, by): (Kind, Option<Uuid>),
) -> Result<article::Model, SaveError> {
    let Change {
        mut row,
        text,
        slug,
        tags,
        co_authors,
    } = change;
    let now = app.clock.now();
    row.id = Set(old.id);
    row.version = Set(old.version.saturating_add(1));
    row.updated_at = Set(now);
    let article = row.update(tx).await.map_err(|error| taken(error, &slug))?;
    if slug != old.slug {
        let kind = slug_redirect::Kind::Article;
        if slugs::is_kept_for_another(tx, kind, &slug, old.id).await? {
            return Err(SaveError::SlugTaken(slug));
        }
        if old.was_out() {
            slugs::moved(tx, now, kind, old.id, (&old.slug, &slug)).await?;
        }
    }
    tags::write(tx, old.id, &tags).await?;
    together::write(tx, old.id, &co_authors).await?;
    if text != Text::of_article(old) {
        versions::keep_first(tx, app, old).await?;
        versions::keep(tx, app, old, (kind, article.version), by, text).await?;
    }
    site::Entity::touch(tx).await?;
    Ok(article)
}

/// The slug of an article that was given none: one readers may know stays, that of a draft follows its title.
async fn slug_again(
    tx: &DatabaseTransaction,
    old: &article::Model,
    title: &str,
) -> Result<String, DbErr> {
    let wanted = slug_of(title);
    if old.was_out() || wanted == slug_of(&old.title) {
        return Ok(old.slug.clone());
    }
    slugs::free(tx, slug_redirect::Kind::Article, &wanted).await
}

/// The slug an article gets of its title.
pub(super) fn slug_of(title: &str) -> String {
    slugs::of_words(title, "article")
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
        opens_at: Set(draft.opening.map(|opening| opening.at)),
        opens_to: Set(draft.opening.map(|opening| opening.to)),
        ..Default::default()
    }
}

/// Whether writing `row` would change nothing.
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
