//! Topics: what an article is about, and a page for each with what was published on it.

use axum::{
    extract::{Query, State},
    response::Response,
};
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait,
    QueryFilter, QueryOrder as _, QuerySelect as _, QueryTrait as _,
};
use serde::Serialize;
use uuid::Uuid;

use super::{
    pages::Page,
    reading::{self, Among, Teasers},
};
use crate::{
    accounts::Visitor,
    app::App,
    entities::{
        article,
        article_tag::{self, Column},
    },
    slugs,
    web::{Error, Path, Result},
};

/// A topic as pages link to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Tag {
    pub slug: String,
    pub name: String,
}

#[derive(Serialize)]
struct TagPage {
    tag: Tag,
    list: Teasers,
    now: DateTime<Utc>,
}

/// `GET /tags/{slug}`
pub async fn tag(
    State(app): State<App>,
    visitor: Visitor,
    Path(slug): Path<String>,
    Query(page): Query<Page>,
) -> Result<Response> {
    let now = app.clock.now();
    let named = named(&app.db, now, &slug).await?.ok_or(Error::NotFound)?;
    let among = Among::Tag(&named.slug);
    let list = reading::newest(&app.db, now, among, page.before.as_deref()).await?;
    let page = TagPage {
        list: list.ok_or(Error::NotFound)?,
        tag: named,
        now,
    };
    visitor.public_page(&app, "articles/tag.html", &page)
}

/// The topic by its slug, called as the newest article on it calls it; `None` if nothing published is
/// about it.
async fn named(
    db: &impl ConnectionTrait,
    now: DateTime<Utc>,
    slug: &str,
) -> Result<Option<Tag>, DbErr> {
    let found = article_tag::Entity::find()
        .filter(Column::Slug.eq(slug))
        .filter(Column::ArticleId.in_subquery(out(now)))
        .order_by_desc(Column::ArticleId)
        .one(db)
        .await?;
    Ok(found.map(|row| Tag {
        slug: row.slug,
        name: row.name,
    }))
}

fn out(now: DateTime<Utc>) -> sea_orm::sea_query::SelectStatement {
    article::Entity::find()
        .filter(article::Column::PublishedAt.lte(now))
        .select_only()
        .column(article::Column::Id)
        .into_query()
}

/// An article's topics, in its author's order.
pub(super) async fn of(db: &impl ConnectionTrait, article: Uuid) -> Result<Vec<Tag>, DbErr> {
    let rows = article_tag::Entity::of(article).all(db).await?;
    let tag = |row: article_tag::Model| Tag {
        slug: row.slug,
        name: row.name,
    };
    Ok(rows.into_iter().map(tag).collect())
}

/// Their names alone.
///
/// # Errors
/// If the database fails.
pub async fn names(db: &impl ConnectionTrait, article: Uuid) -> Result<Vec<String>, DbErr> {
    let tags = of(db, article).await?;
    Ok(tags.into_iter().map(|tag| tag.name).collect())
}

/// Writes an article's topics down, as part of saving it.
pub(super) async fn write(
    tx: &DatabaseTransaction,
    article: Uuid,
    names: &[String],
) -> Result<(), DbErr> {
    article_tag::Entity::delete_many()
        .filter(Column::ArticleId.eq(article))
        .exec(tx)
        .await?;
    let rows: Vec<_> = (0..)
        .zip(names)
        .map(|(position, name)| article_tag::ActiveModel {
            article_id: Set(article),
            slug: Set(slugs::of_words(name, "topic")),
            name: Set(name.clone()),
            position: Set(position),
        })
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    let rows = article_tag::Entity::insert_many(rows);
    rows.exec_without_returning(tx).await.map(drop)
}
