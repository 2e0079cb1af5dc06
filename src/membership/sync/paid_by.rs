//! What a payment was made with: looked up before it is booked, so that its receipt can say so.

use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::{
    Ending,
    gather::{broken, ending},
};
use crate::{
    app::App,
    entities::payment::{self, Column},
    payments::{self, Charge, CheckoutSession, Invoice, Method, Reference},
};

/// The intent that paid, and what was used, as far as Stripe tells.
#[derive(Clone, Debug)]
pub(super) struct PaidBy {
    pub intent: String,
    pub method: Option<Method>,
    /// When the money came into the balance.
    pub at: Option<DateTime<Utc>>,
}

/// For each paid invoice that is not booked yet, by its id. What was paid outside Stripe has none.
pub(super) async fn invoices(
    app: &App,
    invoices: &[Invoice],
) -> Result<BTreeMap<String, PaidBy>, Ending> {
    let paid = invoices
        .iter()
        .filter(|invoice| invoice.is_paid() && invoice.amount_paid > 0);
    let paid: Vec<&Invoice> = paid.collect();
    let mut all = BTreeMap::new();
    if paid.is_empty() {
        return Ok(all);
    }
    let ids = paid.iter().map(|invoice| invoice.id.as_str());
    let booked = payment::Entity::find()
        .filter(Column::StripeInvoiceId.is_in(ids))
        .all(&app.db)
        .await
        .map_err(broken)?;
    let booked: HashSet<String> = booked
        .into_iter()
        .filter_map(|row| row.stripe_invoice_id)
        .collect();
    for invoice in paid.into_iter().filter(|one| !booked.contains(&one.id)) {
        let intent = match &invoice.payment_intent {
            Some(intent) => Some(intent.id().to_owned()),
            None => known(app.payments.payment_of(&invoice.id).await)?.and_then(|found| found.0),
        };
        if let Some(intent) = intent {
            all.insert(invoice.id.clone(), of(app, intent).await?);
        }
    }
    Ok(all)
}

/// For a finished session of a one-off payment that is not booked yet.
pub(super) async fn session(
    app: &App,
    session: &CheckoutSession,
) -> Result<Option<PaidBy>, Ending> {
    let Some(intent) = session.payment_intent.as_ref().map(Reference::id) else {
        return Ok(None);
    };
    let booked = payment::Entity::find()
        .filter(Column::StripePaymentIntentId.eq(intent))
        .one(&app.db)
        .await
        .map_err(broken)?;
    match booked {
        Some(_) => Ok(None),
        None => of(app, intent.to_owned()).await.map(Some),
    }
}

async fn of(app: &App, intent: String) -> Result<PaidBy, Ending> {
    let charges = known(app.payments.charges_of(&intent).await)?.unwrap_or_default();
    let paid = charges.into_iter().find(Charge::is_paid);
    let kept = paid.as_ref().and_then(Charge::kept);
    Ok(PaidBy {
        at: kept.and_then(|kept| kept.created),
        method: paid.and_then(|charge| charge.payment_method_details),
        intent,
    })
}

/// What Stripe will not tell keeps no payment from being booked; while it is away, everything waits.
fn known<T>(told: Result<T, payments::Error>) -> Result<Option<T>, Ending> {
    match told {
        Ok(found) => Ok(Some(found)),
        Err(payments::Error::NotFound | payments::Error::Refused(_)) => Ok(None),
        Err(error) => Err(ending(error)),
    }
}
