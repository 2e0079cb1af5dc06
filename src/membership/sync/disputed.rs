//! Disputes: what the bank moved is entered in the ledger once each, and the owner told.

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

/// Brings a dispute and its money to where they stand.
pub(super) async fn dispute(
    tx: &DatabaseTransaction,
    story: &Story<'_>,
    payment: &payment::Model,
    fresh: &Dispute,
) -> anyhow::Result<()> {
    let state = match fresh.status.as_str() {
        "won" | "warning_closed" | "prevented" => dispute::State::Won,
        "lost" => dispute::State::Lost,
        _ => dispute::State::Open,
    };
    let known = dispute::Entity::find()
        .filter(dispute::Column::StripeDisputeId.eq(fresh.id.as_str()))
        .one(tx)
        .await?;
    let now = story.app.clock.now();
    let closed_at = known.as_ref().and_then(|row| row.closed_at);
    let row = dispute::Model {
        id: known.as_ref().map_or_else(Uuid::now_v7, |row| row.id),
        payment_id: payment.id,
        stripe_dispute_id: fresh.id.clone(),
        amount: fresh.amount,
        currency: fresh.currency.clone(),
        state,
        reason: fresh.reason.clone(),
        opened_at: fresh.created.unwrap_or(now),
        closed_at: (state != dispute::State::Open).then(|| closed_at.unwrap_or(now)),
    };
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
    let mut alerts = vec![(format!("dispute:{}", fresh.id), "dispute-opened")];
    match state {
        dispute::State::Open => {}
        dispute::State::Won => {
            alerts.push((format!("dispute:{}:closed", fresh.id), "dispute-won"));
        }
        dispute::State::Lost => {
            alerts.push((format!("dispute:{}:closed", fresh.id), "dispute-lost"));
        }
    }
    for (key, kind) in alerts {
        let alert = Alert {
            key: &key,
            kind,
            name: &story.account.name,
            detail: &format!("{} → {}", story.author.name, fresh.id),
        };
        owners::tell(story.app, tx, alert).await?;
    }
    Ok(())
}
