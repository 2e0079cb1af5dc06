//! The invoices a sync looks at.

use std::collections::{BTreeMap, BTreeSet};

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

/// Of open renewals those that wait for the payer's word to the bank: an event said so, or their
/// intents do.
pub(super) async fn to_confirm(
    app: &App,
    invoices: &[Invoice],
    asked: &Asked,
) -> Result<BTreeSet<String>, Ending> {
    let mut found = BTreeSet::new();
    let failing = invoices.iter().filter(|invoice| invoice.is_failing());
    for invoice in failing {
        let waits = asked.to_confirm.contains(&invoice.id)
            || match app.payments.payment_of(&invoice.id).await {
                Ok((Some(intent), _)) => match app.payments.intent(&intent).await {
                    Ok(intent) => intent.status == "requires_action",
                    Err(error) => unless_away(error)?,
                },
                Ok((None, _)) => false,
                Err(error) => unless_away(error)?,
            };
        if waits {
            found.insert(invoice.id.clone());
        }
    }
    Ok(found)
}

fn unless_away(error: payments::Error) -> Result<bool, Ending> {
    match error {
        payments::Error::NotFound | payments::Error::Refused(_) => Ok(false),
        error => Err(ending(error)),
    }
}
