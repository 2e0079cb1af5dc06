//! Checkout Sessions: what came of them.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::{
    Asked, Ending,
    gather::{FreshTip, Gathered, broken, ending, fresh_enough, missing, subscription},
    paid_by,
    payer::Closed,
};
use crate::{
    app::App,
    entities::checkout,
    payments::{self, CheckoutSession},
};

pub(super) async fn session(app: &App, id: &str, asked: &Asked) -> Result<Gathered, Ending> {
    let session = fetched(app, id, asked).await?;
    let Some(row) = row_of(app, &session).await? else {
        return Err(Ending::Ignored("a session that is not ours"));
    };
    let status = session.status.as_deref();
    let subscription_id = session.subscription.as_ref().map(|id| id.id().to_owned());
    let state = match (status, session.payment_status.as_str(), subscription_id) {
        (Some("expired"), ..) => checkout::State::Expired,
        (Some("open"), ..) => checkout::State::Open,
        (_, _, Some(subscription_id)) => {
            return subscription(app, &subscription_id, asked, None, Some(session)).await;
        }
        (_, "unpaid", None) if has_failed(app, &session, asked).await? => checkout::State::Failed,
        (_, "unpaid", None) => checkout::State::Pending,
        (_, _, None) => {
            return Ok(Gathered::Tip(Box::new(FreshTip {
                paid_by: paid_by::session(app, &session).await?,
                session,
                checkout_id: row.id,
            })));
        }
    };
    Ok(Gathered::Closed(Box::new(Closed {
        session,
        checkout_id: row.id,
        state,
    })))
}

/// Whether a payment that was on its way has come to nothing: an event said so, or the intent wants
/// another way to pay.
async fn has_failed(app: &App, session: &CheckoutSession, asked: &Asked) -> Result<bool, Ending> {
    let Some(intent) = session
        .payment_intent
        .as_ref()
        .filter(|_| !asked.has_failed)
    else {
        return Ok(asked.has_failed);
    };
    match app.payments.intent(intent.id()).await {
        Ok(intent) => Ok(matches!(
            intent.status.as_str(),
            "requires_payment_method" | "canceled"
        )),
        Err(payments::Error::NotFound | payments::Error::Refused(_)) => Ok(false),
        Err(error) => Err(ending(error)),
    }
}

/// Our row of a session: by the id we gave it, or by its own.
pub(super) async fn row_of(
    app: &App,
    session: &CheckoutSession,
) -> Result<Option<checkout::Model>, Ending> {
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

pub(super) async fn fetched(app: &App, id: &str, asked: &Asked) -> Result<CheckoutSession, Ending> {
    let session = app.payments.checkout_session(id).await;
    let session = session.map_err(|error| missing(error, asked))?;
    fresh_enough(asked, id, session.status.as_deref())?;
    Ok(session)
}
