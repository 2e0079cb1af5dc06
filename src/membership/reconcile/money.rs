//! Every payment and fee at Stripe against the books here.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde::de::DeserializeOwned;

use super::{Step, compare::Found, note};
use crate::{
    app::App,
    entities::{
        difference::Class,
        ledger_entry::{self, Account},
        membership, payment, reconciliation,
    },
    membership::ledger,
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
    let ours = membership::Entity::find()
        .filter(membership::Column::StripeSubscriptionId.is_in(subscriptions))
        .all(&app.db)
        .await?;
    let mut found = Vec::new();
    for there in paid {
        let sum = Money::new(there.amount_paid, &there.currency).coded();
        let here = booked
            .iter()
            .find(|row| row.stripe_invoice_id.as_deref() == Some(&there.id));
        let is_ours = ours
            .iter()
            .any(|row| Some(row.stripe_subscription_id.as_str()) == there.subscription());
        match here {
            None if is_ours => {
                found.push(Found::new(Class::MissingHere, &there.id, "nothing", sum));
            }
            Some(row) => {
                let theirs = told(there.amount_paid, there.tax(), &there.currency);
                found.extend(amount(row, theirs));
            }
            None => {}
        }
    }
    note(app, run, found).await?;
    Ok(step(&page, |invoice| &invoice.id))
}

fn told(amount: i64, tax: i64, currency: &str) -> String {
    let coded = |amount| Money::new(amount, currency).coded();
    match tax {
        0 => coded(amount),
        tax => format!("{}, of it {} tax", coded(amount), coded(tax)),
    }
}

/// A payment of another amount than Stripe tells.
fn amount(row: &payment::Model, theirs: String) -> Option<Found> {
    let ours = told(row.amount, row.tax, &row.currency);
    let id = row.id.to_string();
    (ours != theirs).then(|| Found::new(Class::LedgerDiffers, &id, ours, theirs))
}

/// What these groups have moved at Stripe, by the group, their corrections among them.
pub(super) async fn moved(app: &App, keys: &[String]) -> anyhow::Result<HashMap<String, i64>> {
    let entries = ledger_entry::Entity::find()
        .filter(ledger::about(keys.iter().map(String::as_str)))
        .filter(ledger_entry::Column::Account.eq(Account::Stripe))
        .all(&app.db)
        .await?;
    let mut moved: HashMap<String, i64> = HashMap::new();
    for entry in entries {
        *moved.entry(entry.about().to_owned()).or_default() += entry.amount;
    }
    Ok(moved)
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
    let kept = moved(app, &keys).await?;
    let mut found = Vec::new();
    for there in &page.data {
        let Some(source) = &there.source else {
            continue;
        };
        let (charge, intent) = named(source);
        let here = -kept.get(&key(there)).copied().unwrap_or_default();
        match payments.iter().find(|row| is_of(row, charge, intent)) {
            Some(payment) if here != there.fee => {
                let subject = payment.id.to_string();
                let fee = |fee| format!("fee {}", Money::new(fee, &there.currency).coded());
                let (ours, theirs) = (fee(here), fee(there.fee));
                found.push(Found::new(Class::LedgerDiffers, &subject, ours, theirs));
            }
            // No invoice says what it was.
            Some(payment) if payment.stripe_invoice_id.is_none() => {
                found.extend(amount(payment, told(source.amount, 0, &source.currency)));
            }
            None if source.metadata.contains_key("plaudit_checkout") => {
                let sum = Money::new(source.amount, &source.currency).coded();
                found.push(Found::new(Class::MissingHere, &source.id, "nothing", sum));
            }
            _ => {}
        }
    }
    note(app, run, found).await?;
    Ok(step(&page, |there| &there.id))
}

/// By what a payment can be found.
pub(super) fn named(charge: &Charge) -> (Option<&str>, Option<&str>) {
    let intent = charge.payment_intent.as_ref().map(Reference::id);
    (Some(&charge.id), intent)
}
