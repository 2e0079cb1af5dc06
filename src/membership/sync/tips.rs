//! One-off support: booked once when paid.

use chrono::Duration;
use sea_orm::{ActiveModelTrait as _, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::{
    Ending, changes,
    gather::FreshTip,
    gifts,
    letters::{self, Story},
    payer,
    receipts::{Booking, book},
};
use crate::{
    app::App,
    entities::{author, checkout, site, tip},
    membership::tiers,
    money::Money,
    payments::Reference,
};

/// How long a tip of at least the cheapest tier's month makes a patron, in days.
pub const TERM_DAYS: i64 = 30;

/// Applies a paid one-off session as part of a transaction.
pub(super) async fn tip(
    app: &App,
    tx: &DatabaseTransaction,
    fresh: &FreshTip,
) -> anyhow::Result<Ending> {
    let session = &fresh.session;
    let customer = session.customer.as_ref().map(Reference::id);
    let id = fresh.checkout_id;
    let payer = payer::of_checkout(app, tx, id, Some(session), customer).await?;
    let Some((account, checkout)) = payer else {
        return Ok(Ending::Done);
    };
    let known = tip::Entity::find().filter(tip::Column::CheckoutId.eq(id));
    if known.one(tx).await?.is_some() {
        return Ok(Ending::Done);
    }
    let amount = Money::new(
        session.amount_total.unwrap_or_default(),
        session.currency.as_deref().unwrap_or_default(),
    );
    if amount != Money::new(checkout.amount, &checkout.currency) {
        let asked = format!("{} {}", checkout.amount, checkout.currency);
        let paid = format!("{} {}", amount.amount, amount.currency);
        return Ok(Ending::Parked(format!("asked for {asked}, paid {paid}")));
    }
    match checkout.kind {
        checkout::Kind::Gift => return gifts::paid(app, tx, fresh, &account, &checkout).await,
        checkout::Kind::Change => return changes::paid(app, tx, fresh, &account, &checkout).await,
        checkout::Kind::Tip | checkout::Kind::Subscription => {}
    }
    let author = author::Entity::find_by_id(checkout.author_id)
        .one(tx)
        .await?;
    let Some(author) = author else {
        return Ok(Ending::Parked("no such author".to_owned()));
    };
    let now = app.clock.now();
    let paid_at = fresh
        .paid_by
        .as_ref()
        .and_then(|paid| paid.at)
        .unwrap_or(now);
    let cheapest = tiers::cheapest_month(tx, author.id, &amount.currency).await?;
    let is_patron = cheapest.is_some_and(|month| amount.amount >= month.amount);
    let row = tip::Model {
        id: Uuid::now_v7(),
        account_id: account.id,
        author_id: author.id,
        checkout_id: id,
        article_id: checkout.article_id,
        amount: amount.amount,
        currency: amount.currency.clone(),
        state: tip::State::Paid,
        paid_at,
        patron_until: is_patron.then(|| now + Duration::days(TERM_DAYS)),
        message: checkout.message.clone(),
    };
    let all: tip::ActiveModel = row.clone().into();
    all.reset_all().insert(tx).await?;
    let story = Story {
        app,
        account: &account,
        author: &author,
        tier: None,
    };
    letters::thanks(tx, &story, &row, &session.id).await?;
    letters::tip_for_author(tx, &story, &row).await?;
    let booking = Booking {
        amount,
        membership_id: None,
        tip_id: Some(row.id),
        grant_id: None,
        price_id: None,
        invoice_id: None,
        paid_by: fresh.paid_by.clone(),
        tax: 0,
        hosted_invoice_url: None,
        invoice_pdf_url: None,
        payer_name: session.payer_name().map(str::to_owned),
        payer_vat_id: None,
        period_start: None,
        period_end: row.patron_until,
        paid_at,
    };
    if let Some(payment) = book(tx, &story, booking).await? {
        letters::receipt(tx, &story, &payment, None, false).await?;
    }
    site::Entity::touch(tx).await?;
    Ok(Ending::Done)
}
