//! A reader who pays an author twice: one press ends the newer membership and gives its money back.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect as _};
use uuid::Uuid;

use super::{
    refunds::{self, Press, Refusal},
    sync,
};
use crate::{
    app::App,
    db,
    entities::{
        audit_entry::{self, Act},
        membership::{self, DUPLICATE},
        payment,
    },
    payments,
};

/// Ends a membership that is flagged as a duplicate, and gives back what was paid for it; one that Stripe does
/// not know ends here alone. Pressing again goes on where a first press broke off. Returns whether there was such
/// a membership.
///
/// # Errors
/// If Stripe or the database is away, or Stripe refuses.
pub async fn mend(app: &App, owner: Uuid, id: Uuid) -> anyhow::Result<bool> {
    let row = membership::Entity::find_by_id(id)
        .filter(membership::Column::Flag.eq(DUPLICATE))
        .one(&app.db)
        .await?;
    let Some(row) = row else { return Ok(false) };
    let paid = payment::Entity::find()
        .filter(payment::Column::MembershipId.eq(id))
        .all(&app.db)
        .await?;
    let mut uncharged = None;
    for payment in paid {
        match give_back(app, owner, payment).await {
            Ok(()) => {}
            Err(refusal @ Refusal::NotCharged) => uncharged = Some(refusal),
            Err(refusal) => return Err(refusal.into()),
        }
    }
    let subscription = &row.stripe_subscription_id;
    let key = format!("mend:{subscription}");
    match app.payments.cancel_now(&key, subscription).await {
        // Ended by the refund already.
        Ok(()) | Err(payments::Error::Refused(_) | payments::Error::NotFound) => {}
        Err(error) => return Err(error.into()),
    }
    // Nothing but its own word ends here what Stripe does not know: not a look-up that fails.
    let is_known = match app.payments.subscription(subscription).await {
        Ok(_) => true,
        Err(payments::Error::NotFound) => false,
        Err(error) => return Err(error.into()),
    };
    match (is_known, uncharged) {
        (true, Some(refusal)) => return Err(refusal.into()),
        (true, None) => sync::subscription(app, subscription).await?,
        (false, _) => sync::end_duplicate(app, id).await?,
    }
    let detail = serde_json::json!({ "flag": DUPLICATE });
    let tx = db::begin(&app.db).await?;
    let locked = membership::Entity::find_by_id(id).lock_exclusive();
    locked.one(&tx).await?;
    let act = Act {
        by: Some(owner),
        verb: "mend",
        subject: subscription,
    };
    audit_entry::Entity::note_once(&tx, app.clock.now(), act, &detail).await?;
    tx.commit().await?;
    Ok(true)
}

/// Gives back what is left of a payment. Where somebody else was quicker, what they have left: that is nothing, or
/// another look at it.
async fn give_back(app: &App, owner: Uuid, payment: payment::Model) -> Result<(), Refusal> {
    // The payment's id: a second press gives nothing back again.
    let mut press = Press {
        who: owner,
        amount: None,
        reason: Some("duplicate"),
        nonce: payment.id,
    };
    match refunds::refund(app, &payment, press).await {
        Err(Refusal::Meanwhile) => {}
        Err(Refusal::NothingLeft) => return Ok(()),
        given => return given,
    }
    let fresh = payment::Entity::find_by_id(payment.id).one(&app.db).await;
    let fresh = fresh.map_err(anyhow::Error::from)?.unwrap_or(payment);
    // Stripe answers the same press as it did before.
    press.nonce = Uuid::now_v7();
    match refunds::refund(app, &fresh, press).await {
        Err(Refusal::NothingLeft) => Ok(()),
        given => given,
    }
}
