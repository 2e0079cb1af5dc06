//! The money of a charge after it was paid: refunds and disputes, weighed for what they leave of a membership.

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait as _,
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter,
    QueryOrder as _, QuerySelect as _,
    sea_query::{Expr, NullOrdering, Order, Query},
};
use uuid::Uuid;

use super::{
    Ending, apply,
    charge::FreshMoney,
    disputed,
    gather::{FreshSubscription, Gathered},
    gifts, given_back,
    letters::Story,
    tips,
};
use crate::{
    app::App,
    entities::{account, author, dispute, membership, payment, refund, site, tip},
    membership::{
        owners::{self, Alert},
        sent_on,
    },
    payments::Reference,
};

/// How many payments of a membership can belong to one period.
const PERIOD: u64 = 24;

/// What the money says of a membership.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in super::super) struct Condition {
    /// The current period was given back whole, or lost to a dispute.
    pub is_suspended: bool,
    /// Some of it was lost to a dispute.
    pub is_lost: bool,
    /// A dispute is open.
    pub is_disputed: bool,
    /// Nothing is collected because she wished so herself.
    pub rests_by_wish: bool,
}

/// Reads the refunds and disputes of a membership. What paid for a period before the one that began at
/// `period_start`, or was given back after its period had ended, takes nothing away.
pub(in super::super) async fn condition(
    tx: &impl ConnectionTrait,
    membership: Uuid,
    period_start: Option<DateTime<Utc>>,
) -> Result<Condition, DbErr> {
    let payments = payment::Entity::find()
        .filter(payment::Column::MembershipId.eq(membership))
        // First those that paid for any time at all, on both databases.
        .order_by_with_nulls(payment::Column::PeriodEnd, Order::Desc, NullOrdering::Last)
        .limit(PERIOD)
        .all(tx)
        .await?;
    let latest = payments.first().and_then(|payment| payment.period_end);
    let ids = payments.iter().map(|payment| payment.id);
    let disputes = dispute::Entity::find()
        .filter(dispute::Column::PaymentId.is_in(ids))
        .all(tx)
        .await?;
    let current: Vec<&payment::Model> = payments
        .iter()
        .filter(|payment| payment.period_end == latest)
        .filter(|payment| match (payment.period_end, period_start) {
            (Some(end), Some(start)) => end > start,
            _ => true,
        })
        .collect();
    let back = current.iter().any(|payment| payment.refunded > 0) || !disputes.is_empty();
    if !back {
        return Ok(Condition::default());
    }
    let refunds = refund::Entity::find()
        .filter(refund::Column::PaymentId.is_in(current.iter().map(|payment| payment.id)))
        .filter(refund::Column::State.ne(refund::State::Failed))
        .all(tx)
        .await?;
    let given_back: i64 = refunds
        .iter()
        .filter(|refund| latest.is_none_or(|end| refund.refunded_at < end))
        .map(|refund| refund.amount)
        .sum();
    let is_lost = |payment: &&&payment::Model| {
        let of = disputes.iter().filter(|row| row.payment_id == payment.id);
        of.clone().any(|row| row.state == dispute::State::Lost)
    };
    let lost: i64 = current
        .iter()
        .filter(is_lost)
        .map(|payment| payment.amount - payment.refunded)
        .sum();
    let paid: i64 = current.iter().map(|payment| payment.amount).sum();
    Ok(Condition {
        is_suspended: paid > 0 && given_back + lost >= paid,
        is_lost: lost > 0,
        is_disputed: disputes.iter().any(|row| row.state == dispute::State::Open),
        rests_by_wish: false,
    })
}

/// Of these memberships those that the money may say something of: some of it was given back or is disputed.
pub(in super::super) async fn given_back_among(
    db: &impl ConnectionTrait,
    memberships: impl Iterator<Item = Uuid>,
) -> Result<Vec<Uuid>, DbErr> {
    let disputed = Query::select()
        .column(dispute::Column::PaymentId)
        .from(dispute::Entity)
        .take();
    let back = sea_orm::Condition::any()
        .add(payment::Column::Refunded.gt(0))
        .add(payment::Column::Id.in_subquery(disputed));
    payment::Entity::find()
        .select_only()
        .column(payment::Column::MembershipId)
        .distinct()
        .filter(payment::Column::MembershipId.is_in(memberships))
        .filter(back)
        .into_tuple()
        .all(db)
        .await
}

/// Applies the money of a charge as part of a transaction.
pub(super) async fn money(
    app: &App,
    tx: &DatabaseTransaction,
    fresh: &FreshMoney,
) -> anyhow::Result<Ending> {
    let mut payment = booked(tx, fresh).await?;
    let is_new = payment.is_none();
    if let (true, Some(bought)) = (is_new, &fresh.bought) {
        let ending = match bought.as_ref() {
            Gathered::Subscription(fresh) => apply::subscription(app, tx, fresh).await?,
            Gathered::Tip(fresh) => tips::tip(app, tx, fresh).await?,
            _ => Ending::Done,
        };
        if ending != Ending::Done {
            return Ok(ending);
        }
        payment = booked(tx, fresh).await?;
    }
    let Some(payment) = payment else {
        return Ok(match fresh.charge.is_paid() {
            true => Ending::Ignored("a charge for nothing that was booked"),
            // On its way, or refused: what it is for says so now.
            false => Ending::Done,
        });
    };
    enter(app, tx, &payment, fresh).await?;
    match fresh.bought.as_deref() {
        Some(Gathered::Subscription(bought)) => {
            let mut bought = FreshSubscription::clone(bought);
            if is_new {
                let row = membership::Entity::by_subscription(&bought.subscription.id);
                bought.generation = row.one(tx).await?.map(|row| row.generation);
            }
            apply::subscription(app, tx, &bought).await
        }
        _ => Ok(Ending::Done),
    }
}

/// Our payment of the charge, locked.
pub(super) async fn booked(
    tx: &DatabaseTransaction,
    fresh: &FreshMoney,
) -> Result<Option<payment::Model>, DbErr> {
    let intent = fresh.charge.payment_intent.as_ref().map(Reference::id);
    payment::Entity::named(&fresh.charge.id, intent, fresh.invoice.as_deref())
        .lock_exclusive()
        .one(tx)
        .await
}

async fn enter(
    app: &App,
    tx: &DatabaseTransaction,
    payment: &payment::Model,
    fresh: &FreshMoney,
) -> anyhow::Result<()> {
    let account = account::Entity::find_by_id(payment.account_id)
        .one(tx)
        .await?;
    let author = author::Entity::find_by_id(payment.author_id)
        .one(tx)
        .await?;
    let payment = &sent_on::named(payment, &fresh.charge);
    let (Some(account), Some(author)) = (account, author) else {
        anyhow::bail!("a payment of nobody or for nobody");
    };
    let story = Story {
        app,
        account: &account,
        author: &author,
        tier: None,
    };
    let mut before = 0;
    for refund in &fresh.refunds {
        given_back::refund(tx, &story, payment, before, (refund, &fresh.refunds)).await?;
        before += refund.amount;
    }
    let failed = ["failed", "canceled"];
    let standing = fresh.refunds.iter().filter(|refund| {
        let status = refund.status.as_deref().unwrap_or_default();
        !failed.contains(&status)
    });
    let refunded: i64 = standing.map(|refund| refund.amount).sum();
    let is_given_back = refunded >= payment.amount;
    for dispute in &fresh.disputes {
        let both = (dispute, fresh.disputes.as_slice());
        disputed::dispute(tx, &story, payment, both, is_given_back).await?;
    }
    for warning in &fresh.warnings {
        let alert = Alert {
            key: &format!("fraud_warning:{warning}"),
            kind: "fraud-warning",
            name: &account.name,
            author: None,
            detail: &format!("{} → {}", author.name, fresh.charge.id),
        };
        owners::tell(app, tx, alert).await?;
    }
    let mut row: payment::ActiveModel = payment.clone().into();
    row.refunded = Set(refunded);
    row.stripe_charge_id = Set(Some(fresh.charge.id.clone()));
    let written = row.update(tx).await?;
    sent_on::book(tx, app.clock.now(), written, &fresh.charge).await?;
    if let Some(tip) = payment.tip_id {
        weigh_tip(tx, payment, tip, refunded).await?;
    }
    if let Some(grant) = payment.grant_id {
        gifts::weigh(app, tx, payment, grant, refunded).await?;
    }
    Ok(())
}

/// A tip that was given back whole, or lost, makes no patron.
async fn weigh_tip(
    tx: &DatabaseTransaction,
    payment: &payment::Model,
    id: Uuid,
    refunded: i64,
) -> Result<(), DbErr> {
    let state = match is_gone(tx, payment, refunded).await? {
        true => tip::State::Refunded,
        false => tip::State::Paid,
    };
    let changed = tip::Entity::update_many()
        .col_expr(tip::Column::State, Expr::value(state))
        .filter(tip::Column::Id.eq(id))
        .filter(tip::Column::State.ne(state))
        .exec(tx)
        .await?;
    if changed.rows_affected > 0 {
        site::Entity::touch(tx).await?;
    }
    Ok(())
}

/// Whether a payment was given back whole, or lost to a dispute.
pub(super) async fn is_gone(
    tx: &DatabaseTransaction,
    payment: &payment::Model,
    refunded: i64,
) -> Result<bool, DbErr> {
    let lost = dispute::Entity::of(payment.id)
        .filter(dispute::Column::State.eq(dispute::State::Lost))
        .one(tx)
        .await?;
    Ok(refunded >= payment.amount || lost.is_some())
}
