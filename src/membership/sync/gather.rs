//! What a sync needs from Stripe, fetched before the transaction begins, and the generation our row had
//! before that.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::{
    Asked, Ending, Subject,
    charge::{self, FreshMoney},
    invoices::{self, Tried},
    paid_by::{self, PaidBy},
    payer::Closed,
    payouts::{self, FreshAccount},
    sessions,
    state::is_failing,
};
use crate::{
    app::App,
    entities::{checkout, membership, price},
    payments::{self, CheckoutSession, Customer, Invoice, Subscription},
};

/// Everything about one subscription, as it is at Stripe now.
#[derive(Clone)]
pub(super) struct FreshSubscription {
    pub subscription: Subscription,
    /// Invoices to book: the latest, and the one the event was about; all of them while it has not begun.
    pub invoices: Vec<Invoice>,
    /// Since when it owes, where it is not paid.
    pub owed_since: Option<DateTime<Utc>>,
    /// What those that are not booked yet were paid with, by their ids.
    pub paid_by: BTreeMap<String, PaidBy>,
    /// The session that began it, where the payer has no account yet.
    pub session: Option<CheckoutSession>,
    /// The row's generation before fetching; `None` if there was no row.
    pub generation: Option<i64>,
    /// The row, where it goes by a name that Stripe does not know.
    pub misnamed: Option<Uuid>,
    pub checkout_id: Option<Uuid>,
    /// How the last try to pay each open renewal stands, by the invoice's id.
    pub tried: BTreeMap<String, Tried>,
    /// Whether Stripe has said that the trial is about to end, and when that a renewal is near.
    pub trial_ends: bool,
    pub renews: Option<DateTime<Utc>>,
    /// Whether the first payment was on its way and has failed.
    pub has_failed: bool,
}

/// A finished session of a one-off payment.
pub(super) struct FreshTip {
    pub session: CheckoutSession,
    pub checkout_id: Uuid,
    /// What it was paid with, where it is not booked yet.
    pub paid_by: Option<PaidBy>,
}

impl FreshSubscription {
    /// Since when the money for what it owes is on its way.
    pub fn paying_since(&self) -> Option<DateTime<Utc>> {
        let owed = self.subscription.invoice()?;
        match self.tried.get(&owed.id)? {
            Tried::OnItsWay(since) => Some(*since),
            _ => None,
        }
    }
}

pub(super) enum Gathered {
    Subscription(Box<FreshSubscription>),
    Tip(Box<FreshTip>),
    /// A session that came to nothing, or not yet to anything.
    Closed(Box<Closed>),
    Money(Box<FreshMoney>),
    Customer(Customer),
    Account(FreshAccount),
}

impl Gathered {
    /// What Stripe calls it.
    pub fn name(&self) -> &str {
        match self {
            Self::Subscription(fresh) => &fresh.subscription.id,
            Self::Tip(fresh) => &fresh.session.id,
            Self::Closed(closed) => &closed.session.id,
            Self::Money(fresh) => match &fresh.bought {
                Some(bought) => bought.name(),
                None => &fresh.charge.id,
            },
            Self::Customer(customer) => &customer.id,
            Self::Account(fresh) => &fresh.id,
        }
    }
}

/// Fetches what `subject` needs, and what else was asked about it. The error says how the events end
/// without any change of ours.
pub(super) async fn gather(
    app: &App,
    subject: &Subject,
    asked: &Asked,
) -> Result<Gathered, Ending> {
    match subject {
        Subject::Session(id) => sessions::session(app, id, asked).await,
        Subject::Subscription(id) => subscription(app, id, asked, None, None).await,
        Subject::Invoice(id) => {
            let invoice = app.payments.invoice(id).await;
            let invoice = invoice.map_err(|error| missing(error, asked))?;
            let Some(subscription_id) = invoice.subscription().map(str::to_owned) else {
                return Err(Ending::Ignored("an invoice of no subscription"));
            };
            subscription(app, &subscription_id, asked, Some(invoice), None).await
        }
        Subject::Charge(id) => charge::gather(app, id, asked).await,
        Subject::Intent(id) => charge::gather_intent(app, id, asked).await,
        Subject::Unnamed(address) => charge::gather_unnamed(app, address, asked).await,
        Subject::Customer(id) => {
            let customer = app.payments.customer(id).await.map_err(ending)?;
            Ok(Gathered::Customer(customer))
        }
        Subject::Account(id) => payouts::look(app, id).await,
    }
}

pub(super) async fn subscription(
    app: &App,
    id: &str,
    asked: &Asked,
    invoice: Option<Invoice>,
    session: Option<CheckoutSession>,
) -> Result<Gathered, Ending> {
    let row = membership::Entity::by_subscription(id).one(&app.db).await;
    let row = row.map_err(broken)?;
    let subscription = app.payments.subscription(id).await;
    let subscription = subscription.map_err(|error| missing(error, asked))?;
    fresh_enough(asked, id, Some(&subscription.status))?;
    let named = subscription.metadata.get("plaudit_checkout");
    let named: Option<Uuid> = named.and_then(|id| id.parse().ok());
    let misnamed = match (&row, named) {
        (None, Some(begun)) => misnamed(app, begun).await?,
        _ => None,
    };
    let row = row.or_else(|| misnamed.clone());
    let session = match (session, &asked.session) {
        (None, Some(id)) if asked.has_failed || (row.is_none() && named.is_none()) => {
            Some(sessions::fetched(app, id, asked).await?)
        }
        (session, _) => session,
    };
    let begun = match (&row, &session) {
        (Some(row), _) => named.or(row.checkout_id),
        (None, Some(session)) => sessions::row_of(app, session).await?.map(|row| row.id),
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
            Some(id) => Some(sessions::fetched(app, id, asked).await?),
            None => None,
        },
        (None, None) => None,
    };
    // Of one that is not here every payment may be unknown.
    let never_began = row.as_ref().is_none_or(|row| row.started_at.is_none());
    let invoices = invoices::invoices(app, &subscription, asked, invoice, never_began).await?;
    let tried = invoices::tried(app, &invoices, asked).await?;
    let owed_since = match is_failing(&subscription) {
        true => {
            let since = invoices::owed_since(app, &subscription).await;
            since.map_err(ending)?
        }
        false => None,
    };
    let paid_by = paid_by::invoices(app, &invoices).await?;
    Ok(Gathered::Subscription(Box::new(FreshSubscription {
        subscription,
        invoices,
        owed_since,
        paid_by,
        session,
        generation: row.map(|row| row.generation),
        misnamed: misnamed.map(|row| row.id),
        checkout_id: checkout.map(|row| row.id),
        tried,
        trial_ends: asked.trial_ends,
        renews: asked.renews,
        has_failed: asked.has_failed,
    })))
}

/// The membership that a checkout has begun, where Stripe does not know its subscription: a checkout begins one.
async fn misnamed(app: &App, checkout: Uuid) -> Result<Option<membership::Model>, Ending> {
    let row = membership::Entity::find()
        .filter(membership::Column::CheckoutId.eq(checkout))
        .one(&app.db)
        .await
        .map_err(broken)?;
    let Some(row) = row else { return Ok(None) };
    match app.payments.subscription(&row.stripe_subscription_id).await {
        Ok(_) => Ok(None),
        Err(payments::Error::NotFound) => Ok(Some(row)),
        Err(error) => Err(ending(error)),
    }
}

/// Not if an event about it says more than Stripe shows.
pub(super) fn fresh_enough(asked: &Asked, id: &str, status: Option<&str>) -> Result<(), Ending> {
    match status {
        Some(status) if asked.is_ahead_of(id, status) => {
            let why = format!("Stripe still shows {id} as {status}, before its own event");
            Err(Ending::Later(why))
        }
        _ => Ok(()),
    }
}

/// A subscription none of our checkouts began: parked if it is for a price of ours, else not our
/// business.
async fn stranger(app: &App, subscription: &Subscription) -> Result<Ending, Ending> {
    let Some(sold) = subscription.price() else {
        return Ok(Ending::Ignored("a subscription without a price"));
    };
    let ours = price::Entity::by_stripe(&sold.id)
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

pub(super) fn broken(error: sea_orm::DbErr) -> Ending {
    Ending::Later(error.to_string())
}

pub(super) fn ending(error: payments::Error) -> Ending {
    match error {
        payments::Error::NotFound
        | payments::Error::Refused(_)
        | payments::Error::Declined(_)
        | payments::Error::Unconfirmed(_) => Ending::Parked(error.to_string()),
        payments::Error::NotConfigured | payments::Error::Away(_) => {
            Ending::Later(error.to_string())
        }
    }
}

/// The same, for an object an event names: where Stripe does not know it yet, it is asked again.
pub(super) fn missing(error: payments::Error, asked: &Asked) -> Ending {
    match error {
        payments::Error::NotFound if asked.is_patient() => Ending::Later(error.to_string()),
        error => ending(error),
    }
}
