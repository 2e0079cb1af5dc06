//! Why a checkout cannot begin.

use sea_orm::DbErr;

use crate::{membership::tiers, payments, web};

/// Why a checkout cannot begin.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    #[error("not on sale")]
    NotOnSale,
    #[error("the amount is too small or too large")]
    AmountOutOfRange,
    #[error("less than it costs")]
    BelowFloor,
    #[error("already a patron")]
    AlreadyPatron,
    #[error(transparent)]
    Stripe(#[from] payments::Error),
    #[error(transparent)]
    Failed(#[from] anyhow::Error),
}

impl From<DbErr> for Refusal {
    fn from(error: DbErr) -> Self {
        Self::Failed(error.into())
    }
}

impl From<Refusal> for web::Error {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NotOnSale => Self::BadRequest("membership-not-on-sale"),
            Refusal::AmountOutOfRange => Self::BadRequest("membership-amount-out-of-range"),
            Refusal::BelowFloor => Self::BadRequest("membership-amount-below-floor"),
            Refusal::AlreadyPatron => Self::BadRequest("membership-already-patron"),
            Refusal::Stripe(error) => error.into(),
            Refusal::Failed(error) => match error.downcast::<payments::Error>() {
                Ok(error) => error.into(),
                Err(error) => error.into(),
            },
        }
    }
}

impl From<tiers::Refusal> for Refusal {
    fn from(refusal: tiers::Refusal) -> Self {
        match refusal {
            tiers::Refusal::BelowFloor => Self::BelowFloor,
            tiers::Refusal::AmountOutOfRange => Self::AmountOutOfRange,
            tiers::Refusal::Database(error) => error.into(),
            _ => Self::NotOnSale,
        }
    }
}
