//! Invoices: booked once when paid, with a receipt; told of once an attempt when they fail.

use chrono::{DateTime, Utc};
use sea_orm::{ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::letters::{self, Story};
use crate::{
    entities::{
        membership::{self, State},
        payment, site,
    },
    money::Money,
    payments::Invoice,
};

/// Books an invoice of a membership. The caller holds the account's lock, so no two do this at once.
///
/// # Errors
/// If the database fails or a letter cannot be written.
pub(super) async fn invoice(
    tx: &DatabaseTransaction,
    story: &Story<'_>,
    row: &membership::Model,
    invoice: &Invoice,
) -> anyhow::Result<()> {
    if invoice.is_paid() {
        if invoice.amount_paid > 0 {
            paid(tx, story, row, invoice).await?;
        }
        return Ok(());
    }
    let is_open = invoice.status.as_deref() == Some("open");
    let can_mend = matches!(row.state, State::Grace | State::Lapsed);
    if is_open && can_mend && invoice.attempt_count > 0 && !invoice.is_first() {
        letters::payment_failed(tx, story, row, invoice).await?;
    }
    Ok(())
}

async fn paid(
    tx: &DatabaseTransaction,
    story: &Story<'_>,
    row: &membership::Model,
    invoice: &Invoice,
) -> anyhow::Result<()> {
    let (period_start, period_end) = invoice.period();
    let booking = Booking {
        amount: Money::new(invoice.amount_paid, &invoice.currency),
        membership_id: Some(row.id),
        tip_id: None,
        invoice_id: Some(invoice.id.clone()),
        payment_intent_id: None,
        hosted_invoice_url: invoice.hosted_invoice_url.clone(),
        period_start,
        period_end,
        paid_at: invoice.paid_at().unwrap_or_else(|| story.app.clock.now()),
    };
    if let Some(payment) = book(tx, story, booking).await? {
        letters::receipt(tx, story, &payment, Some(row.recurrence)).await?;
    }
    Ok(())
}

/// A payment about to be booked.
pub(super) struct Booking {
    pub amount: Money,
    pub membership_id: Option<Uuid>,
    pub tip_id: Option<Uuid>,
    pub invoice_id: Option<String>,
    pub payment_intent_id: Option<String>,
    pub hosted_invoice_url: Option<String>,
    pub period_start: Option<DateTime<Utc>>,
    pub period_end: Option<DateTime<Utc>>,
    pub paid_at: DateTime<Utc>,
}

/// Books a payment under the next receipt number; `None` if it was booked before.
///
/// # Errors
/// If the database fails.
pub(super) async fn book(
    tx: &DatabaseTransaction,
    story: &Story<'_>,
    booking: Booking,
) -> anyhow::Result<Option<payment::Model>> {
    let known = payment::Entity::find();
    let known = match (&booking.invoice_id, booking.tip_id) {
        (Some(invoice), _) => known.filter(payment::Column::StripeInvoiceId.eq(invoice.as_str())),
        (None, tip) => known.filter(payment::Column::TipId.eq(tip)),
    };
    if known.one(tx).await?.is_some() {
        return Ok(None);
    }
    let payment = payment::Model {
        id: Uuid::now_v7(),
        number: site::Entity::next_receipt(tx).await?,
        account_id: story.account.id,
        author_id: story.author.id,
        membership_id: booking.membership_id,
        tip_id: booking.tip_id,
        amount: booking.amount.amount,
        refunded: 0,
        currency: booking.amount.currency,
        stripe_invoice_id: booking.invoice_id,
        stripe_payment_intent_id: booking.payment_intent_id,
        hosted_invoice_url: booking.hosted_invoice_url,
        period_start: booking.period_start,
        period_end: booking.period_end,
        paid_at: booking.paid_at,
    };
    let mut row: payment::ActiveModel = payment.clone().into();
    row.id = Set(payment.id);
    payment::Entity::insert(sea_orm::ActiveModelTrait::reset_all(row))
        .exec_without_returning(tx)
        .await?;
    Ok(Some(payment))
}
