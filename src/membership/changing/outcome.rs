//! What comes of pressing for a change.

use super::reckoning::Offer;
use crate::{
    membership::checkout::{self, Begun},
    payments, web,
};

/// The sentence after a change.
pub(super) const CHANGED: &str = "flash-tier-changed";

/// What came of a press.
pub(super) enum Outcome {
    /// It is made, or booked; the sentence to say.
    Done(&'static str),
    /// Her bank wants her own word first.
    Unconfirmed,
    /// It is made once it is paid there.
    Away(Begun),
}

/// Why a change is not made; nothing has changed and nothing was charged.
pub(super) enum Refusal {
    NotOnSale,
    /// Others have all its places.
    Full,
    /// Something comes first.
    NotNow,
    /// It costs something else by now.
    Stale(Box<Offer>),
    Declined(Box<Offer>),
    /// Her bank wants her own word, and the change cannot wait for it.
    Unconfirmed(Box<Offer>),
    Failed(web::Error),
}

impl From<web::Error> for Refusal {
    fn from(error: web::Error) -> Self {
        Self::Failed(error)
    }
}

impl From<sea_orm::DbErr> for Refusal {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::Failed(error.into())
    }
}

impl From<payments::Error> for Refusal {
    fn from(error: payments::Error) -> Self {
        Self::Failed(error.into())
    }
}

impl From<checkout::Refusal> for Refusal {
    fn from(refusal: checkout::Refusal) -> Self {
        match refusal {
            checkout::Refusal::Full | checkout::Refusal::BeingPaidFor => Self::Full,
            refusal => Self::Failed(refusal.into()),
        }
    }
}
