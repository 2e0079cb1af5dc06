//! The subscriptions a comparison has seen at Stripe, so that those missing there are known.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "reconciliation_seen")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub reconciliation_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub subject: String,
}

impl ActiveModelBehavior for ActiveModel {}
