//! Putting the books of one payment right by what Stripe says of it: first its row, then by the same sync that
//! events end in, then by correcting entries. What is kept is never changed.

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use sea_orm::{EntityTrait, QuerySelect as _};
use uuid::Uuid;

use super::{books, once, rows, words};
use crate::{
    app::App,
    db,
    entities::{
        checkout,
        ledger_entry::{self, Kind},
        payment, refund,
    },
    membership::{
        fees,
        inbox::Ending,
        ledger::{self, Facts, Moved},
        sent_on,
        sync::{self, Subject},
    },
    payments::{self, Charge, CheckoutSession, Invoice, Pace},
};

/// What Stripe says of a payment.
pub(super) struct Told {
    /// What was paid, for a membership.
    pub invoice: Option<Invoice>,
    /// `None` for what was paid outside Stripe.
    pub charge: Option<Charge>,
    /// The Checkout in which it was paid, where no invoice bills it and Stripe still has it.
    pub session: Option<CheckoutSession>,
    /// What was kept of it, and moved by disputes; `None` without a charge.
    pub moved: Option<Vec<Moved>>,
    /// When what was sent on came to how much.
    pub sent: Vec<(DateTime<Utc>, i64)>,
}

/// Puts a payment right, then what it has paid for, then its books.
///
/// # Errors
/// A [`crate::payments::Error`] if Stripe is away or does not know it; else if the database fails.
pub(super) async fn payment(app: &App, pace: &Pace, id: Uuid) -> anyhow::Result<Ending> {
    let found = payment::Entity::find_by_id(id).one(&app.db).await?;
    let payment = found.context("no such payment")?;
    let Some(told) = told(app, pace, &payment).await? else {
        let why = "Stripe does not show it as paid any more";
        return Ok(Ending::Parked(why.to_owned()));
    };
    let payment = rows::put(app, id, &told).await?;
    let entries = ledger::entries(&app.db, &[id]).await?;
    let is_anothers = |line: &ledger_entry::Model| line.author_id != payment.author_id;
    if !entries.is_empty() && entries.iter().all(is_anothers) {
        let why = "the payment names one author, and all its entries another";
        return Ok(Ending::Parked(why.to_owned()));
    }
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
    // Once more: whether a tip or a gift is good, its refunds say.
    rows::put(app, id, &told).await?;
    Ok(match books::differs(app, id, Some(&told)).await? {
        None => Ending::Done,
        Some((ours, theirs)) => {
            let side = |kept: &str| words::side(app, "en", kept);
            let (ours, theirs) = (side(&ours), side(&theirs));
            Ending::Parked(format!("still {ours} instead of {theirs}"))
        }
    })
}

async fn told(app: &App, pace: &Pace, payment: &payment::Model) -> anyhow::Result<Option<Told>> {
    let invoice = match &payment.stripe_invoice_id {
        Some(invoice) => {
            pace.turn().await;
            let invoice = app.payments.invoice(invoice).await?;
            if !invoice.is_paid() {
                return Ok(None);
            }
            Some(invoice)
        }
        None => None,
    };
    let charge = charge(app, pace, payment).await?;
    if invoice.is_none() && charge.is_none() {
        return Ok(None);
    }
    let moved = match &charge {
        Some(charge) => Some(moved(app, pace, payment, charge).await?),
        None => None,
    };
    let session = match &charge {
        Some(charge) if invoice.is_none() => session(app, pace, charge).await?,
        _ => None,
    };
    let sent = charge.as_ref().and_then(Charge::sent_on);
    let sent = sent.and_then(|sent| sent.course()).unwrap_or_default();
    Ok(Some(Told {
        invoice,
        charge,
        session,
        moved,
        sent,
    }))
}

async fn session(
    app: &App,
    pace: &Pace,
    charge: &Charge,
) -> anyhow::Result<Option<CheckoutSession>> {
    let Some(begun) = once::begun_by(charge) else {
        return Ok(None);
    };
    let checkout = checkout::Entity::find_by_id(begun).one(&app.db).await?;
    let Some(id) = checkout.and_then(|checkout| checkout.stripe_session_id) else {
        return Ok(None);
    };
    pace.turn().await;
    match app.payments.checkout_session(&id).await {
        Ok(session) => Ok(Some(session)),
        Err(payments::Error::NotFound) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// The charge that paid: of the intent that Stripe names or we do, else by its own name.
async fn charge(
    app: &App,
    pace: &Pace,
    payment: &payment::Model,
) -> anyhow::Result<Option<Charge>> {
    let mut intent = payment.stripe_payment_intent_id.clone();
    if let Some(invoice) = &payment.stripe_invoice_id {
        pace.turn().await;
        let (told, _) = app.payments.payment_of(invoice).await?;
        intent = told.or(intent);
    }
    if let Some(intent) = intent {
        pace.turn().await;
        match app.payments.charges_of(&intent).await {
            Ok(charges) => {
                if let Some(paid) = charges.into_iter().find(Charge::is_paid) {
                    return Ok(Some(paid));
                }
            }
            Err(payments::Error::NotFound | payments::Error::Refused(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let Some(charge) = &payment.stripe_charge_id else {
        return Ok(None);
    };
    pace.turn().await;
    match app.payments.charge(charge).await {
        Ok(charge) => Ok(Some(charge).filter(Charge::is_paid)),
        Err(payments::Error::NotFound | payments::Error::Refused(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// What Stripe kept of a charge, and what disputes of it have moved.
async fn moved(
    app: &App,
    pace: &Pace,
    payment: &payment::Model,
    charge: &Charge,
) -> anyhow::Result<Vec<Moved>> {
    let kept = charge.kept().context("not in the balance yet")?;
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
        sent: &told.sent,
    };
    ledger::correct(&tx, now, &facts).await?;
    if let Some(charge) = &told.charge {
        sent_on::book(&tx, now, payment, charge).await?;
    }
    tx.commit().await?;
    Ok(())
}
