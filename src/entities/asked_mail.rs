//! Mails that forms had written to an address nobody has proven: three slots, each good again after a day.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "asked_mail")]
pub struct Model {
    /// A keyed hash: which addresses were typed here is nobody's business.
    #[sea_orm(primary_key, auto_increment = false)]
    pub address_hash: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub slot: i32,
    pub at: ChronoDateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
