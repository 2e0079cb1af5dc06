//! What is there to read: one article, or the newest ones.

use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, JoinType,
    QueryFilter, QuerySelect, QueryTrait as _, RelationTrait, Select, sea_query::SelectStatement,
};
use serde::{Serialize, Serializer};
use std::sync::Arc;
use uuid::Uuid;

use crate::{
    authors,
    entities::{
        Audience, article, article_author, article_tag, audience_at, author, slug_redirect::Kind,
    },
    media::Picture,
    slugs,
};

/// How many articles a page of a list shows.
pub(super) const PAGE: usize = 20;

/// An article and whose it is.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    pub article: article::Model,
    pub author: author::Model,
    /// Who wrote it with the author, in their order.
    pub co_authors: Vec<author::Model>,
}

/// Where a published article is found.
#[derive(Clone, Debug)]
pub(super) enum Found {
    Here(Arc<Piece>),
    /// Under this slug now.
    Moved(String),
}

/// An article as lists show it, without its text.
#[derive(Clone, Debug, Serialize, FromQueryResult)]
pub(super) struct Teaser {
    pub slug: String,
    pub title: String,
    pub excerpt: String,
    /// Whom it is for if not for everybody.
    #[serde(rename = "for_whom", serialize_with = "for_whom")]
    pub audience: Audience,
    pub reading_minutes: i32,
    pub published_at: DateTime<Utc>,
    #[serde(skip)]
    pub updated_at: DateTime<Utc>,
    #[serde(skip)]
    pub opens_at: Option<DateTime<Utc>>,
    #[serde(skip)]
    pub opens_to: Option<Audience>,
    /// The path of its picture.
    #[serde(serialize_with = "shown")]
    pub cover: Option<String>,
    pub cover_alt: String,
    pub author_slug: String,
    pub author_name: String,
    #[serde(skip)]
    pub id: Uuid,
    /// Who wrote it with the author.
    #[sea_orm(skip)]
    pub co_authors: Vec<Named>,
}

/// An author as lists name them.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Named {
    pub slug: String,
    pub name: String,
}

/// Which articles a list holds.
#[derive(Clone, Copy, Debug)]
pub(super) enum Among<'a> {
    Everything,
    /// One author's.
    Author(Uuid),
    /// Those on a topic, by its slug.
    Tag(&'a str),
}

fn shown<S: Serializer>(cover: &Option<String>, serializer: S) -> Result<S::Ok, S::Error> {
    let picture = cover.as_deref().and_then(Picture::parse);
    picture.map(|picture| picture.shown()).serialize(serializer)
}

fn for_whom<S: Serializer>(audience: &Audience, serializer: S) -> Result<S::Ok, S::Error> {
    match audience {
        Audience::Public => serializer.serialize_none(),
        Audience::Readers => serializer.serialize_str("readers"),
        Audience::Patrons => serializer.serialize_str("patrons"),
    }
}

/// A page of a list.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Teasers {
    pub articles: Vec<Teaser>,
    /// The slug to continue before, if there are older ones.
    pub older: Option<String>,
}

/// Looks for `slug` among what is published, and what published articles were once called.
pub(super) async fn find(
    db: &impl ConnectionTrait,
    now: DateTime<Utc>,
    slug: &str,
) -> Result<Option<Found>, DbErr> {
    let here = article::Entity::published(now).filter(article::Column::Slug.eq(slug));
    if let Some(piece) = one(db, here).await? {
        return Ok(Some(Found::Here(Arc::new(piece))));
    }
    let Some(owner) = slugs::former_owner(db, Kind::Article, slug).await? else {
        return Ok(None);
    };
    let moved = article::Entity::published(now)
        .filter(article::Column::Id.eq(owner))
        .one(db)
        .await?;
    Ok(moved.map(|article| Found::Moved(article.slug)))
}

/// An article that may not be out yet, for those it belongs to.
pub(super) async fn find_own(
    db: &impl ConnectionTrait,
    slug: &str,
) -> Result<Option<Piece>, DbErr> {
    one(
        db,
        article::Entity::find().filter(article::Column::Slug.eq(slug)),
    )
    .await
}

async fn one(
    db: &impl ConnectionTrait,
    query: Select<article::Entity>,
) -> Result<Option<Piece>, DbErr> {
    let found = query.find_also_related(author::Entity).one(db).await?;
    let Some((article, Some(author))) = found else {
        return Ok(None);
    };
    Ok(Some(Piece {
        co_authors: authors::co_authors(db, article.id).await?,
        article,
        author,
    }))
}

/// The newest articles, from the one called `before` on. `None` if nothing published is called so.
pub(super) async fn newest(
    db: &impl ConnectionTrait,
    now: DateTime<Utc>,
    among: Among<'_>,
    before: Option<&str>,
) -> Result<Option<Teasers>, DbErr> {
    let mut query = article::Entity::published(now);
    match among {
        Among::Everything => {}
        Among::Author(author) => {
            query = query.filter(article_author::Entity::written_by(author));
        }
        Among::Tag(slug) => query = query.filter(article::Column::Id.in_subquery(on(slug))),
    }
    if let Some(slug) = before {
        let from = article::Entity::published(now)
            .filter(article::Column::Slug.eq(slug))
            .one(db)
            .await?;
        let Some(from) = from else {
            return Ok(None);
        };
        query = query.filter(older_than(&from));
    }
    let mut articles = teasers(db, query, PAGE + 1).await?;
    for article in &mut articles {
        article.audience = audience_at(
            now,
            article.audience,
            article.opens_at.zip(article.opens_to),
        );
    }
    let has_more = articles.len() > PAGE;
    articles.truncate(PAGE);
    let last = articles.last().map(|article| article.slug.clone());
    Ok(Some(Teasers {
        articles,
        older: last.filter(|_| has_more),
    }))
}

/// The ids of all that is about a topic.
fn on(slug: &str) -> SelectStatement {
    article_tag::Entity::find()
        .select_only()
        .column(article_tag::Column::ArticleId)
        .filter(article_tag::Column::Slug.eq(slug))
        .into_query()
}

fn older_than(from: &article::Model) -> Condition {
    Condition::any()
        .add(article::Column::PublishedAt.lt(from.published_at))
        .add(
            Condition::all()
                .add(article::Column::PublishedAt.eq(from.published_at))
                .add(article::Column::Id.lt(from.id)),
        )
}

/// Runs a query for articles without fetching their texts.
pub(super) async fn teasers(
    db: &impl ConnectionTrait,
    query: Select<article::Entity>,
    limit: usize,
) -> Result<Vec<Teaser>, DbErr> {
    let mut found = query
        .join(JoinType::InnerJoin, article::Relation::Author.def())
        .select_only()
        .columns([
            article::Column::Id,
            article::Column::Slug,
            article::Column::Title,
            article::Column::Excerpt,
            article::Column::Audience,
            article::Column::ReadingMinutes,
            article::Column::PublishedAt,
            article::Column::UpdatedAt,
            article::Column::OpensAt,
            article::Column::OpensTo,
            article::Column::Cover,
            article::Column::CoverAlt,
        ])
        .column_as(author::Column::Slug, "author_slug")
        .column_as(author::Column::Name, "author_name")
        .limit(u64::try_from(limit).ok())
        .into_model::<Teaser>()
        .all(db)
        .await?;
    let ids: Vec<Uuid> = found.iter().map(|teaser| teaser.id).collect();
    let mut others = authors::co_authors_of(db, &ids).await?;
    for teaser in &mut found {
        let others = others.remove(&teaser.id).unwrap_or_default();
        let named = others.into_iter().map(|author| Named {
            slug: author.slug,
            name: author.name,
        });
        teaser.co_authors = named.collect();
    }
    Ok(found)
}
