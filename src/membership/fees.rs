//! What Stripe kept of a payment: looked up after it was booked, since nobody's access depends on it.

use anyhow::Context as _;
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, DbErr, EntityTrait,
    QueryFilter as _, QuerySelect as _, sea_query::Expr,
};
use uuid::Uuid;

use super::{
    cards,
    ledger::{self, Group, Parts},
    sent_on,
};
use crate::{
    app::App,
    db,
    entities::{
        ledger_entry::Kind,
        payment::{self, Column},
    },
    payments::{BalanceTransaction, Booked, Charge},
};

/// Looks up the charge behind a payment and books its fee. Doing it again changes nothing.
///
/// # Errors
/// A [`crate::payments::Error`] if Stripe is away or knows no charge; else if the database fails.
pub(super) async fn book(app: &App, payment: &str) -> anyhow::Result<()> {
    let id: Uuid = payment.parse().context("not a payment's id")?;
    let found = payment::Entity::find_by_id(id).one(&app.db).await?;
    let payment = found.context("no such payment")?;
    let Some((intent, charge)) = charge_of(app, &payment).await? else {
        return Ok(());
    };
    paid_with(app, &payment, &charge).await?;
    let kept = match &charge.balance_transaction {
        Some(Booked::Whole(kept)) => kept.clone(),
        Some(Booked::Id(_)) | None => anyhow::bail!("not in the balance yet"),
    };
    let now = app.clock.now();
    let tx = db::begin(&app.db).await?;
    let locked = payment::Entity::find_by_id(id).lock_exclusive();
    let payment = locked.one(&tx).await?.context("no such payment")?;
    let mut row: payment::ActiveModel = payment.clone().into();
    row.stripe_charge_id = Set(Some(charge.id.clone()));
    row.stripe_payment_intent_id = Set(payment.stripe_payment_intent_id.clone().or(Some(intent)));
    let payment = row.update(&tx).await?;
    let payment = sent_on::book(&tx, now, payment, &charge).await?;
    fee(&tx, &payment, &kept).await?;
    tx.commit().await?;
    Ok(())
}

/// Keeps what the receipt says it was paid with.
async fn paid_with(app: &App, payment: &payment::Model, charge: &Charge) -> Result<(), DbErr> {
    let Some(method) = &charge.payment_method_details else {
        return Ok(());
    };
    payment::Entity::update_many()
        .col_expr(Column::Method, Expr::value(method.name()))
        .col_expr(Column::Last4, Expr::value(method.last4()))
        .col_expr(Column::CardExpiresAt, Expr::value(method.expires_at()))
        .filter(Column::Id.eq(payment.id))
        .exec(&app.db)
        .await?;
    cards::watch(&app.db, payment, method).await
}

/// The intent and the charge that paid; `None` where Stripe names none, as for what was paid outside it.
pub(super) async fn charge_of(
    app: &App,
    payment: &payment::Model,
) -> anyhow::Result<Option<(String, Charge)>> {
    let intent = match (
        &payment.stripe_payment_intent_id,
        &payment.stripe_invoice_id,
    ) {
        (Some(intent), _) => Some(intent.clone()),
        (None, Some(invoice)) => app.payments.payment_of(invoice).await?.0,
        (None, None) => None,
    };
    let Some(intent) = intent else {
        return Ok(None);
    };
    let charges = app.payments.charges_of(&intent).await?;
    let paid = charges.into_iter().find(Charge::is_paid);
    Ok(paid.map(|charge| (intent, charge)))
}

/// Books what Stripe kept, in parts as the money itself was divided; where the money was sent on, Stripe
/// took it from the publication.
///
/// # Errors
/// If the database fails.
pub(super) async fn fee(
    tx: &sea_orm::DatabaseTransaction,
    payment: &payment::Model,
    kept: &BalanceTransaction,
) -> Result<(), sea_orm::DbErr> {
    let share = match payment.stripe_transfer_id {
        Some(_) => 0,
        None => ledger::share_at(tx, payment.author_id, payment.paid_at).await?,
    };
    let group = Group {
        key: format!("fee:{}", kept.id),
        kind: Kind::Fee,
        payment,
        currency: &kept.currency,
        at: kept.created.unwrap_or(payment.paid_at),
        parts: Parts::of(-kept.fee, 0, share),
    };
    ledger::book(tx, group).await
}
