//! Giving money back from the studio: Stripe is asked, and what comes of it is booked by the same sync
//! that hears of refunds from Stripe's own dashboard.

use sea_orm::{ConnectionTrait, DbErr, EntityTrait as _, QuerySelect as _};
use uuid::Uuid;

use super::{
    fees,
    sync::{self, Subject},
};
use crate::{
    app::App,
    db,
    entities::{
        audit_entry::{self, Act},
        dispute, payment,
    },
    payments::{self, Refund},
};

/// Why money cannot be given back. Each has a sentence in the catalogues.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    #[error("nothing is left to give back")]
    NothingLeft,
    #[error("the amount is too small or too large")]
    AmountOutOfRange,
    #[error("Stripe knows no charge for it")]
    NotCharged,
    #[error("it was given back a moment before")]
    Meanwhile,
    #[error("a bank has taken it back, or decides about it")]
    Disputed,
    #[error("a bank asks about it, and only the whole settles that")]
    OnlyWhole,
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
            Self::Meanwhile => "membership-refund-meanwhile",
            Self::Disputed => "membership-refund-disputed",
            Self::OnlyWhole => "membership-refund-only-whole",
            Self::Refused(_) | Self::Failed(_) => "membership-refund-refused",
        }
    }
}

/// What a bank does about a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bank {
    /// It has taken the money back, for good or until it has decided.
    Disputes,
    /// It asks, and has taken nothing: given back whole, the payment is disputed no more.
    /// Source: <https://docs.stripe.com/disputes/how-disputes-work#inquiries>
    Asks,
}

/// What a bank does about a payment by now, as far as it was told here.
///
/// # Errors
/// If the database fails.
pub async fn bank(db: &impl ConnectionTrait, payment: Uuid) -> Result<Option<Bank>, DbErr> {
    let all = dispute::Entity::of(payment).all(db).await?;
    let standing = all.iter().filter(|row| row.state != dispute::State::Won);
    let does = standing.map(
        |row| match row.state == dispute::State::Open && row.is_refundable {
            true => Bank::Asks,
            false => Bank::Disputes,
        },
    );
    Ok(does.max_by_key(|does| *does == Bank::Disputes))
}

/// One press that gives money back.
#[derive(Clone, Copy, Debug)]
pub struct Press<'a> {
    /// Who presses.
    pub who: Uuid,
    /// Minor units; `None` for all that is left.
    pub amount: Option<i64>,
    /// Stripe's word.
    pub reason: Option<&'a str>,
    /// Tells this press of the form from every other.
    pub nonce: Uuid,
}

/// Gives money back. The same press a second time gives nothing back again, and is written down once.
///
/// # Errors
/// A [`Refusal`]; nothing was given back.
pub async fn refund(app: &App, payment: &payment::Model, press: Press<'_>) -> Result<(), Refusal> {
    let Press {
        amount,
        reason,
        nonce,
        ..
    } = press;
    let left = payment.amount - payment.refunded;
    if left <= 0 {
        return Err(Refusal::NothingLeft);
    }
    if amount.is_some_and(|amount| !(1..=left).contains(&amount)) {
        return Err(Refusal::AmountOutOfRange);
    }
    match bank(&app.db, payment.id)
        .await
        .map_err(anyhow::Error::from)?
    {
        Some(Bank::Disputes) => return Err(Refusal::Disputed),
        Some(Bank::Asks) if amount.is_some_and(|amount| amount < left) => {
            return Err(Refusal::OnlyWhole);
        }
        Some(Bank::Asks) | None => {}
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
    let given = match given {
        Ok(given) => given,
        Err(payments::Error::Refused(why)) => {
            return Err(refused(app, payment, charge, why).await?);
        }
        Err(payments::Error::NotFound) => return Err(Refusal::NotCharged),
        Err(error) => return Err(Refusal::Failed(error.into())),
    };
    noted(app, payment, press.who, &given).await?;
    sync::now(app, &Subject::Charge(charge)).await?;
    Ok(())
}

/// Why Stripe has refused: of two who press at once the second reads that it is given back, and sees what is left.
async fn refused(
    app: &App,
    payment: &payment::Model,
    charge: String,
    why: String,
) -> anyhow::Result<Refusal> {
    sync::now(app, &Subject::Charge(charge)).await?;
    let fresh = payment::Entity::find_by_id(payment.id).one(&app.db).await?;
    let is_given = fresh.is_some_and(|fresh| fresh.refunded > payment.refunded);
    Ok(match is_given {
        true => Refusal::Meanwhile,
        false => Refusal::Refused(why),
    })
}

/// Writes down who has given it back, once.
async fn noted(
    app: &App,
    payment: &payment::Model,
    who: Uuid,
    given: &Refund,
) -> anyhow::Result<()> {
    let tx = db::begin(&app.db).await?;
    let locked = payment::Entity::find_by_id(payment.id).lock_exclusive();
    locked.one(&tx).await?;
    let detail = serde_json::json!({
        "payer": payment.account_id,
        "author": payment.author_id,
        "back": { "amount": given.amount, "currency": given.currency },
        "reason": given.reason,
    });
    let act = Act {
        by: Some(who),
        verb: "refund",
        subject: &given.id,
    };
    audit_entry::Entity::note_once(&tx, app.clock.now(), act, &detail).await?;
    tx.commit().await?;
    Ok(())
}
