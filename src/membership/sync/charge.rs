//! What a sync needs to know of a charge: what was given back, what is disputed, and what it paid for.

use sea_orm::EntityTrait;
use uuid::Uuid;

use super::{
    Asked, Ending, Subject,
    gather::{self, Gathered, broken, ending},
};
use crate::{
    app::App,
    entities::{checkout, membership, payment},
    payments::{self, Charge, Dispute, Reference, Refund},
};

/// Everything about the money of one charge, as it is at Stripe now.
pub(super) struct FreshMoney {
    pub charge: Charge,
    /// Oldest first.
    pub refunds: Vec<Refund>,
    pub disputes: Vec<Dispute>,
    /// Early warnings of fraud that have come, by their ids.
    pub warnings: Vec<String>,
    /// The invoice it paid, where we have not booked it yet.
    pub invoice: Option<String>,
    /// The membership or tip it paid for. Of a tip that is booked there is nothing more to know.
    pub bought: Option<Box<Gathered>>,
}

/// Fetches a charge by its id.
pub(super) async fn gather(app: &App, id: &str, asked: &Asked) -> Result<Gathered, Ending> {
    let charge = app.payments.charge(id).await;
    let charge = charge.map_err(|error| gather::missing(error, asked))?;
    let intent = charge.payment_intent.as_ref().map(Reference::id);
    let known = payment::Entity::named(id, intent, None).one(&app.db).await;
    let known = known.map_err(broken)?;
    let (invoice, bought) = match known {
        Some(payment) => (
            payment.stripe_invoice_id.clone(),
            sold(app, &payment).await?,
        ),
        None => unbooked(app, &charge).await?,
    };
    let refunds = app.payments.refunds_of(id).await.map_err(ending)?;
    let mut refunds: Vec<Refund> = refunds
        .into_iter()
        .filter(|refund| refund.charge.as_ref().is_none_or(|of| of.id() == id))
        .collect();
    refunds.sort_by(|a, b| (a.created, &a.id).cmp(&(b.created, &b.id)));
    let disputes = app.payments.disputes_of(id).await.map_err(ending)?;
    let disputes = disputes
        .into_iter()
        .filter(|dispute| dispute.charge.as_ref().is_none_or(|of| of.id() == id))
        .collect();
    Ok(Gathered::Money(Box::new(FreshMoney {
        charge,
        refunds,
        disputes,
        warnings: asked.warnings.iter().cloned().collect(),
        invoice,
        bought: bought.map(Box::new),
    })))
}

/// Finds the charge of a payment intent.
pub(super) async fn gather_intent(
    app: &App,
    intent: &str,
    asked: &Asked,
) -> Result<Gathered, Ending> {
    let charges = app.payments.charges_of(intent).await.map_err(ending)?;
    match charges.into_iter().find(Charge::is_paid) {
        Some(charge) => gather(app, &charge.id, asked).await,
        None => Err(Ending::Ignored("a payment that never came")),
    }
}

/// Finds the charge of something that only its address names.
pub(super) async fn gather_unnamed(
    app: &App,
    address: &str,
    asked: &Asked,
) -> Result<Gathered, Ending> {
    let about = app.payments.about(address).await;
    let about = about.map_err(|error| gather::missing(error, asked))?;
    match (about.charge, about.payment_intent) {
        (Some(charge), _) => gather(app, charge.id(), asked).await,
        (None, Some(intent)) => gather_intent(app, intent.id(), asked).await,
        (None, None) => Err(Ending::Ignored("about no payment")),
    }
}

/// The membership behind a booked payment, where Stripe knows it.
async fn sold(app: &App, payment: &payment::Model) -> Result<Option<Gathered>, Ending> {
    let Some(id) = payment.membership_id else {
        return Ok(None);
    };
    let row = membership::Entity::find_by_id(id).one(&app.db).await;
    let Some(row) = row.map_err(broken)? else {
        return Ok(None);
    };
    let subject = Subject::Subscription(row.stripe_subscription_id);
    match looked_at(app, &subject).await {
        Ok(bought) => Ok(Some(bought)),
        // Its money is booked all the same.
        Err(Ending::Parked(_)) => Ok(None),
        Err(ending) => Err(ending),
    }
}

/// What a charge paid for whose payment is not booked yet: the invoice or the session tells.
async fn unbooked(
    app: &App,
    charge: &Charge,
) -> Result<(Option<String>, Option<Gathered>), Ending> {
    if let Some(invoice) = invoice_of(app, charge).await? {
        let bought = looked_at(app, &Subject::Invoice(invoice.clone())).await?;
        return Ok((Some(invoice), Some(bought)));
    }
    let stranger = Ending::Ignored("a charge that is not ours");
    let ours = charge.metadata.get("plaudit_checkout");
    let Some(id) = ours.and_then(|id| id.parse::<Uuid>().ok()) else {
        return Err(stranger);
    };
    let row = checkout::Entity::find_by_id(id).one(&app.db).await;
    let session = row.map_err(broken)?.and_then(|row| row.stripe_session_id);
    let session = session.ok_or(stranger)?;
    let bought = looked_at(app, &Subject::Session(session)).await?;
    Ok((None, Some(bought)))
}

async fn invoice_of(app: &App, charge: &Charge) -> Result<Option<String>, Ending> {
    if let Some(invoice) = &charge.invoice {
        return Ok(Some(invoice.id().to_owned()));
    }
    let Some(intent) = &charge.payment_intent else {
        return Ok(None);
    };
    match app.payments.invoice_of(intent.id()).await {
        Ok(invoice) => Ok(invoice),
        Err(payments::Error::NotFound | payments::Error::Refused(_)) => Ok(None),
        Err(error) => Err(ending(error)),
    }
}

async fn looked_at(app: &App, subject: &Subject) -> Result<Gathered, Ending> {
    Box::pin(gather::gather(app, subject, &Asked::nothing())).await
}
