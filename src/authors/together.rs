//! Who wrote an article: its lead author, and those who wrote it with them.

use std::collections::HashMap;

use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder as _};
use serde::Serialize;
use uuid::Uuid;

use crate::entities::{article, article_author, author};

/// The co-authors of an article, in their order.
///
/// # Errors
/// If the database fails.
pub async fn co_authors(
    db: &impl ConnectionTrait,
    article: Uuid,
) -> Result<Vec<author::Model>, DbErr> {
    let mut found = co_authors_of(db, &[article]).await?;
    Ok(found.remove(&article).unwrap_or_default())
}

/// The same for many articles; one without co-authors is not among them.
///
/// # Errors
/// If the database fails.
pub async fn co_authors_of(
    db: &impl ConnectionTrait,
    articles: &[Uuid],
) -> Result<HashMap<Uuid, Vec<author::Model>>, DbErr> {
    let rows = article_author::Entity::find()
        .filter(article_author::Column::ArticleId.is_in(articles.iter().copied()))
        .order_by_asc(article_author::Column::Position)
        .find_also_related(author::Entity)
        .all(db)
        .await?;
    let mut found: HashMap<Uuid, Vec<author::Model>> = HashMap::new();
    for (row, author) in rows {
        found.entry(row.article_id).or_default().extend(author);
    }
    Ok(found)
}

/// All who wrote an article, the lead author first.
///
/// # Errors
/// If the database fails.
pub async fn writers(
    db: &impl ConnectionTrait,
    article: &article::Model,
) -> Result<Vec<author::Model>, DbErr> {
    let lead = author::Entity::find_by_id(article.author_id)
        .one(db)
        .await?;
    let others = co_authors(db, article.id).await?;
    Ok(lead.into_iter().chain(others).collect())
}

/// Who wrote an article with others, for a sentence: all names but the last with commas between, and the last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Together {
    pub first: String,
    pub last: String,
}

impl Together {
    /// `None` for who wrote it alone.
    pub fn of(lead: &author::Model, others: &[author::Model]) -> Option<Self> {
        let (last, between) = others.split_last()?;
        let first = std::iter::once(lead).chain(between);
        let first: Vec<&str> = first.map(|author| author.name.as_str()).collect();
        Some(Self {
            first: first.join(", "),
            last: last.name.clone(),
        })
    }
}
