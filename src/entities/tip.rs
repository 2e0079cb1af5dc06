//! One-off support.

use sea_orm::entity::prelude::*;

#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
pub enum State {
    Paid,
    Refunded,
}

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "tip")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub account_id: Uuid,
    pub author_id: Uuid,
    #[sea_orm(unique)]
    pub checkout_id: Uuid,
    pub article_id: Option<Uuid>,
    /// Minor units.
    pub amount: i64,
    pub currency: String,
    pub state: State,
    pub paid_at: ChronoDateTimeUtc,
    /// A tip of at least the cheapest tier's month makes a patron until then.
    pub patron_until: Option<ChronoDateTimeUtc>,
    /// What she said with it; plain text.
    pub message: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}

impl Entity {
    /// One reader's tips to one author.
    pub fn between(account: Uuid, author: Uuid) -> Select<Self> {
        Self::find()
            .filter(Column::AuthorId.eq(author))
            .filter(Column::AccountId.eq(account))
    }
}
