//! A place in a tier that is kept for a membership while it changes to that tier.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "kept_place")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub membership_id: Uuid,
    pub tier_id: Uuid,
    /// For how long, should nobody take it back before.
    pub until: ChronoDateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
