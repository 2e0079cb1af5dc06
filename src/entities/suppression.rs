//! Addresses that are not written to, or are on the way there. Kept by a keyed hash, so that they outlive
//! the account and say nothing about it.

use sea_orm::entity::prelude::*;
use serde::Serialize;

/// Why an address is not written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum, Serialize)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// A server said for good that there is no such mailbox.
    HardBounce,
    /// Too many soft bounces in too short a time.
    SoftBounces,
    /// Reported as unwanted.
    Complaint,
    Unsubscribed,
    /// The owner wished it.
    Owner,
}

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "suppression")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The normalised address under a keyed hash, in hexadecimal; unique with `purpose`.
    pub fingerprint: String,
    /// `all`, `notices`, or `notices:{author}`.
    pub purpose: String,
    /// `a…@example.org`, for the owner to see.
    pub masked: String,
    /// `None` while it is only counted.
    pub reason: Option<Reason>,
    /// What the server or the person said.
    pub words: String,
    /// The soft bounces at `scored_at`, in hundredths.
    pub score: i32,
    pub scored_at: ChronoDateTimeUtc,
    /// Since when it is not written to; `None` while it is only counted.
    pub suppressed_at: Option<ChronoDateTimeUtc>,
    pub created_at: ChronoDateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
