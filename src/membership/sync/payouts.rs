//! An author's own account at Stripe: brought to where it stands there.

use sea_orm::{DatabaseTransaction, QuerySelect as _};

use super::{
    Ending,
    gather::{Gathered, broken, ending},
};
use crate::{
    app::App,
    entities::payout_account,
    membership::payouts,
    payments::{self, Account},
};

/// A connected account as it is at Stripe now.
pub(super) struct FreshAccount {
    pub id: String,
    /// None where it has come loose.
    account: Option<Account>,
    /// Our row's version before fetching.
    version: i64,
}

/// Fetches a linked account.
pub(super) async fn look(app: &App, id: &str) -> Result<Gathered, Ending> {
    let row = payout_account::Entity::by_stripe(id).one(&app.db).await;
    let Some(row) = row.map_err(broken)? else {
        return Err(Ending::Ignored("of an account that nobody here has linked"));
    };
    let account = match app.payments.account(id).await {
        Ok(account) => Some(account),
        Err(payments::Error::NotFound) => None,
        Err(error) => return Err(ending(error)),
    };
    Ok(Gathered::Account(FreshAccount {
        id: id.to_owned(),
        account,
        version: row.version,
    }))
}

pub(super) async fn apply(
    app: &App,
    tx: &DatabaseTransaction,
    fresh: &FreshAccount,
) -> anyhow::Result<Ending> {
    let row = payout_account::Entity::by_stripe(&fresh.id)
        .lock_exclusive()
        .one(tx)
        .await?;
    match row {
        Some(row) if row.version == fresh.version => {
            payouts::converge(app, tx, row, fresh.account.as_ref()).await?;
            Ok(Ending::Done)
        }
        Some(_) => Ok(Ending::Again),
        None => Ok(Ending::Done),
    }
}
