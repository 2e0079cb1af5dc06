//! Why a tier cannot be as somebody wants it.

use sea_orm::DbErr;

use crate::web;

/// Why a tier cannot be like that. Each has a sentence in the catalogues.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    #[error("the name is missing")]
    NameMissing,
    #[error("the name or the description is too long")]
    WordsTooLong,
    #[error("a tier has 1 to 100,000 places, or no limit")]
    SeatsOutOfRange,
    #[error("that is not a currency code")]
    UnknownCurrency,
    #[error("a tier needs a monthly or a yearly amount")]
    NoAmount,
    #[error("the amount is too small or too large")]
    AmountOutOfRange,
    #[error("a currency stands there twice")]
    CurrencyTwice,
    #[error("that is less than the tier costs")]
    BelowFloor,
    #[error("a trial lasts 1 to 365 days")]
    TrialOutOfRange,
    #[error("there is no such tier")]
    NoSuchTier,
    #[error(transparent)]
    Database(#[from] DbErr),
}

impl Refusal {
    /// The catalogue key of the sentence that says so.
    pub fn key(&self) -> &'static str {
        match self {
            Self::NameMissing => "membership-tier-name-missing",
            Self::WordsTooLong => "tiers-words-too-long",
            Self::SeatsOutOfRange => "tiers-seats-out-of-range",
            Self::UnknownCurrency => "membership-tier-currency-unknown",
            Self::NoAmount => "membership-tier-amount-missing",
            Self::AmountOutOfRange => "membership-tier-amount-out-of-range",
            Self::CurrencyTwice => "membership-tier-currency-twice",
            Self::BelowFloor => "membership-amount-below-floor",
            Self::TrialOutOfRange => "membership-tier-trial-out-of-range",
            Self::NoSuchTier | Self::Database(_) => "membership-tier-unknown",
        }
    }
}

impl From<Refusal> for web::Error {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Database(error) => error.into(),
            Refusal::NoSuchTier => Self::NotFound,
            other => Self::BadRequest(other.key()),
        }
    }
}
