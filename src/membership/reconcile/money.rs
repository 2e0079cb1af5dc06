//! Every payment and fee at Stripe against the books here.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::{
    Step,
    compare::{Found, Sides},
    note,
    once::AllOnce,
};
use crate::{
    app::App,
    entities::{
        difference::Class,
        ledger_entry::{self, Account},
        membership, payment, price, reconciliation,
    },
    membership::{ledger, sync::by_invoice},
    money::Money,
    payments::{Charge, Invoice, List, Pace, Page, Reference, Taken},
};

pub(super) const fn list(path: &'static str, filter: Option<(&'static str, &'static str)>) -> List {
    List {
        path,
        filter,
        expand: &[],
    }
}

pub(super) async fn page<T: DeserializeOwned>(
    app: &App,
    pace: &Pace,
    run: &reconciliation::Model,
    list: List,
) -> anyhow::Result<Page<T>> {
    pace.turn().await;
    let since = run.since.as_ref().map(DateTime::<Utc>::timestamp);
    Ok(app
        .payments
        .page(list, since, run.cursor.as_deref())
        .await?)
}

pub(super) fn step<T>(page: &Page<T>, id: impl Fn(&T) -> &str) -> Step {
    let last = page.data.last().map(|there| id(there).to_owned());
    Step {
        compared: page.data.len(),
        cursor: last.filter(|_| page.has_more),
    }
}

/// Paid invoices against payments.
pub(super) async fn invoices(
    app: &App,
    pace: &Pace,
    run: &reconciliation::Model,
) -> anyhow::Result<Step> {
    let list = list("/invoices", Some(("status", "paid")));
    let page: Page<Invoice> = page(app, pace, run, list).await?;
    let paid = page.data.iter().filter(|invoice| invoice.amount_paid > 0);
    let booked = payment::Entity::find()
        .filter(
            payment::Column::StripeInvoiceId.is_in(paid.clone().map(|invoice| invoice.id.as_str())),
        )
        .all(&app.db)
        .await?;
    let subscriptions = paid.clone().filter_map(|invoice| invoice.subscription());
    let ours: HashMap<String, membership::Model> = membership::Entity::find()
        .filter(membership::Column::StripeSubscriptionId.is_in(subscriptions))
        .all(&app.db)
        .await?
        .into_iter()
        .map(|row| (row.stripe_subscription_id.clone(), row))
        .collect();
    let sold = paid.clone().filter_map(Invoice::sold);
    let prices: HashMap<String, Uuid> = price::Entity::find()
        .filter(price::Column::StripePriceId.is_in(sold))
        .all(&app.db)
        .await?
        .into_iter()
        .filter_map(|row| Some((row.stripe_price_id?, row.id)))
        .collect();
    let mut found = Vec::new();
    for there in paid {
        let sum = Money::new(there.amount_paid, &there.currency).coded();
        let here = booked
            .iter()
            .find(|row| row.stripe_invoice_id.as_deref() == Some(&there.id));
        let of = there.subscription().and_then(|id| ours.get(id));
        match here {
            None if of.is_some() => {
                let (class, theirs) = (Class::MissingHere, format!("payment {sum}"));
                found.push(Found::new(class, &there.id, "payment none", theirs));
            }
            Some(row) => {
                let sold = there.sold().and_then(|sold| prices.get(sold));
                let due = by_invoice(row, there, of, sold.copied());
                found.extend(payment(row, &due));
            }
            None => {}
        }
    }
    note(app, run, found).await?;
    Ok(step(&page, |invoice| &invoice.id))
}

/// A payment that is not as it should be: in its amount, or in something else.
pub(super) fn payment(row: &payment::Model, due: &payment::Model) -> Option<Found> {
    let sides = Sides::of(row, due, (&row.currency, &due.currency));
    let class = match sides.name_any(&["amount", "tax", "currency"]) {
        true => Class::LedgerDiffers,
        false => Class::StateDiffers,
    };
    sides.found(class, &row.id.to_string())
}

/// What a group and its corrections have moved at Stripe.
#[derive(Debug, Default)]
pub(super) struct Kept(Vec<ledger_entry::Model>);

impl Kept {
    /// Minor units.
    pub fn sum(&self) -> i64 {
        let at_stripe = self.0.iter().filter(|one| one.account == Account::Stripe);
        at_stripe.map(|entry| entry.amount).sum()
    }

    /// The month in which it stands and should not.
    pub fn misdated(&self, at: Option<DateTime<Utc>>) -> Option<DateTime<Utc>> {
        ledger::misdated(&self.0.iter().collect::<Vec<_>>(), at?)
    }
}

/// What the ledger has of these groups, by their keys.
pub(super) async fn kept(app: &App, keys: &[String]) -> anyhow::Result<HashMap<String, Kept>> {
    let entries = ledger_entry::Entity::find()
        .filter(ledger::about(keys.iter().map(String::as_str)))
        .all(&app.db)
        .await?;
    let mut kept: HashMap<String, Kept> = HashMap::new();
    for entry in entries {
        let of = kept.entry(entry.about().to_owned()).or_default();
        of.0.push(entry);
    }
    Ok(kept)
}

/// The payments behind these charges and intents, by charge.
pub(super) async fn payments_of(
    app: &App,
    charges: &[(Option<&str>, Option<&str>)],
) -> anyhow::Result<Vec<payment::Model>> {
    let ids = charges.iter().filter_map(|(charge, _)| *charge);
    let intents = charges.iter().filter_map(|(_, intent)| *intent);
    let any = sea_orm::Condition::any()
        .add(payment::Column::StripeChargeId.is_in(ids))
        .add(payment::Column::StripePaymentIntentId.is_in(intents));
    Ok(payment::Entity::find().filter(any).all(&app.db).await?)
}

pub(super) fn is_of(row: &payment::Model, charge: Option<&str>, intent: Option<&str>) -> bool {
    let same =
        |mine: &Option<String>, theirs: Option<&str>| mine.is_some() && mine.as_deref() == theirs;
    same(&row.stripe_charge_id, charge) || same(&row.stripe_payment_intent_id, intent)
}

/// Every charge against the payments here, and what Stripe kept of it against the fees in the ledger. One
/// that a checkout of ours has begun says so itself, whatever became of its events.
pub(super) async fn balance(
    app: &App,
    pace: &Pace,
    run: &reconciliation::Model,
) -> anyhow::Result<Step> {
    let list = List {
        expand: &["data.source"],
        ..list("/balance_transactions", Some(("type", "charge")))
    };
    let page: Page<Taken> = page(app, pace, run, list).await?;
    let sources = page.data.iter().filter_map(|there| there.source.as_ref());
    let charges: Vec<_> = sources.map(named).collect();
    let payments = payments_of(app, &charges).await?;
    let key = |there: &Taken| format!("fee:{}", there.id);
    let keys: Vec<String> = page.data.iter().map(key).collect();
    let kept = kept(app, &keys).await?;
    let paid = page.data.iter().filter_map(|there| {
        let source = there.source.as_ref()?;
        let (charge, intent) = named(source);
        let payment = payments.iter().find(|row| is_of(row, charge, intent));
        Some((source, payment))
    });
    let begun = AllOnce::of(app, &paid.collect::<Vec<_>>()).await?;
    let mut found = Vec::new();
    for there in &page.data {
        let Some(source) = &there.source else {
            continue;
        };
        let (charge, intent) = named(source);
        match payments.iter().find(|row| is_of(row, charge, intent)) {
            Some(payment) => {
                let kept = kept.get(&key(there));
                let sides = fee(there, kept.unwrap_or(&Kept::default()));
                found.extend(sides.found(Class::LedgerDiffers, &payment.id.to_string()));
                found.extend(begun.differs(payment, source, there.created));
            }
            None if source.metadata.contains_key("plaudit_checkout") => {
                let sum = Money::new(source.amount, &source.currency).coded();
                let (class, theirs) = (Class::MissingHere, format!("payment {sum}"));
                found.push(Found::new(class, &source.id, "payment none", theirs));
            }
            None => {}
        }
    }
    note(app, run, found).await?;
    Ok(step(&page, |there| &there.id))
}

/// What Stripe kept of a payment, and when.
fn fee(there: &Taken, kept: &Kept) -> Sides {
    let mut sides = Sides::default();
    let coded = |fee| Money::new(fee, &there.currency).coded();
    sides.hold("fee", coded(-kept.sum()), coded(there.fee));
    if let (Some(wrong), Some(right)) = (kept.misdated(there.created), there.created) {
        sides.hold("booked_at", wrong.to_rfc3339(), right.to_rfc3339());
    }
    sides
}

/// By what a payment can be found.
pub(super) fn named(charge: &Charge) -> (Option<&str>, Option<&str>) {
    let intent = charge.payment_intent.as_ref().map(Reference::id);
    (Some(&charge.id), intent)
}
