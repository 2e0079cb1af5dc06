//! The invoices a sync looks at.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::{
    Asked, Ending,
    gather::{ending, fresh_enough},
};
use crate::{
    app::App,
    payments::{self, Invoice, Subscription},
};

/// The subscription's latest invoice and those asked about, oldest first; all of them where it `never_began`
/// and yet is billed again, because what stands in the latest says nothing of the first.
pub(super) async fn invoices(
    app: &App,
    subscription: &Subscription,
    asked: &Asked,
    fetched: Option<Invoice>,
    never_began: bool,
) -> Result<Vec<Invoice>, Ending> {
    let latest = subscription.invoice().cloned();
    let all = match &latest {
        Some(latest) if never_began && !latest.is_first() => {
            let all = app.payments.invoices_of(&subscription.id).await;
            all.map_err(ending)?
        }
        _ => Vec::new(),
    };
    let mut invoices: BTreeMap<String, Invoice> = all
        .into_iter()
        .chain(latest)
        .chain(fetched)
        .map(|invoice| (invoice.id.clone(), invoice))
        .collect();
    for id in &asked.invoices {
        if invoices.contains_key(id) {
            continue;
        }
        let invoice = match app.payments.invoice(id).await {
            Ok(invoice) => invoice,
            // A draft that was deleted: nothing to book.
            Err(payments::Error::NotFound) => continue,
            Err(error) => return Err(ending(error)),
        };
        if invoice.subscription() == Some(&subscription.id) {
            invoices.insert(id.clone(), invoice);
        }
    }
    let mut invoices: Vec<Invoice> = invoices.into_values().collect();
    for invoice in &invoices {
        fresh_enough(asked, &invoice.id, invoice.status.as_deref())?;
    }
    invoices.sort_by(|a, b| (a.created, &a.id).cmp(&(b.created, &b.id)));
    Ok(invoices)
}

/// Since when a subscription owes: the first of the invoices that are open by now was made then, and charged at once.
/// What has been paid or made void since says nothing any more. `None` where none is open.
pub(in super::super) async fn owed_since(
    app: &App,
    subscription: &Subscription,
) -> Result<Option<DateTime<Utc>>, payments::Error> {
    let all = app.payments.invoices_of(&subscription.id).await?;
    let owed = all
        .iter()
        .filter(|invoice| invoice.is_open() && !invoice.is_first());
    Ok(owed.filter_map(|invoice| invoice.created).min())
}

/// How the last try to pay an open renewal stands.
#[derive(Clone, Debug)]
pub(super) enum Tried {
    /// The money is on its way from a bank, since then.
    OnItsWay(DateTime<Utc>),
    /// The bank wants the payer's own word.
    ToConfirm,
    /// A bank has refused a debit, which was begun then.
    DebitRefused {
        charge: String,
        at: DateTime<Utc>,
    },
    Declined,
}

/// For each open renewal that was tried, how that stands: its intent says so, or that it is to be confirmed an event.
pub(super) async fn tried(
    app: &App,
    invoices: &[Invoice],
    asked: &Asked,
) -> Result<BTreeMap<String, Tried>, Ending> {
    let mut all = BTreeMap::new();
    for invoice in invoices.iter().filter(|invoice| invoice.is_failing()) {
        let tried = match last_try(app, invoice).await? {
            Tried::Declined if asked.to_confirm.contains(&invoice.id) => Tried::ToConfirm,
            tried => tried,
        };
        all.insert(invoice.id.clone(), tried);
    }
    Ok(all)
}

async fn last_try(app: &App, invoice: &Invoice) -> Result<Tried, Ending> {
    let intent = match app.payments.intent_of(&invoice.id).await {
        Ok(Some(intent)) => intent,
        Ok(None) | Err(payments::Error::NotFound | payments::Error::Refused(_)) => {
            return Ok(Tried::Declined);
        }
        Err(error) => return Err(ending(error)),
    };
    if let Some(since) = intent.on_its_way_since() {
        return Ok(Tried::OnItsWay(since));
    }
    let refused = intent.refused_debit();
    let refused = refused.and_then(|charge| Some((charge.id.clone(), charge.created?)));
    Ok(match (intent.status.as_str(), refused) {
        ("requires_action", _) => Tried::ToConfirm,
        (_, Some((charge, at))) => Tried::DebitRefused { charge, at },
        (_, None) => Tried::Declined,
    })
}

/// Since when the money for what a subscription owes is on its way.
pub(in super::super) async fn paying_since(
    app: &App,
    subscription: &Subscription,
) -> Result<Option<DateTime<Utc>>, payments::Error> {
    let Some(owed) = subscription.invoice().filter(|owed| owed.is_failing()) else {
        return Ok(None);
    };
    match app.payments.intent_of(&owed.id).await {
        Ok(intent) => Ok(intent.and_then(|intent| intent.on_its_way_since())),
        Err(payments::Error::NotFound | payments::Error::Refused(_)) => Ok(None),
        Err(error) => Err(error),
    }
}
