//! The mail about one new article: rendered once, fanned out in batches.

use sea_orm::{Condition, entity::prelude::*};

#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
pub enum State {
    FanningOut,
    Done,
    /// The article was withdrawn.
    Stopped,
}

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "notice")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    #[sea_orm(unique)]
    pub article_id: Uuid,
    pub author_id: Uuid,
    /// The mail by language and variant, as JSON; what `outbox` rows of this notice share.
    pub rendered: String,
    pub state: State,
    /// The last account the fan-out has reached.
    pub cursor: Option<Uuid>,
    pub queued: i64,
    pub locked_until: Option<ChronoDateTimeUtc>,
    pub created_at: ChronoDateTimeUtc,
    pub finished_at: Option<ChronoDateTimeUtc>,
    #[sea_orm(belongs_to, from = "article_id", to = "id")]
    pub article: BelongsTo<super::article::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}

impl Entity {
    /// Those that came out after `since` and whose letters are not all written yet.
    pub fn being_written(since: ChronoDateTimeUtc, now: ChronoDateTimeUtc) -> Select<Self> {
        use super::article;
        let is_new = Condition::any()
            .add(Column::CreatedAt.gt(since))
            .add(article::Column::PublishedAt.gt(since));
        Self::find()
            .inner_join(article::Entity)
            .filter(Column::State.eq(State::FanningOut))
            .filter(article::Column::PublishedAt.lte(now))
            .filter(is_new)
    }
}
