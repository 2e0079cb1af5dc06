//! A receipt that is missing is written, and a payment that is missing in the ledger entered, from what is kept here.

use anyhow::Context as _;
use sea_orm::{DatabaseTransaction, EntityTrait};
use uuid::Uuid;

use super::{
    letters::{self, Story},
    receipts::enter,
};
use crate::{
    app::App,
    db,
    entities::{account, author, membership, payment},
};

/// Writes the receipt of a payment that has none.
///
/// # Errors
/// If the database fails or the letter cannot be written.
pub(in super::super) async fn receipt_again(app: &App, id: Uuid) -> anyhow::Result<()> {
    let tx = db::begin(&app.db).await?;
    let (payment, account, author) = parties(&tx, id).await?;
    let membership = match payment.membership_id {
        Some(id) => membership::Entity::find_by_id(id).one(&tx).await?,
        None => None,
    };
    let is_second = membership
        .as_ref()
        .is_some_and(membership::Model::is_duplicate);
    let story = Story {
        app,
        account: &account,
        author: &author,
        tier: None,
    };
    letters::receipt(&tx, &story, &payment, membership.as_ref(), is_second).await?;
    tx.commit().await?;
    app.work.notify_one();
    Ok(())
}

/// Enters a payment in the ledger that is not there.
///
/// # Errors
/// If the database fails.
pub(in super::super) async fn enter_again(app: &App, id: Uuid) -> anyhow::Result<()> {
    let tx = db::begin(&app.db).await?;
    let (payment, account, author) = parties(&tx, id).await?;
    let story = Story {
        app,
        account: &account,
        author: &author,
        tier: None,
    };
    enter(&tx, &story, &payment).await?;
    Ok(tx.commit().await?)
}

async fn parties(
    tx: &DatabaseTransaction,
    id: Uuid,
) -> anyhow::Result<(payment::Model, account::Model, author::Model)> {
    let payment = payment::Entity::find_by_id(id).one(tx).await?;
    let payment = payment.context("no such payment")?;
    let account = account::Entity::find_by_id(payment.account_id)
        .one(tx)
        .await?;
    let author = author::Entity::find_by_id(payment.author_id)
        .one(tx)
        .await?;
    let (account, author) = account.zip(author).context("a payment of nobody")?;
    Ok((payment, account, author))
}
