//! What was written, out or not, for those who write.

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveEnum, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, JoinType, QueryFilter,
    QueryOrder, QuerySelect, RelationTrait,
};
use serde::{Serialize, Serializer};
use uuid::Uuid;

use crate::entities::{Audience, Gate, article, article_author, author};

/// An article as those who write see it in lists: out or not, without its text.
#[derive(Clone, Debug, Serialize, FromQueryResult)]
pub struct Written {
    pub id: Uuid,
    pub slug: String,
    pub title: String,
    #[serde(serialize_with = "audience_word")]
    pub audience: Audience,
    /// Who may comment.
    #[serde(rename = "comments", serialize_with = "gate_word")]
    pub gate: Gate,
    /// `None` for a draft; may lie ahead.
    pub published_at: Option<DateTime<Utc>>,
    /// When it was taken back; `None` while it is out, or never was.
    pub withdrawn_at: Option<DateTime<Utc>>,
    pub updated_at: DateTime<Utc>,
    /// The lead author's slug and name.
    pub author: String,
    pub author_name: String,
}

fn audience_word<S: Serializer>(audience: &Audience, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&audience.to_value())
}

fn gate_word<S: Serializer>(gate: &Gate, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&gate.to_value())
}

/// Everything `author` has written, alone or with others, or everybody, drafts too; the last changed first.
///
/// # Errors
/// If the database fails.
pub async fn written(
    db: &impl ConnectionTrait,
    author: Option<Uuid>,
) -> Result<Vec<Written>, DbErr> {
    let mut query = article::Entity::find();
    if let Some(author) = author {
        query = query.filter(article_author::Entity::written_by(author));
    }
    query
        .join(JoinType::InnerJoin, article::Relation::Author.def())
        .select_only()
        .columns([
            article::Column::Id,
            article::Column::Slug,
            article::Column::Title,
            article::Column::Audience,
            article::Column::Gate,
            article::Column::PublishedAt,
            article::Column::WithdrawnAt,
            article::Column::UpdatedAt,
        ])
        .column_as(author::Column::Slug, "author")
        .column_as(author::Column::Name, "author_name")
        .order_by_desc(article::Column::UpdatedAt)
        .order_by_desc(article::Column::Id)
        .into_model::<Written>()
        .all(db)
        .await
}
