//! A movement on the roll: somebody came, went, or gives more or less. Only ever added to, so that the
//! sum of a reader's movements is what she gives now.

use sea_orm::entity::prelude::*;

/// What happened to an author's recurring revenue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
pub enum Kind {
    /// The first paid membership of this reader.
    New,
    /// A paid membership after there was one before.
    Reactivated,
    Upgrade,
    Downgrade,
    Churn,
    /// Nothing: a trial, or a tip that makes a patron.
    None,
}

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "movement")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub author_id: Uuid,
    pub account_id: Uuid,
    pub kind: Kind,
    /// 1 where she became a patron, -1 where she ceased to be one.
    pub patrons: i32,
    /// Whether she became one for the first time.
    pub is_first: bool,
    /// By how much her support of twelve months changed, in minor units.
    pub yearly: i64,
    pub currency: Option<String>,
    pub tier_id: Option<Uuid>,
    /// The article whose support call moved her.
    pub article_id: Option<Uuid>,
    /// The month in which she first supported this author: `2026-11`.
    pub cohort: String,
    /// The day of `at` in UTC: `2026-11-26`.
    pub day: String,
    pub at: ChronoDateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

impl Entity {
    /// What moved between one reader and one author.
    pub fn between(account: Uuid, author: Uuid) -> Select<Self> {
        Self::find()
            .filter(Column::AccountId.eq(account))
            .filter(Column::AuthorId.eq(author))
    }
}
