//! Putting the books of one payment right by what Stripe says of it: first its amount, then by the same sync that
//! events end in, then by correcting entries. What is kept is never changed.

use anyhow::Context as _;
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set, EntityTrait, QuerySelect as _};
use uuid::Uuid;

use super::books;
use crate::{
    app::App,
    db,
    entities::{ledger_entry::Kind, payment, refund},
    membership::{
        fees,
        inbox::Ending,
        ledger::{self, Facts, Moved},
        roll::tally,
        sent_on,
        sync::{self, Subject},
    },
    money::Money,
    payments::{Booked, Charge, Pace},
};

/// What Stripe says of a payment.
struct Told {
    amount: Money,
    /// Minor units of it.
    tax: i64,
    /// `None` for what was paid outside Stripe.
    charge: Option<Charge>,
    /// What was kept of it, and moved by disputes; `None` without a charge.
    moved: Option<Vec<Moved>>,
}

/// Puts a payment's books right.
///
/// # Errors
/// A [`crate::payments::Error`] if Stripe is away or does not know it; else if the database fails.
pub(super) async fn payment(app: &App, pace: &Pace, id: Uuid) -> anyhow::Result<Ending> {
    let found = payment::Entity::find_by_id(id).one(&app.db).await?;
    let payment = found.context("no such payment")?;
    let entries = ledger::entries(&app.db, &[id]).await?;
    if !entries.is_empty()
        && entries
            .iter()
            .all(|line| line.author_id != payment.author_id)
    {
        let why = "the payment names one author, and all its entries another";
        return Ok(Ending::Parked(why.to_owned()));
    }
    let Some(told) = told(app, pace, &payment).await? else {
        let why = "Stripe does not show it as paid any more";
        return Ok(Ending::Parked(why.to_owned()));
    };
    amount(app, id, &told).await?;
    if !entries.iter().any(|line| line.kind == Kind::Payment) {
        sync::enter_again(app, id).await?;
    }
    if let Some(charge) = &told.charge {
        pace.turn().await;
        fees::book(app, &id.to_string()).await?;
        pace.turn().await;
        sync::now(app, &Subject::Charge(charge.id.clone())).await?;
    }
    correct(app, id, &told).await?;
    Ok(
        match books::differs(app, id, told.moved.as_deref()).await? {
            None => Ending::Done,
            Some((ours, theirs)) => Ending::Parked(format!("still {ours} instead of {theirs}")),
        },
    )
}

async fn told(app: &App, pace: &Pace, payment: &payment::Model) -> anyhow::Result<Option<Told>> {
    pace.turn().await;
    let charge = fees::charge_of(app, payment).await?;
    let charge = charge.map(|(_, charge)| charge);
    let (amount, tax) = match (&payment.stripe_invoice_id, &charge) {
        (Some(invoice), _) => {
            pace.turn().await;
            let invoice = app.payments.invoice(invoice).await?;
            if !invoice.is_paid() {
                return Ok(None);
            }
            let amount = Money::new(invoice.amount_paid, &invoice.currency);
            (amount, invoice.tax())
        }
        (None, Some(charge)) => (Money::new(charge.amount, &charge.currency), 0),
        (None, None) => return Ok(None),
    };
    let moved = match &charge {
        Some(charge) => Some(moved(app, pace, payment, charge).await?),
        None => None,
    };
    Ok(Some(Told {
        amount,
        tax,
        charge,
        moved,
    }))
}

/// What Stripe kept of a charge, and what disputes of it have moved.
async fn moved(
    app: &App,
    pace: &Pace,
    payment: &payment::Model,
    charge: &Charge,
) -> anyhow::Result<Vec<Moved>> {
    let Some(Booked::Whole(kept)) = &charge.balance_transaction else {
        anyhow::bail!("not in the balance yet");
    };
    pace.turn().await;
    let disputes = app.payments.disputes_of(&charge.id).await?;
    let of_disputes = disputes
        .iter()
        .flat_map(|dispute| &dispute.balance_transactions);
    let mut moved = Vec::new();
    for one in of_disputes.clone().chain([kept]) {
        moved.push(Moved {
            key: format!("fee:{}", one.id),
            amount: -one.fee,
            currency: one.currency.clone(),
            at: one.created.unwrap_or(payment.paid_at),
        });
    }
    for one in of_disputes {
        moved.push(Moved {
            key: format!("dispute:{}", one.id),
            amount: one.amount,
            currency: one.currency.clone(),
            at: one.created.unwrap_or(payment.paid_at),
        });
    }
    Ok(moved)
}

/// Lets a payment say what was paid.
async fn amount(app: &App, id: Uuid, told: &Told) -> anyhow::Result<()> {
    let tx = db::begin(&app.db).await?;
    let locked = payment::Entity::find_by_id(id).lock_exclusive();
    let payment = locked.one(&tx).await?.context("no such payment")?;
    let is_told = (payment.amount, payment.tax) == (told.amount.amount, told.tax)
        && payment.currency == told.amount.currency;
    if is_told {
        return Ok(());
    }
    let mut row: payment::ActiveModel = payment.into();
    row.amount = Set(told.amount.amount);
    row.tax = Set(told.tax);
    row.currency = Set(told.amount.currency.clone());
    let row = row.update(&tx).await?;
    tally::recount(&tx, &row).await?;
    tx.commit().await?;
    Ok(())
}

async fn correct(app: &App, id: Uuid, told: &Told) -> anyhow::Result<()> {
    let now = app.clock.now();
    let tx = db::begin(&app.db).await?;
    let locked = payment::Entity::find_by_id(id).lock_exclusive();
    let payment = locked.one(&tx).await?.context("no such payment")?;
    let refunds = refund::Entity::of(id).all(&tx).await?;
    let facts = Facts {
        payment: &payment,
        share: ledger::share_at(&tx, payment.author_id, payment.paid_at).await?,
        refunds: &refunds,
        moved: told.moved.as_deref(),
    };
    ledger::correct(&tx, now, &facts).await?;
    if let Some(charge) = &told.charge {
        sent_on::book(&tx, now, payment, charge).await?;
    }
    tx.commit().await?;
    Ok(())
}
