//! Where somebody has signed in from before, so that a new place can be told of.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "known_device")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: Uuid,
    /// A hash of account, browser and network: nobody can read a place out of it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub device_hash: String,
    pub first_seen_at: ChronoDateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
