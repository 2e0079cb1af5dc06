//! Where we and Stripe differed, in one comparison.

use sea_orm::entity::prelude::*;
use serde::Serialize;

/// The classes of difference.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum, Serialize,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// An event that never arrived here.
    UndeliveredEvent,
    /// Stripe has it, we do not.
    MissingHere,
    /// We have it, Stripe does not.
    MissingThere,
    StateDiffers,
    /// Two memberships in force between one reader and one author.
    TwoInForce,
    /// A subscription of ours for a price we do not know.
    UnknownPrice,
    /// A customer made for an account that is not here, or has another one.
    OrphanCustomer,
    PaymentWithoutReceipt,
    LedgerDiffers,
}

impl Class {
    /// The word commands, metrics and the catalogues tell it by.
    pub fn word(self) -> &'static str {
        match self {
            Self::UndeliveredEvent => "undelivered_event",
            Self::MissingHere => "missing_here",
            Self::MissingThere => "missing_there",
            Self::StateDiffers => "state_differs",
            Self::TwoInForce => "two_in_force",
            Self::UnknownPrice => "unknown_price",
            Self::OrphanCustomer => "orphan_customer",
            Self::PaymentWithoutReceipt => "payment_without_receipt",
            Self::LedgerDiffers => "ledger_differs",
        }
    }
}

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "difference")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub reconciliation_id: Uuid,
    pub class: Class,
    /// The id of what differs, Stripe's where it has one.
    pub subject: String,
    /// How it stood here, and there.
    pub ours: String,
    pub theirs: String,
    pub mended_at: Option<ChronoDateTimeUtc>,
    /// Why it could not be mended.
    pub error: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}

impl Entity {
    /// What one comparison has found.
    pub fn of(run: Uuid) -> Select<Self> {
        Self::find().filter(Column::ReconciliationId.eq(run))
    }
}
