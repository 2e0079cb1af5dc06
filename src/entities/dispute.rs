//! Payments the holder of the card disputes: one row a dispute of Stripe's.

use sea_orm::{entity::prelude::*, sea_query::Query};

/// Where a dispute stands. <https://docs.stripe.com/api/disputes/object#dispute_object-status>
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
pub enum State {
    Open,
    Won,
    Lost,
}

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "dispute")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub payment_id: Uuid,
    #[sea_orm(unique)]
    pub stripe_dispute_id: String,
    /// Minor units.
    pub amount: i64,
    pub currency: String,
    pub state: State,
    /// Stripe's word: `fraudulent`, `product_not_received`, …
    pub reason: Option<String>,
    pub opened_at: ChronoDateTimeUtc,
    pub closed_at: Option<ChronoDateTimeUtc>,
    /// Whether Stripe lets the payment be given back all the same: nothing was taken, the bank only asks.
    pub is_refundable: bool,
}

impl ActiveModelBehavior for ActiveModel {}

impl Entity {
    /// Those that are open, about tips and gifts: a membership's is flagged in its own row.
    pub fn open_once() -> Select<Self> {
        let once = Query::select()
            .column(super::payment::Column::Id)
            .from(super::payment::Entity)
            .and_where(super::payment::Column::MembershipId.is_null())
            .take();
        Self::find()
            .filter(Column::State.eq(State::Open))
            .filter(Column::PaymentId.in_subquery(once))
    }

    /// The disputes about a payment.
    pub fn of(payment: Uuid) -> Select<Self> {
        Self::find().filter(Column::PaymentId.eq(payment))
    }
}
