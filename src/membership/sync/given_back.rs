//! Refunds: entered in the ledger once each, and told of.

use chrono::{DateTime, Utc};
use sea_orm::{ActiveModelTrait as _, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::letters::{self, Story};
use crate::{
    entities::{ledger_entry::Kind, payment, refund},
    membership::ledger::{self, Group, Parts},
    payments::Refund,
};

/// Books a refund, after `before` of the payment was given back by earlier ones.
pub(super) async fn refund(
    tx: &DatabaseTransaction,
    story: &Story<'_>,
    payment: &payment::Model,
    before: i64,
    (fresh, all): (&Refund, &[Refund]),
) -> anyhow::Result<()> {
    let named = refund::Entity::find();
    let named = named.filter(refund::Column::StripeRefundId.eq(fresh.id.as_str()));
    let known = match named.one(tx).await? {
        Some(known) => Some(known),
        // One that goes by a name which Stripe does not know.
        None => {
            refund::Entity::of(payment.id)
                .filter(refund::Column::Amount.eq(fresh.amount))
                .filter(
                    refund::Column::StripeRefundId.is_not_in(all.iter().map(|one| one.id.as_str())),
                )
                .one(tx)
                .await?
        }
    };
    let now = story.app.clock.now();
    let row = refund_row(now, known.as_ref(), payment.id, fresh);
    let share = ledger::share_at(tx, payment.author_id, payment.paid_at).await?;
    let key = format!("refund:{}", fresh.id);
    let group = Group {
        key: key.clone(),
        kind: Kind::Refund,
        payment,
        currency: &fresh.currency,
        at: row.refunded_at,
        parts: Parts::of_refund(payment, share, before, fresh.amount),
    };
    ledger::book(tx, group.clone()).await?;
    if row.state == refund::State::Failed {
        let back = Group {
            key: format!("refund_failed:{}", fresh.id),
            kind: Kind::RefundFailed,
            ..group
        };
        ledger::take_back(tx, &key, back).await?;
    } else {
        letters::refund(tx, story, payment, &row).await?;
    }
    let all: refund::ActiveModel = row.into();
    match known {
        Some(_) => all.reset_all().update(tx).await?,
        None => all.reset_all().insert(tx).await?,
    };
    Ok(())
}

/// The row of a refund, from what Stripe shows and what we know.
pub(in super::super) fn refund_row(
    now: DateTime<Utc>,
    known: Option<&refund::Model>,
    payment: Uuid,
    fresh: &Refund,
) -> refund::Model {
    let refunded_at = known.map(|row| row.refunded_at);
    refund::Model {
        id: known.map_or_else(Uuid::now_v7, |row| row.id),
        payment_id: payment,
        stripe_refund_id: fresh.id.clone(),
        amount: fresh.amount,
        currency: fresh.currency.clone(),
        state: match fresh.status.as_deref() {
            Some("failed" | "canceled") => refund::State::Failed,
            Some("pending" | "requires_action") => refund::State::Pending,
            _ => refund::State::Succeeded,
        },
        reason: fresh.reason.clone(),
        refunded_at: fresh.created.or(refunded_at).unwrap_or(now),
    }
}
