//! Giving money back from the studio: Stripe is asked, and what comes of it is booked by the same sync
//! that hears of refunds from Stripe's own dashboard.

use uuid::Uuid;

use super::{
    fees,
    sync::{self, Subject},
};
use crate::{app::App, entities::payment, payments};

/// Why money cannot be given back. Each has a sentence in the catalogues.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    #[error("nothing is left to give back")]
    NothingLeft,
    #[error("the amount is too small or too large")]
    AmountOutOfRange,
    #[error("Stripe knows no charge for it")]
    NotCharged,
    #[error("Stripe refused")]
    Refused(String),
    #[error(transparent)]
    Failed(#[from] anyhow::Error),
}

impl Refusal {
    /// The catalogue key of the sentence that says so.
    pub fn key(&self) -> &'static str {
        match self {
            Self::NothingLeft => "membership-refund-nothing-left",
            Self::AmountOutOfRange => "membership-refund-out-of-range",
            Self::NotCharged => "membership-refund-not-charged",
            Self::Refused(_) | Self::Failed(_) => "membership-refund-refused",
        }
    }
}

/// Gives back `amount` in minor units, or all that is left. A second press of the same form, told by its
/// `nonce`, gives nothing back again.
///
/// # Errors
/// A [`Refusal`]; nothing was given back.
pub async fn refund(
    app: &App,
    payment: &payment::Model,
    amount: Option<i64>,
    reason: Option<&str>,
    nonce: Uuid,
) -> Result<(), Refusal> {
    let left = payment.amount - payment.refunded;
    if left <= 0 {
        return Err(Refusal::NothingLeft);
    }
    if amount.is_some_and(|amount| !(1..=left).contains(&amount)) {
        return Err(Refusal::AmountOutOfRange);
    }
    let (charge, is_sent_on) = match &payment.stripe_charge_id {
        Some(charge) => (charge.clone(), payment.stripe_transfer_id.is_some()),
        None => {
            let found = fees::charge_of(app, payment).await?;
            let (_, charge) = found.ok_or(Refusal::NotCharged)?;
            let is_sent_on = charge.sent_on().is_some();
            (charge.id, is_sent_on)
        }
    };
    let key = format!("refund:{}:{nonce}", payment.id);
    let stripe = &app.payments;
    // Stripe divides tax with the rest, and would take more from the author than his part: what he has too much
    // of a taxed payment is taken back after, to the cent.
    let from_author = is_sent_on && payment.tax == 0;
    let mut given = stripe
        .give_back(&key, &charge, amount, reason, from_author)
        .await;
    if let (Err(payments::Error::Refused(_)), true) = (&given, from_author) {
        // The author's own account is gone or empty: the reader gets her money all the same.
        let key = format!("{key}:alone");
        given = stripe.give_back(&key, &charge, amount, reason, false).await;
    }
    given.map_err(|error| match error {
        payments::Error::Refused(why) => Refusal::Refused(why),
        payments::Error::NotFound => Refusal::NotCharged,
        error => Refusal::Failed(error.into()),
    })?;
    sync::now(app, &Subject::Charge(charge)).await?;
    Ok(())
}
