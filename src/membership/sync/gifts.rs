//! Gifts: ready once paid, taken back with the money.

use sea_orm::{
    ActiveModelTrait as _, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    QuerySelect as _,
};
use uuid::Uuid;

use super::{
    Ending,
    gather::FreshTip,
    letters::{self, Story},
    money::is_gone,
    receipts::{Booking, book},
};
use crate::{
    app::App,
    entities::{account, author, checkout, grant, payment, site, tier},
    membership::{gifts, roll},
    money::Money,
};

/// Books a gift whose session is paid: its buyer gets the link and a receipt.
pub(super) async fn paid(
    app: &App,
    tx: &DatabaseTransaction,
    fresh: &FreshTip,
    buyer: &account::Model,
    checkout: &checkout::Model,
) -> anyhow::Result<Ending> {
    let row = grant::Entity::find()
        .filter(grant::Column::CheckoutId.eq(checkout.id))
        .lock_exclusive()
        .one(tx)
        .await?;
    let Some(mut row) = row else {
        return Ok(Ending::Parked("a gift of nothing".to_owned()));
    };
    if row.ready_at.is_some() {
        return Ok(Ending::Done);
    }
    let author = author::Entity::find_by_id(row.author_id).one(tx).await?;
    let tier = tier::Entity::find_by_id(row.tier_id).one(tx).await?;
    let Some(author) = author else {
        return Ok(Ending::Parked("no such author".to_owned()));
    };
    let now = app.clock.now();
    row.buyer_id = Some(buyer.id);
    row.ready_at = Some(now);
    row.due_at = gifts::next_due(&row);
    let all: grant::ActiveModel = row.clone().into();
    all.reset_all().update(tx).await?;
    let story = Story {
        app,
        account: buyer,
        author: &author,
        tier: tier.as_ref(),
    };
    let claim_url = letters::claim_url(tx, &story, None).await?;
    gifts::bought(app, tx, &row, claim_url).await?;
    let booking = Booking {
        amount: Money::new(checkout.amount, &checkout.currency),
        membership_id: None,
        tip_id: None,
        grant_id: Some(row.id),
        price_id: None,
        invoice_id: None,
        paid_by: fresh.paid_by.clone(),
        tax: 0,
        hosted_invoice_url: None,
        invoice_pdf_url: None,
        payer_name: None,
        payer_vat_id: None,
        period_start: None,
        period_end: None,
        paid_at: fresh
            .paid_by
            .as_ref()
            .and_then(|paid| paid.at)
            .unwrap_or(now),
    };
    if let Some(payment) = book(tx, &story, booking).await? {
        letters::receipt(tx, &story, &payment, None, false).await?;
    }
    Ok(Ending::Done)
}

/// A gift whose money was given back whole, or lost, is none any more, claimed or not; a refund that
/// failed brings it back.
pub(super) async fn weigh(
    app: &App,
    tx: &DatabaseTransaction,
    payment: &payment::Model,
    id: Uuid,
    refunded: i64,
) -> anyhow::Result<()> {
    let is_gone = is_gone(tx, payment, refunded).await?;
    let locked = grant::Entity::find_by_id(id).lock_exclusive();
    let Some(mut row) = locked.one(tx).await? else {
        return Ok(());
    };
    if is_gone == row.revoked_at.is_some() {
        return Ok(());
    }
    row.revoked_at = is_gone.then(|| app.clock.now());
    row.revoked_why = is_gone.then_some(grant::Why::Refunded);
    row.due_at = gifts::next_due(&row);
    let all: grant::ActiveModel = row.clone().into();
    all.reset_all().update(tx).await?;
    if let Some(account) = row.account_id {
        roll::reckon(app, tx, row.author_id, &[account]).await?;
        site::Entity::touch(tx).await?;
        if is_gone && row.ends_at > Some(app.clock.now()) {
            gifts::taken_back(app, tx, &row).await?;
        }
    }
    Ok(())
}
