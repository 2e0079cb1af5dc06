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

/// Whom something is for at `now` that is for `audience` until it opens.
pub fn audience_at(
    now: ChronoDateTimeUtc,
    audience: Audience,
    opening: Option<(ChronoDateTimeUtc, Audience)>,
) -> Audience {
    match opening {
        Some((at, to)) if at <= now => to,
        _ => audience,
    }
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
    /// `None` for a draft; may lie ahead.
    pub published_at: Option<ChronoDateTimeUtc>,
    /// Moves with every change of what an author writes, so that two who write at once do not overwrite
    /// each other.
    pub version: i32,
    /// When it was taken back; `None` while it is out, or never was.
    pub withdrawn_at: Option<ChronoDateTimeUtc>,
    /// From when on it is for `opens_to`; both or neither.
    pub opens_at: Option<ChronoDateTimeUtc>,
    pub opens_to: Option<Audience>,
    /// The path of its picture in the media store; see `media::Picture`.
    pub cover: Option<String>,
    /// What the cover shows, for those who do not see it; never empty where there is one.
    pub cover_alt: String,
    pub cover_credit: String,
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

    /// Whether readers may have seen it, or are to at a time that is set.
    pub fn was_out(&self) -> bool {
        self.published_at.is_some() || self.withdrawn_at.is_some()
    }

    /// Whom it is for at `now`: the audience changes by the clock, without anybody's doing.
    pub fn audience_at(&self, now: ChronoDateTimeUtc) -> Audience {
        audience_at(now, self.audience, self.opens_at.zip(self.opens_to))
    }

    /// When it opens and to whom, where that lies ahead.
    pub fn opening(&self, now: ChronoDateTimeUtc) -> Option<(ChronoDateTimeUtc, Audience)> {
        self.opens_at.zip(self.opens_to).filter(|(at, _)| *at > now)
    }

    /// When what readers see of it last changed: by writing, or because it opened.
    pub fn changed_at(&self, now: ChronoDateTimeUtc) -> ChronoDateTimeUtc {
        let opened = self.opens_at.filter(|at| *at <= now);
        self.updated_at.max(opened.unwrap_or(self.updated_at))
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
