//! Money given back: one row a refund of Stripe's.

use sea_orm::entity::prelude::*;

/// Where a refund stands. <https://docs.stripe.com/api/refunds/object#refund_object-status>
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
pub enum State {
    /// On its way to the payer.
    Pending,
    Succeeded,
    /// It could not be paid out, or was called back: the money is ours again.
    Failed,
}

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "refund")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub payment_id: Uuid,
    #[sea_orm(unique)]
    pub stripe_refund_id: String,
    /// Minor units.
    pub amount: i64,
    pub currency: String,
    pub state: State,
    /// Stripe's word: `duplicate`, `fraudulent`, `requested_by_customer`.
    pub reason: Option<String>,
    pub refunded_at: ChronoDateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

impl Entity {
    /// What was given back of a payment.
    pub fn of(payment: Uuid) -> Select<Self> {
        Self::find().filter(Column::PaymentId.eq(payment))
    }
}
