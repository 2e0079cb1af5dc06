//! Bringing a payment's own row, and those of the tip or the gift it has paid for, to what Stripe says.

use anyhow::Context as _;
use sea_orm::{ActiveModelTrait as _, DatabaseTransaction, EntityTrait, QuerySelect as _};
use uuid::Uuid;

use super::{once::AllOnce, right::Told};
use crate::{
    app::App,
    db,
    entities::{grant, ledger_entry, membership, payment, price, site, tip},
    membership::{
        gifts, ledger,
        roll::{self, tally},
        sync,
    },
    payments::{Charge, Invoice},
};

/// Writes what differs. Returns the payment as it is now.
pub(super) async fn put(app: &App, id: Uuid, told: &Told) -> anyhow::Result<payment::Model> {
    let (invoice, charge) = (told.invoice.as_ref(), told.charge.as_ref());
    let of = match invoice.and_then(Invoice::subscription) {
        Some(id) => {
            let row = membership::Entity::by_subscription(id);
            row.one(&app.db).await?
        }
        None => None,
    };
    let known = payment::Entity::find_by_id(id).one(&app.db).await?;
    let paid: Vec<_> = charge
        .map(|charge| (charge, known.as_ref()))
        .into_iter()
        .collect();
    let once = AllOnce::of(app, &paid).await?;
    let tx = db::begin(&app.db).await?;
    let locked = payment::Entity::find_by_id(id).lock_exclusive();
    let row = locked.one(&tx).await?.context("no such payment")?;
    let mut due = row.clone();
    if let Some(invoice) = invoice {
        let sold = price::Entity::sold(&tx, invoice.sold()).await?;
        due = sync::by_invoice(&due, invoice, of.as_ref(), sold);
    }
    if let Some(charge) = charge {
        let came = charge.kept().and_then(|kept| kept.created);
        due = once.payment(&due, charge, came);
    }
    if let Some(session) = &told.session {
        due = sync::by_session(&due, session);
    }
    let sold_by = of.map(|of| of.author_id);
    let sold_by = sold_by.or(charge
        .and_then(|charge| once.get(charge))
        .map(|once| once.checkout.author_id));
    if let Some(author) = sold_by.filter(|author| *author != due.author_id)
        && are_all_of(&ledger::entries(&tx, &[id]).await?, author)
    {
        due.author_id = author;
    }
    if due != row {
        write(&tx, &row, &due).await?;
    }
    if let Some(charge) = charge {
        bought(app, &tx, &once, charge, &due).await?;
    }
    tx.commit().await?;
    Ok(due)
}

/// Whether the books say so too.
fn are_all_of(entries: &[ledger_entry::Model], author: Uuid) -> bool {
    !entries.is_empty() && entries.iter().all(|entry| entry.author_id == author)
}

async fn write(
    tx: &DatabaseTransaction,
    before: &payment::Model,
    due: &payment::Model,
) -> anyhow::Result<()> {
    let all: payment::ActiveModel = due.clone().into();
    all.reset_all().update(tx).await?;
    for row in [before, due] {
        tally::recount(tx, row).await?;
    }
    Ok(())
}

async fn bought(
    app: &App,
    tx: &DatabaseTransaction,
    once: &AllOnce,
    charge: &Charge,
    payment: &payment::Model,
) -> anyhow::Result<()> {
    let known = once.get(charge);
    let tip = known.and_then(|known| known.tip.as_ref());
    if let Some((row, due)) = tip.zip(once.tip(charge, payment))
        && *row != due
    {
        let all: tip::ActiveModel = due.clone().into();
        all.reset_all().update(tx).await?;
        let both = [row.account_id, due.account_id];
        roll::reckon(app, tx, due.author_id, &both).await?;
        site::Entity::touch(tx).await?;
    }
    let grant = known.and_then(|known| known.grant.as_ref());
    if let Some((row, mut due)) = grant.zip(once.grant(charge, payment))
        && *row != due
    {
        due.due_at = gifts::next_due(&due);
        let all: grant::ActiveModel = due.clone().into();
        all.reset_all().update(tx).await?;
        let whose: Vec<Uuid> = due.account_id.into_iter().collect();
        roll::reckon(app, tx, due.author_id, &whose).await?;
        site::Entity::touch(tx).await?;
    }
    Ok(())
}
