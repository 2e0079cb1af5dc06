//! The roll: who supports whom, as last reckoned from memberships and tips. For lists and numbers
//! alone: what somebody may do is a standing, asked of the rows themselves.

use sea_orm::entity::prelude::*;

use super::price::Recurrence;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "supporter")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub author_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: Uuid,
    pub is_patron: bool,
    /// The word of the standing: `patron`, `leaving`, `grace`, …
    pub standing: String,
    pub tier_id: Option<Uuid>,
    /// What she gives, in minor units: a recurrence, or once where there is none.
    pub amount: Option<i64>,
    pub currency: Option<String>,
    pub recurrence: Option<Recurrence>,
    /// What her membership in force brings in twelve months, in minor units; 0 on trial and by tips.
    pub yearly: i64,
    /// When she first supported this author.
    pub first_at: ChronoDateTimeUtc,
    pub since: Option<ChronoDateTimeUtc>,
    pub until: Option<ChronoDateTimeUtc>,
    /// `None` where something has changed that was not reckoned yet.
    pub reckoned_at: Option<ChronoDateTimeUtc>,
    #[sea_orm(belongs_to, from = "account_id", to = "id")]
    pub account: BelongsTo<super::account::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}

impl Entity {
    /// Everybody who ever supported this author.
    pub fn of(author: Uuid) -> Select<Self> {
        Self::find().filter(Column::AuthorId.eq(author))
    }
}
