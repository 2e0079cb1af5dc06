//! A visit to Stripe Checkout, written before the reader is sent there.

use sea_orm::entity::prelude::*;

#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
pub enum Kind {
    Subscription,
    Tip,
    /// A membership for somebody else.
    Gift,
    /// What a dearer tier costs for the rest of the paid time, where a bank account pays.
    Change,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
pub enum State {
    /// The reader is away at Stripe.
    Open,
    /// Finished there; the money is still on its way (a bank debit, say).
    Pending,
    Completed,
    Expired,
    Failed,
}

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "checkout")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// `None` for a stranger, until the paid session has made the account.
    pub account_id: Option<Uuid>,
    pub author_id: Uuid,
    pub tier_id: Option<Uuid>,
    pub price_id: Option<Uuid>,
    /// The article that moved her.
    pub article_id: Option<Uuid>,
    pub kind: Kind,
    /// Minor units.
    pub amount: i64,
    pub currency: String,
    pub language: String,
    pub state: State,
    #[sea_orm(unique)]
    pub stripe_session_id: Option<String>,
    pub stripe_customer_id: Option<String>,
    pub created_at: ChronoDateTimeUtc,
    pub completed_at: Option<ChronoDateTimeUtc>,
    /// What she says with a tip; plain text.
    pub message: Option<String>,
    /// The membership that is changed once it is paid.
    pub membership_id: Option<Uuid>,
}

impl ActiveModelBehavior for ActiveModel {}
