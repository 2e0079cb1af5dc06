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
    /// Smaller coins than the currency has; whether it has any below the whole.
    #[error("finer than the currency's coins")]
    TooFine { has_parts: bool },
    #[error("less than it costs")]
    BelowFloor,
    /// Stripe bills a person in one currency, and hers is this other one (ISO 4217, lower case).
    #[error("what she pays already is in {0}")]
    OtherCurrency(String),
    #[error("all places are taken")]
    Full,
    /// Somebody is at Checkout with the last one.
    #[error("the last places are being paid for")]
    BeingPaidFor,
    #[error("already a patron")]
    AlreadyPatron,
    #[error("too many checkouts")]
    TooOften(web::Error),
    #[error(transparent)]
    Stripe(#[from] payments::Error),
    #[error(transparent)]
    Failed(#[from] anyhow::Error),
}

/// How Stripe begins to say that a customer pays in another currency already; the code ends the sentence.
/// Source: <https://docs.stripe.com/billing/customer#currency>
const COMBINED: &str = "You cannot combine currencies on a single customer";

impl Refusal {
    /// Why Stripe made no session.
    pub(super) fn of_session(error: payments::Error) -> Self {
        match &error {
            payments::Error::Refused(why) if why.contains(COMBINED) => {
                let code = why.trim_end_matches('.').rsplit(' ').next();
                Self::OtherCurrency(code.unwrap_or_default().to_lowercase())
            }
            _ => Self::Stripe(error),
        }
    }

    /// The words for whoever can choose differently.
    pub(in super::super) fn problem(&self) -> Option<&'static str> {
        match self {
            Self::NotOnSale => Some("membership-not-on-sale"),
            Self::AmountOutOfRange => Some("membership-amount-out-of-range"),
            Self::TooFine { has_parts } => Some(too_fine(*has_parts)),
            Self::BelowFloor => Some("membership-amount-below-floor"),
            Self::OtherCurrency(_) => Some("membership-other-currency"),
            Self::Full => Some("tiers-full"),
            Self::BeingPaidFor => Some("tiers-being-paid-for"),
            Self::AlreadyPatron | Self::TooOften(_) | Self::Stripe(_) | Self::Failed(_) => None,
        }
    }

    /// The currency she pays in already, as it is written for people.
    pub(in super::super) fn currency(&self) -> Option<String> {
        match self {
            Self::OtherCurrency(code) => Some(code.to_uppercase()),
            _ => None,
        }
    }
}

/// The words for an amount of smaller coins than there are.
fn too_fine(has_parts: bool) -> &'static str {
    match has_parts {
        true => "membership-amount-decimals",
        false => "membership-amount-whole",
    }
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
            Refusal::TooFine { has_parts } => Self::BadRequest(too_fine(has_parts)),
            Refusal::BelowFloor => Self::BadRequest("membership-amount-below-floor"),
            Refusal::OtherCurrency(_) => Self::BadRequest("membership-not-on-sale"),
            Refusal::Full => Self::BadRequest("tiers-full"),
            Refusal::BeingPaidFor => Self::BadRequest("tiers-being-paid-for"),
            Refusal::AlreadyPatron => Self::BadRequest("membership-already-patron"),
            Refusal::TooOften(error) => error,
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
            tiers::Refusal::TooFine { has_parts } => Self::TooFine { has_parts },
            tiers::Refusal::Database(error) => error.into(),
            _ => Self::NotOnSale,
        }
    }
}
