//! Payments of one day added up. Rows are added and now and then gathered into one: only their sum says
//! anything.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "payment_tally")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub author_id: Uuid,
    /// In UTC: `2026-11-26`.
    pub day: String,
    pub currency: String,
    /// Minor units, tips among them.
    pub received: i64,
    /// Minor units.
    pub tips: i64,
}

impl ActiveModelBehavior for ActiveModel {}
