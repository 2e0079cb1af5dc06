//! What a sync needs from Stripe, fetched before the transaction begins, and the generation our row had
//! before that.

use std::collections::BTreeMap;

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::{Asked, Ending, Subject};
use crate::{
    app::App,
    entities::{checkout, membership, price},
    payments::{self, CheckoutSession, Invoice, Subscription},
};

/// Everything about one subscription, as it is at Stripe now.
pub(super) struct FreshSubscription {
    pub subscription: Subscription,
    /// Invoices to book: the latest, and the one the event was about.
    pub invoices: Vec<Invoice>,
    /// The session that began it, where the payer has no account yet.
    pub session: Option<CheckoutSession>,
    /// The row's generation before fetching; `None` if there was no row.
    pub generation: Option<i64>,
    pub checkout_id: Option<Uuid>,
}

/// A finished session of a one-off payment.
pub(super) struct FreshTip {
    pub session: CheckoutSession,
    pub checkout_id: Uuid,
}

pub(super) enum Gathered {
    Subscription(Box<FreshSubscription>),
    Tip(Box<FreshTip>),
    /// A session that came to nothing, or not yet to anything.
    Closed {
        checkout_id: Uuid,
        state: checkout::State,
    },
}

/// Fetches what `subject` needs, and what else was asked about it. The error says how the events end
/// without any change of ours.
pub(super) async fn gather(
    app: &App,
    subject: &Subject,
    asked: &Asked,
) -> Result<Gathered, Ending> {
    match subject {
        Subject::Session(id) => session(app, id).await,
        Subject::Subscription(id) => subscription(app, id, asked, None, None).await,
        Subject::Invoice(id) => {
            let invoice = app.payments.invoice(id).await.map_err(ending)?;
            let Some(subscription_id) = invoice.subscription().map(str::to_owned) else {
                return Err(Ending::Ignored("an invoice of no subscription"));
            };
            let asked = Asked::default();
            subscription(app, &subscription_id, &asked, Some(invoice), None).await
        }
    }
}

async fn session(app: &App, id: &str) -> Result<Gathered, Ending> {
    let session = fetched(app, id).await?;
    let Some(row) = row_of(app, &session).await? else {
        return Err(Ending::Ignored("a session that is not ours"));
    };
    let closed = |state| Gathered::Closed {
        checkout_id: row.id,
        state,
    };
    let status = session.status.as_deref();
    let subscription_id = session.subscription.as_ref().map(|id| id.id().to_owned());
    match (status, session.payment_status.as_str(), subscription_id) {
        (Some("expired"), ..) => Ok(closed(checkout::State::Expired)),
        (Some("open"), ..) => Ok(closed(checkout::State::Open)),
        (_, _, Some(subscription_id)) => {
            let asked = Asked::default();
            subscription(app, &subscription_id, &asked, None, Some(session)).await
        }
        (_, "unpaid", None) => Ok(closed(checkout::State::Pending)),
        (_, _, None) => Ok(Gathered::Tip(Box::new(FreshTip {
            session,
            checkout_id: row.id,
        }))),
    }
}

/// Our row of a session: by the id we gave it, or by its own.
async fn row_of(app: &App, session: &CheckoutSession) -> Result<Option<checkout::Model>, Ending> {
    let named = session.metadata.get("plaudit_checkout");
    let named = named.or(session.client_reference_id.as_ref());
    if let Some(id) = named.and_then(|id| id.parse::<Uuid>().ok()) {
        let row = checkout::Entity::find_by_id(id).one(&app.db).await;
        if let Some(row) = row.map_err(broken)? {
            return Ok(Some(row));
        }
    }
    checkout::Entity::find()
        .filter(checkout::Column::StripeSessionId.eq(session.id.as_str()))
        .one(&app.db)
        .await
        .map_err(broken)
}

async fn subscription(
    app: &App,
    id: &str,
    asked: &Asked,
    invoice: Option<Invoice>,
    session: Option<CheckoutSession>,
) -> Result<Gathered, Ending> {
    let row = membership::Entity::by_subscription(id).one(&app.db).await;
    let row = row.map_err(broken)?;
    let subscription = app.payments.subscription(id).await.map_err(ending)?;
    let named = subscription.metadata.get("plaudit_checkout");
    let named: Option<Uuid> = named.and_then(|id| id.parse().ok());
    let session = match (session, &asked.session) {
        (None, Some(id)) if row.is_none() && named.is_none() => Some(fetched(app, id).await?),
        (session, _) => session,
    };
    let begun = match (&row, &session) {
        (Some(row), _) => row.checkout_id,
        (None, Some(session)) => row_of(app, session).await?.map(|row| row.id),
        (None, None) => named,
    };
    let checkout = match begun {
        Some(id) => checkout::Entity::find_by_id(id)
            .one(&app.db)
            .await
            .map_err(broken)?,
        None => None,
    };
    if row.is_none() && checkout.is_none() {
        return Err(stranger(app, &subscription).await?);
    }
    let unfinished = checkout.as_ref().filter(|row| row.account_id.is_none());
    let session = match (session, unfinished) {
        (Some(session), _) => Some(session),
        (None, Some(row)) => match &row.stripe_session_id {
            Some(id) => Some(fetched(app, id).await?),
            None => None,
        },
        (None, None) => None,
    };
    let invoices = invoices(app, &subscription, asked, invoice).await?;
    Ok(Gathered::Subscription(Box::new(FreshSubscription {
        subscription,
        invoices,
        session,
        generation: row.map(|row| row.generation),
        checkout_id: checkout.map(|row| row.id),
    })))
}

async fn fetched(app: &App, session: &str) -> Result<CheckoutSession, Ending> {
    app.payments.checkout_session(session).await.map_err(ending)
}

/// The subscription's latest invoice and those asked about, oldest first.
async fn invoices(
    app: &App,
    subscription: &Subscription,
    asked: &Asked,
    fetched: Option<Invoice>,
) -> Result<Vec<Invoice>, Ending> {
    let latest = subscription.invoice().cloned();
    let mut invoices: BTreeMap<String, Invoice> = latest
        .into_iter()
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
    invoices.sort_by(|a, b| (a.created, &a.id).cmp(&(b.created, &b.id)));
    Ok(invoices)
}

/// A subscription none of our checkouts began: parked if it is for a price of ours, else not our
/// business.
async fn stranger(app: &App, subscription: &Subscription) -> Result<Ending, Ending> {
    let Some(sold) = subscription.price() else {
        return Ok(Ending::Ignored("a subscription without a price"));
    };
    let ours = price::Entity::find()
        .filter(price::Column::StripePriceId.eq(sold.id.as_str()))
        .one(&app.db)
        .await
        .map_err(broken)?;
    Ok(match ours {
        Some(_) => Ending::Parked(format!(
            "subscription {} is for our price {} but was not begun here",
            subscription.id, sold.id
        )),
        None => Ending::Ignored("a subscription that is not ours"),
    })
}

fn broken(error: sea_orm::DbErr) -> Ending {
    Ending::Later(error.to_string())
}

fn ending(error: payments::Error) -> Ending {
    match error {
        payments::Error::NotFound | payments::Error::Refused(_) => {
            Ending::Parked(error.to_string())
        }
        payments::Error::NotConfigured | payments::Error::Away(_) => {
            Ending::Later(error.to_string())
        }
    }
}
