//! A reader who pays an author twice: one press ends the newer membership and gives its money back, be it the owner's
//! or her own.

use chrono::{DateTime, Duration, Utc};
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
        membership::{self, DUPLICATE, State},
        payment,
    },
    payments,
};

/// Two that are paid in two windows are paid in any order: within how long that is one mistake.
const AT_ONCE: Duration = Duration::hours(1);

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
    end(app, owner, &row, paid).await?;
    Ok(true)
}

/// The same by its reader's own press, where all that is left of what she paid for it was paid twice. Returns the
/// sentence to say; `None` where it is no duplicate, or has bought something: then it is for the owner to weigh.
///
/// # Errors
/// If Stripe or the database is away.
pub(super) async fn leave(
    app: &App,
    row: &membership::Model,
) -> anyhow::Result<Option<&'static str>> {
    let between = membership::Entity::between(row.account_id, row.author_id);
    // Whether there are two is not taken from an older look.
    for other in between.clone().all(&app.db).await? {
        if other.is_current {
            sync::subscription(app, &other.stripe_subscription_id).await?;
        }
    }
    let all = between.all(&app.db).await?;
    let row = all.iter().find(|one| one.id == row.id);
    let Some(row) = row.filter(|row| row.is_duplicate()) else {
        return Ok(None);
    };
    let payments = payment::Entity::find()
        .filter(payment::Column::MembershipId.is_in(all.iter().map(|one| one.id)))
        .all(&app.db)
        .await?;
    let older: Vec<_> = all
        .iter()
        .filter(|other| other.id != row.id && other.started_at <= row.started_at)
        .collect();
    let (paid, others): (Vec<_>, Vec<_>) = payments
        .into_iter()
        .partition(|one| one.membership_id == Some(row.id));
    let is_given_back = |one: &payment::Model| one.refunded >= one.amount;
    if !paid
        .iter()
        .all(|one| is_given_back(one) || is_paid_twice(one, &older, &others))
    {
        return Ok(None);
    }
    match end(app, row.account_id, row, paid).await {
        Ok(()) => Ok(Some("flash-second-ended")),
        Err(error) => match error.downcast_ref() {
            Some(Refusal::Refused(_) | Refusal::NotCharged | Refusal::Meanwhile) => {
                Ok(Some("flash-second-refused"))
            }
            _ => Err(error),
        },
    }
}

/// Whether an older membership was paid for, or on trial, when this was paid too. A debt of the older one that was
/// paid long after does not count: meanwhile this was the only one.
fn is_paid_twice(
    paid: &payment::Model,
    older: &[&membership::Model],
    others: &[payment::Model],
) -> bool {
    let is_within = |start: Option<DateTime<Utc>>, end: Option<DateTime<Utc>>| {
        start.is_some_and(|start| start <= paid.paid_at)
            && end.is_some_and(|end| paid.paid_at < end)
    };
    let is_older = |id: Option<Uuid>| older.iter().any(|row| Some(row.id) == id);
    let by_money = others.iter().any(|one| {
        is_older(one.membership_id)
            && one.refunded < one.amount
            && one.paid_at <= paid.paid_at + AT_ONCE
            && is_within(one.period_start, one.period_end)
    });
    let by_trial = older.iter().any(|row| {
        let span = (row.current_period_start, row.current_period_end);
        row.state == State::Trial && is_within(span.0, span.1)
    });
    by_money || by_trial
}

async fn end(
    app: &App,
    who: Uuid,
    row: &membership::Model,
    paid: Vec<payment::Model>,
) -> anyhow::Result<()> {
    let id = row.id;
    let mut uncharged = None;
    for payment in paid {
        match give_back(app, who, payment).await {
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
        by: Some(who),
        verb: "mend",
        subject: subscription,
    };
    audit_entry::Entity::note_once(&tx, app.clock.now(), act, &detail).await?;
    tx.commit().await?;
    Ok(())
}

/// Gives back what is left of a payment. Where somebody else was quicker, what they have left: that is nothing, or
/// another look at it.
async fn give_back(app: &App, who: Uuid, payment: payment::Model) -> Result<(), Refusal> {
    // The payment's id: a second press gives nothing back again.
    let mut press = Press {
        who,
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
