//! Money received, one row a paid invoice or tip; what a receipt shows.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "payment")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The receipt's number, without gaps.
    #[sea_orm(unique)]
    pub number: i64,
    pub account_id: Uuid,
    pub author_id: Uuid,
    pub membership_id: Option<Uuid>,
    pub tip_id: Option<Uuid>,
    /// Minor units.
    pub amount: i64,
    /// Minor units given back so far.
    pub refunded: i64,
    /// Minor units of `amount` that are tax.
    pub tax: i64,
    pub currency: String,
    #[sea_orm(unique)]
    pub stripe_invoice_id: Option<String>,
    #[sea_orm(unique)]
    pub stripe_payment_intent_id: Option<String>,
    #[sea_orm(unique)]
    pub stripe_charge_id: Option<String>,
    pub hosted_invoice_url: Option<String>,
    pub period_start: Option<ChronoDateTimeUtc>,
    pub period_end: Option<ChronoDateTimeUtc>,
    pub paid_at: ChronoDateTimeUtc,
    #[sea_orm(belongs_to, from = "account_id", to = "id")]
    pub account: BelongsTo<super::account::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
