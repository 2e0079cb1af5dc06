//! Every payment, refund, dispute and fee at Stripe against the books here.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde::de::DeserializeOwned;

use super::{Step, compare::Found, note};
use crate::{
    app::App,
    entities::{
        difference::Class,
        dispute,
        ledger_entry::{self, Account},
        membership, payment, reconciliation, refund,
    },
    payments::{Charge, Dispute, Invoice, List, Pace, Page, Reference, Refund, Taken},
};

const fn list(path: &'static str, filter: Option<(&'static str, &'static str)>) -> List {
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
        let sum = format!("{} {}", there.amount_paid, there.currency);
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
            Some(row) if (row.amount, &row.currency) != (there.amount_paid, &there.currency) => {
                let ours = format!("{} {}", row.amount, row.currency);
                found.push(Found::new(Class::LedgerDiffers, &there.id, ours, sum));
            }
            _ => {}
        }
    }
    note(app, run, found).await?;
    Ok(step(&page, |invoice| &invoice.id))
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

/// Refunds against refunds. One of a payment we do not know is somebody else's, or comes with it.
pub(super) async fn refunds(
    app: &App,
    pace: &Pace,
    run: &reconciliation::Model,
) -> anyhow::Result<Step> {
    let page: Page<Refund> = page(app, pace, run, list("/refunds", None)).await?;
    let booked = refund::Entity::find()
        .filter(
            refund::Column::StripeRefundId.is_in(page.data.iter().map(|there| there.id.as_str())),
        )
        .all(&app.db)
        .await?;
    let named = |there: &Refund| {
        let id =
            |reference: &Option<Reference>| reference.as_ref().map(|found| found.id().to_owned());
        (id(&there.charge), id(&there.payment_intent))
    };
    let of: Vec<_> = page.data.iter().map(named).collect();
    let of: Vec<_> = of
        .iter()
        .map(|(charge, intent)| (charge.as_deref(), intent.as_deref()))
        .collect();
    let payments = payments_of(app, &of).await?;
    let mut found = Vec::new();
    for (there, (charge, intent)) in page.data.iter().zip(of) {
        let known = payments.iter().any(|row| is_of(row, charge, intent));
        let status = there.status.as_deref().unwrap_or("succeeded");
        let theirs = format!("{} {} {status}", there.amount, there.currency);
        let here = booked.iter().find(|row| row.stripe_refund_id == there.id);
        let charge = charge.unwrap_or(&there.id);
        match here {
            None if known => {
                found.push(Found::new(Class::MissingHere, charge, "no refund", theirs));
            }
            Some(row) => {
                let state = match status {
                    "failed" | "canceled" => refund::State::Failed,
                    "pending" | "requires_action" => refund::State::Pending,
                    _ => refund::State::Succeeded,
                };
                if (row.amount, row.state) != (there.amount, state) {
                    let ours = format!("{} {} {:?}", row.amount, row.currency, row.state);
                    found.push(Found::new(Class::LedgerDiffers, charge, ours, theirs));
                }
            }
            None => {}
        }
    }
    note(app, run, found).await?;
    Ok(step(&page, |refund| &refund.id))
}

/// Disputes against disputes.
pub(super) async fn disputes(
    app: &App,
    pace: &Pace,
    run: &reconciliation::Model,
) -> anyhow::Result<Step> {
    let page: Page<Dispute> = page(app, pace, run, list("/disputes", None)).await?;
    let booked = dispute::Entity::find()
        .filter(
            dispute::Column::StripeDisputeId.is_in(page.data.iter().map(|there| there.id.as_str())),
        )
        .all(&app.db)
        .await?;
    let charges: Vec<_> = page
        .data
        .iter()
        .map(|there| (there.charge.as_ref().map(Reference::id), None))
        .collect();
    let payments = payments_of(app, &charges).await?;
    let mut found = Vec::new();
    for (there, (charge, _)) in page.data.iter().zip(charges) {
        let is_known = payments.iter().any(|row| is_of(row, charge, None));
        let here = booked.iter().find(|row| row.stripe_dispute_id == there.id);
        let is_open = !matches!(
            there.status.as_str(),
            "won" | "lost" | "warning_closed" | "prevented"
        );
        let charge = charge.unwrap_or(&there.id);
        match here {
            None if is_known => {
                let class = Class::MissingHere;
                found.push(Found::new(class, charge, "no dispute", &there.status));
            }
            Some(row) if (row.state == dispute::State::Open) != is_open => {
                let ours = format!("{:?}", row.state);
                found.push(Found::new(
                    Class::LedgerDiffers,
                    charge,
                    ours,
                    &there.status,
                ));
            }
            _ => {}
        }
    }
    note(app, run, found).await?;
    Ok(step(&page, |dispute| &dispute.id))
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
    let keys = page.data.iter().map(|there| format!("fee:{}", there.id));
    let entries = ledger_entry::Entity::find()
        .filter(ledger_entry::Column::GroupKey.is_in(keys))
        .filter(ledger_entry::Column::Account.eq(Account::Stripe))
        .all(&app.db)
        .await?;
    let kept: HashMap<&str, i64> = entries
        .iter()
        .filter_map(|entry| Some((entry.group_key.strip_prefix("fee:")?, -entry.amount)))
        .collect();
    let mut found = Vec::new();
    for there in &page.data {
        let Some(source) = &there.source else {
            continue;
        };
        let (charge, intent) = named(source);
        let here = kept.get(there.id.as_str()).copied().unwrap_or_default();
        match payments.iter().find(|row| is_of(row, charge, intent)) {
            Some(payment) if here != there.fee => {
                let subject = payment.id.to_string();
                let (ours, theirs) = (format!("fee {here}"), format!("fee {}", there.fee));
                found.push(Found::new(Class::LedgerDiffers, &subject, ours, theirs));
            }
            None if source.metadata.contains_key("plaudit_checkout") => {
                let sum = format!("{} {}", source.amount, source.currency);
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
