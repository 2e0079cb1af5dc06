//! Why a tier cannot be as somebody wants it.

use sea_orm::DbErr;

use crate::{
    money::{NotAnAmount, has_parts},
    web,
};

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
    /// Smaller coins than the currency has; whether it has any below the whole.
    #[error("finer than the currency's coins")]
    TooFine { has_parts: bool },
    #[error("an amount of another currency")]
    OtherCurrency,
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
            Self::TooFine { has_parts: true } => "membership-tier-amount-decimals",
            Self::TooFine { has_parts: false } => "membership-tier-amount-whole",
            Self::OtherCurrency => "membership-change-other-currency",
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

impl Refusal {
    /// Why a typed amount is none of this currency.
    pub fn of_typed(refused: &NotAnAmount, currency: &str) -> Self {
        match refused {
            NotAnAmount::TooFine(_) => Self::TooFine {
                has_parts: has_parts(currency),
            },
            NotAnAmount::Unreadable(_) => Self::AmountOutOfRange,
        }
    }
}
