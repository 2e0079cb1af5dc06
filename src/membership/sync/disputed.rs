//! Disputes: what the bank moved is entered in the ledger once each, and the owner told.

use chrono::{DateTime, Utc};
use sea_orm::{ActiveModelTrait as _, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::letters::Story;
use crate::{
    entities::{dispute, ledger_entry::Kind, payment},
    membership::{
        fees,
        ledger::{self, Group, Parts},
        owners::{self, Alert},
    },
    payments::Dispute,
};

/// Brings a dispute and its money to where they stand. `is_given_back`: the whole payment was.
pub(super) async fn dispute(
    tx: &DatabaseTransaction,
    story: &Story<'_>,
    payment: &payment::Model,
    (fresh, all): (&Dispute, &[Dispute]),
    is_given_back: bool,
) -> anyhow::Result<()> {
    let named = dispute::Entity::find();
    let named = named.filter(dispute::Column::StripeDisputeId.eq(fresh.id.as_str()));
    let known = match named.one(tx).await? {
        Some(known) => Some(known),
        // One that goes by a name which Stripe does not know.
        None => {
            dispute::Entity::of(payment.id)
                .filter(
                    dispute::Column::StripeDisputeId
                        .is_not_in(all.iter().map(|one| one.id.as_str())),
                )
                .one(tx)
                .await?
        }
    };
    let now = story.app.clock.now();
    let row = dispute_row(now, known.as_ref(), payment.id, fresh);
    let state = row.state;
    let all: dispute::ActiveModel = row.into();
    match known {
        Some(_) => all.reset_all().update(tx).await?,
        None => all.reset_all().insert(tx).await?,
    };
    let share = ledger::share_at(tx, payment.author_id, payment.paid_at).await?;
    for moved in &fresh.balance_transactions {
        let group = Group {
            key: format!("dispute:{}", moved.id),
            kind: Kind::Dispute,
            payment,
            currency: &moved.currency,
            at: moved.created.unwrap_or(now),
            parts: Parts::of_part(payment, share, moved.amount),
        };
        ledger::book(tx, group).await?;
        fees::fee(tx, payment, moved).await?;
    }
    for (key, kind) in alerts(fresh, state, is_given_back) {
        let alert = Alert {
            key: &key,
            kind,
            name: &story.account.name,
            author: None,
            detail: &format!("{} → {}", story.author.name, fresh.id),
        };
        match kind {
            // What can be done about it stands with the payment.
            "dispute-asked" => {
                owners::tell_of_payment(story.app, tx, alert, payment.number).await?;
            }
            _ => owners::tell(story.app, tx, alert).await?,
        }
    }
    Ok(())
}

/// The row of a dispute, from what Stripe shows and what we know. Stripe does not say when it was closed.
pub(in super::super) fn dispute_row(
    now: DateTime<Utc>,
    known: Option<&dispute::Model>,
    payment: Uuid,
    fresh: &Dispute,
) -> dispute::Model {
    let state = match fresh.status.as_str() {
        "won" | "warning_closed" | "prevented" => dispute::State::Won,
        "lost" => dispute::State::Lost,
        _ => dispute::State::Open,
    };
    let closed_at = known.and_then(|row| row.closed_at);
    let opened_at = known.map(|row| row.opened_at);
    dispute::Model {
        id: known.map_or_else(Uuid::now_v7, |row| row.id),
        payment_id: payment,
        stripe_dispute_id: fresh.id.clone(),
        amount: fresh.amount,
        currency: fresh.currency.clone(),
        state,
        reason: fresh.reason.clone(),
        opened_at: fresh.created.or(opened_at).unwrap_or(now),
        is_refundable: fresh.is_charge_refundable,
        closed_at: (state != dispute::State::Open).then(|| closed_at.unwrap_or(now)),
    }
}

/// What the owner is told of, by its key: each once, however often it is looked at.
fn alerts(
    fresh: &Dispute,
    state: dispute::State,
    is_given_back: bool,
) -> Vec<(String, &'static str)> {
    let opened = format!("dispute:{}", fresh.id);
    let closed = format!("dispute:{}:closed", fresh.id);
    let asked = format!("dispute:{}:asked", fresh.id);
    let is_question = fresh.status.starts_with("warning_");
    match state {
        // Nothing was taken: the bank only asks, and has let it be.
        dispute::State::Open if is_question => vec![(asked, "dispute-asked")],
        dispute::State::Won if is_question && is_given_back => {
            vec![(asked, "dispute-asked"), (closed, "dispute-settled")]
        }
        dispute::State::Won if is_question => {
            vec![(asked, "dispute-asked"), (closed, "dispute-let-be")]
        }
        dispute::State::Open => vec![(opened, "dispute-opened")],
        dispute::State::Won => vec![(opened, "dispute-opened"), (closed, "dispute-won")],
        dispute::State::Lost => vec![(opened, "dispute-opened"), (closed, "dispute-lost")],
    }
}
