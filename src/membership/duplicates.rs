//! A reader who pays an author twice: one press ends the newer membership and gives its money back.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::{
    refunds::{self, Refusal},
    sync,
};
use crate::{
    app::App,
    entities::{
        audit_entry,
        membership::{self, DUPLICATE},
        payment,
    },
    payments,
};

/// Ends a membership that is flagged as a duplicate, and gives back what was paid for it. Pressing again
/// goes on where a first press broke off. Returns whether there was such a membership.
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
    for payment in paid {
        // The payment's id: a second press gives nothing back again.
        let given = refunds::refund(app, &payment, None, Some("duplicate"), payment.id);
        match given.await {
            Ok(()) | Err(Refusal::NothingLeft) => {}
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
    sync::subscription(app, subscription).await?;
    let detail = serde_json::json!({ "flag": DUPLICATE });
    let now = app.clock.now();
    audit_entry::Entity::note(&app.db, now, Some(owner), "mend", subscription, &detail).await?;
    Ok(true)
}
