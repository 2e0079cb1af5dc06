//! Invoices: booked once when paid, with a receipt; told of once an attempt when they fail.

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait, Condition, DatabaseTransaction, DbErr,
    EntityTrait, QueryFilter, sea_query::Expr,
};
use uuid::Uuid;

use super::{
    gather::FreshSubscription,
    late,
    letters::{self, Story},
    paid_by::PaidBy,
};
use crate::{
    entities::{
        errand, ledger_entry,
        membership::{self, State},
        payment, price, site,
    },
    membership::{
        errands,
        ledger::{self, Group, Parts},
        roll::tally,
    },
    money::Money,
    payments::{Invoice, Method},
};

/// Books an invoice of a membership. `has_other`: she has another with the author in force. The caller holds the account's lock, so no two do this at once.
///
/// # Errors
/// If the database fails or a letter cannot be written.
pub(super) async fn invoice(
    tx: &DatabaseTransaction,
    story: &Story<'_>,
    row: &membership::Model,
    invoice: &Invoice,
    fresh: &FreshSubscription,
    has_other: bool,
) -> anyhow::Result<()> {
    if invoice.is_paid() {
        let paid_by = fresh.paid_by.get(&invoice.id);
        if invoice.amount_paid > 0
            && let Some(payment) = paid(tx, story, row, invoice, paid_by).await?
        {
            // Whichever of two is seen first: the one that is seen second tells her.
            let is_second = row.is_duplicate() || has_other && invoice.is_first();
            letters::receipt(tx, story, &payment, Some(row), is_second).await?;
            late::tell(tx, story, row, &payment, fresh).await?;
        }
        return Ok(());
    }
    let can_mend = matches!(row.state, State::Grace | State::Lapsed | State::Paused);
    if !can_mend || !invoice.is_failing() {
        return Ok(());
    }
    let tried = fresh.tried.get(&invoice.id);
    letters::unpaid(tx, story, row, invoice, tried).await
}

async fn paid(
    tx: &DatabaseTransaction,
    story: &Story<'_>,
    row: &membership::Model,
    invoice: &Invoice,
    paid_by: Option<&PaidBy>,
) -> anyhow::Result<Option<payment::Model>> {
    let (period_start, period_end) = invoice.period();
    let booking = Booking {
        amount: Money::new(invoice.amount_paid, &invoice.currency),
        membership_id: Some(row.id),
        tip_id: None,
        grant_id: None,
        price_id: price::Entity::sold(tx, invoice.sold()).await?,
        invoice_id: Some(invoice.id.clone()),
        paid_by: paid_by.cloned(),
        tax: invoice.tax(),
        hosted_invoice_url: invoice.hosted_invoice_url.clone(),
        invoice_pdf_url: invoice.invoice_pdf.clone(),
        payer_name: invoice.customer_name.clone(),
        payer_vat_id: invoice.payer_vat_id().map(str::to_owned),
        period_start,
        period_end,
        paid_at: invoice.paid_at().unwrap_or_else(|| story.app.clock.now()),
    };
    book(tx, story, booking).await
}

/// A payment about to be booked.
pub(super) struct Booking {
    pub amount: Money,
    pub membership_id: Option<Uuid>,
    pub tip_id: Option<Uuid>,
    pub grant_id: Option<Uuid>,
    pub price_id: Option<Uuid>,
    pub invoice_id: Option<String>,
    pub paid_by: Option<PaidBy>,
    /// Minor units of `amount` that are tax.
    pub tax: i64,
    pub hosted_invoice_url: Option<String>,
    pub invoice_pdf_url: Option<String>,
    pub payer_name: Option<String>,
    pub payer_vat_id: Option<String>,
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
    let (invoice, tip, grant) = (&booking.invoice_id, booking.tip_id, booking.grant_id);
    let intent = booking.paid_by.as_ref().map(|paid| paid.intent.as_str());
    let same = Condition::any()
        .add_option(
            invoice
                .as_ref()
                .map(|id| payment::Column::StripeInvoiceId.eq(id.as_str())),
        )
        .add_option(tip.map(|id| payment::Column::TipId.eq(id)))
        .add_option(grant.map(|id| payment::Column::GrantId.eq(id)))
        .add_option(intent.map(|id| payment::Column::StripePaymentIntentId.eq(id)));
    // Not locked: whoever syncs a charge has its payment before the checkout, and this is the other way round.
    let known = payment::Entity::find().filter(same);
    if let Some(known) = known.one(tx).await? {
        attach(tx, known, &booking).await?;
        return Ok(None);
    }
    let paid_by = booking.paid_by;
    let method = paid_by.as_ref().and_then(|paid| paid.method.as_ref());
    let payment = payment::Model {
        id: Uuid::now_v7(),
        number: site::Entity::next_receipt(tx).await?,
        account_id: story.account.id,
        author_id: story.author.id,
        membership_id: booking.membership_id,
        tip_id: booking.tip_id,
        grant_id: booking.grant_id,
        price_id: booking.price_id,
        amount: booking.amount.amount,
        refunded: 0,
        currency: booking.amount.currency,
        stripe_invoice_id: booking.invoice_id,
        tax: booking.tax,
        stripe_charge_id: None,
        stripe_transfer_id: None,
        transfer_reversed: 0,
        fee_refunded: 0,
        hosted_invoice_url: booking.hosted_invoice_url,
        invoice_pdf_url: booking.invoice_pdf_url,
        payer_name: booking.payer_name,
        payer_vat_id: booking.payer_vat_id,
        method: method.and_then(|method| method.name().map(str::to_owned)),
        last4: method.and_then(|method| method.last4().map(str::to_owned)),
        card_expires_at: method.and_then(Method::expires_at),
        stripe_payment_intent_id: paid_by.map(|paid| paid.intent),
        period_start: booking.period_start,
        period_end: booking.period_end,
        paid_at: booking.paid_at,
    };
    let mut row: payment::ActiveModel = payment.clone().into();
    row.id = Set(payment.id);
    payment::Entity::insert(row.reset_all())
        .exec_without_returning(tx)
        .await?;
    tally::paid(tx, &payment).await?;
    enter(tx, story, &payment).await?;
    Ok(Some(payment))
}

/// A payment that is booked belongs to what it has paid for, should that have got another row, and says what it bought.
async fn attach(
    tx: &DatabaseTransaction,
    known: payment::Model,
    booking: &Booking,
) -> Result<(), DbErr> {
    use payment::Column;
    let (of, invoice) = (booking.membership_id, &booking.invoice_id);
    let now = (
        known.membership_id,
        known.tip_id,
        known.grant_id,
        &known.stripe_invoice_id,
        known.price_id,
    );
    let sold = booking.price_id.or(known.price_id);
    if now != (of, booking.tip_id, booking.grant_id, invoice, sold) {
        payment::Entity::update_many()
            .col_expr(Column::MembershipId, Expr::value(of))
            .col_expr(Column::TipId, Expr::value(booking.tip_id))
            .col_expr(Column::GrantId, Expr::value(booking.grant_id))
            .col_expr(Column::PriceId, Expr::value(sold))
            .col_expr(Column::StripeInvoiceId, Expr::value(invoice.clone()))
            .filter(Column::Id.eq(known.id))
            .exec(tx)
            .await?;
    }
    Ok(())
}

/// Enters a payment in the ledger, and has its fee looked up.
pub(super) async fn enter(
    tx: &DatabaseTransaction,
    story: &Story<'_>,
    payment: &payment::Model,
) -> anyhow::Result<()> {
    let id = payment.id.to_string();
    let share = ledger::share_at(tx, payment.author_id, payment.paid_at).await?;
    let group = Group {
        key: ledger::payment_key(payment),
        kind: ledger_entry::Kind::Payment,
        payment,
        currency: &payment.currency,
        at: payment.paid_at,
        parts: Parts::of(payment.amount, payment.tax, share),
    };
    ledger::book(tx, group).await?;
    let now = story.app.clock.now();
    errands::enqueue(tx, now, errand::Kind::BookFee, format!("fee:{id}"), &id).await?;
    Ok(())
}
