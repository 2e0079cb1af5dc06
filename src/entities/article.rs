//! An article, draft or published.

use sea_orm::{QueryOrder, entity::prelude::*};

/// Who may read an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
pub enum Audience {
    Public,
    Readers,
    Patrons,
}

/// Who may comment on an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
pub enum Gate {
    /// Anyone signed in.
    Readers,
    /// Patrons of this author.
    Patrons,
    /// Patrons of this author by one of the tiers in `gate_tiers`.
    Tiers,
    Closed,
}

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "article")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub author_id: Uuid,
    #[sea_orm(unique)]
    pub slug: String,
    pub title: String,
    /// Plain text.
    pub standfirst: String,
    pub body_markdown: String,
    /// Sanitised.
    pub body_html: String,
    /// Plain text, for lists, feeds and meta tags; never holds what only patrons may read.
    pub excerpt: String,
    pub audience: Audience,
    pub gate: Gate,
    /// Ids of tiers, with spaces between, where the gate is by tier.
    pub gate_tiers: Option<String>,
    /// For how many days after publication one may comment; `None` for ever.
    pub gate_days: Option<i32>,
    pub reading_minutes: i32,
    /// `None` for a draft.
    pub published_at: Option<ChronoDateTimeUtc>,
    pub created_at: ChronoDateTimeUtc,
    pub updated_at: ChronoDateTimeUtc,
    #[sea_orm(belongs_to, from = "author_id", to = "id")]
    pub author: BelongsTo<super::author::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// The tiers the gate is open to.
    pub fn tiers(&self) -> impl Iterator<Item = Uuid> {
        let ids = self.gate_tiers.as_deref().unwrap_or_default();
        ids.split_whitespace()
            .filter_map(|id| Uuid::parse_str(id).ok())
    }
}

impl Entity {
    /// What is out at `now`, newest first: where every public read starts.
    pub fn published(now: ChronoDateTimeUtc) -> Select<Self> {
        Self::find()
            .filter(Column::PublishedAt.lte(now))
            .order_by_desc(Column::PublishedAt)
            .order_by_desc(Column::Id)
    }
}
