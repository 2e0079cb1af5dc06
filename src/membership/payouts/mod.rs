//! Authors who are paid directly: linking an account at Stripe, and where the money of their readers goes.
//! The publication stays the merchant; of each payment the author's part is sent on at once.

mod following;
mod steering;
mod telling;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait as _,
    ActiveValue::Set,
    ColumnTrait as _, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait,
    IntoActiveModel as _, QueryFilter as _, QuerySelect as _,
    sea_query::{Expr, OnConflict},
};
use uuid::Uuid;

use super::sync::{self, Subject};
use crate::{
    app::App,
    db,
    entities::{
        audit_entry,
        payout_account::{self, Column},
    },
    payments::{self, Account},
};

pub use following::{Following, following};
use steering::follow;
pub use steering::share_changed;
pub(super) use steering::{again, begun, direct, since, steer};
pub use telling::reason;

/// Begins or goes on with linking an author's account: our row first, then Stripe's. Returns the address
/// of Stripe's page; `None` where the account has just come loose there, which the author's page then says.
///
/// # Errors
/// A [`crate::payments::Error`] if Stripe is away or refuses; else if the database fails.
pub async fn link(app: &App, author: Uuid, email: Option<&str>) -> anyhow::Result<Option<String>> {
    if of(&app.db, author)
        .await?
        .is_some_and(|row| row.linked_at.is_none())
    {
        // What was unlinked here may be gone there, which is no news to her: a new one takes its place.
        refreshed(app, author).await?;
    }
    let row = wished(app, author).await?;
    let account = match row.stripe_account_id {
        Some(account) => account,
        None => make(app, &row, email).await?,
    };
    sync::now(app, &Subject::Account(account.clone())).await?;
    let is_linked = payout_account::Entity::by_stripe(&account);
    if is_linked.one(&app.db).await?.is_none() {
        return Ok(None);
    }
    let here = |path: &str| app.config.link(path);
    let (back, again) = (
        here("/studio/payouts/return"),
        here("/studio/payouts/refresh"),
    );
    match app.payments.account_link(&account, &back, &again).await {
        Ok(address) => Ok(Some(address)),
        Err(payments::Error::NotFound) => {
            sync::now(app, &Subject::Account(account)).await?;
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

/// The row of an author who wants to be paid directly.
async fn wished(app: &App, author: Uuid) -> anyhow::Result<payout_account::Model> {
    let now = app.clock.now();
    let tx = db::begin(&app.db).await?;
    let fresh = payout_account::ActiveModel {
        author_id: Set(author),
        stripe_account_id: Set(None),
        former_account_id: Set(None),
        generation: Set(0),
        charges_enabled: Set(false),
        payouts_enabled: Set(false),
        transfers: Set(None),
        details_submitted: Set(false),
        due: Set(String::new()),
        disabled_reason: Set(None),
        linked_at: Set(None),
        version: Set(0),
        updated_at: Set(now),
    };
    payout_account::Entity::insert(fresh)
        .on_conflict(OnConflict::column(Column::AuthorId).do_nothing().to_owned())
        .exec_without_returning(&tx)
        .await?;
    let row = locked(&tx, author).await?.context("just written")?;
    let row = match row.linked_at {
        Some(_) => row,
        None => {
            let mut next = row.clone();
            next.linked_at = Some(now);
            change(&tx, now, &row, next).await?
        }
    };
    tx.commit().await?;
    Ok(row)
}

/// Makes the account at Stripe; a second try gets the same one. Returns its id.
async fn make(
    app: &App,
    row: &payout_account::Model,
    email: Option<&str>,
) -> anyhow::Result<String> {
    let key = format!("account:{}:{}", row.author_id, row.generation);
    let made = app.payments.create_account(&key, row.author_id, email);
    let made = made.await?;
    payout_account::Entity::update_many()
        .col_expr(Column::StripeAccountId, Expr::value(made.clone()))
        .filter(Column::AuthorId.eq(row.author_id))
        .filter(Column::Generation.eq(row.generation))
        .filter(Column::StripeAccountId.is_null())
        .exec(&app.db)
        .await?;
    Ok(made)
}

/// An author's account as Stripe shows it now; `None` where there is none.
///
/// # Errors
/// If Stripe or the database is away.
pub async fn refreshed(app: &App, author: Uuid) -> anyhow::Result<Option<payout_account::Model>> {
    let row = of(&app.db, author).await?;
    if let Some(account) = row.and_then(|row| row.stripe_account_id) {
        sync::now(app, &Subject::Account(account)).await?;
    }
    Ok(of(&app.db, author).await?)
}

/// An author's account as it was last seen.
///
/// # Errors
/// If the database fails.
pub async fn of(
    db: &impl ConnectionTrait,
    author: Uuid,
) -> Result<Option<payout_account::Model>, DbErr> {
    payout_account::Entity::find_by_id(author).one(db).await
}

/// The author is paid from the statement again. The account at Stripe stays his, and is the same if he
/// links it again.
///
/// # Errors
/// If the database fails.
pub async fn unlink(app: &App, author: Uuid, who: Uuid) -> anyhow::Result<()> {
    let now = app.clock.now();
    let tx = db::begin(&app.db).await?;
    if let Some(row) = locked(&tx, author).await? {
        let mut next = row.clone();
        next.linked_at = None;
        change(&tx, now, &row, next).await?;
        let detail = serde_json::json!({ "account": row.stripe_account_id });
        let subject = author.to_string();
        audit_entry::Entity::note(&tx, now, Some(who), "payout_unlink", &subject, &detail).await?;
    }
    tx.commit().await?;
    app.work.notify_one();
    Ok(())
}

/// Brings the locked row to where the account is at Stripe; without one it has come loose.
///
/// # Errors
/// If the database fails or a letter cannot be written.
pub(super) async fn converge(
    app: &App,
    tx: &DatabaseTransaction,
    row: payout_account::Model,
    account: Option<&Account>,
) -> anyhow::Result<()> {
    let next = converged(&row, account);
    let now = change(tx, app.clock.now(), &row, next).await?;
    telling::tell(app, tx, &row, &now).await
}

/// The row as it should be.
pub(super) fn converged(
    row: &payout_account::Model,
    account: Option<&Account>,
) -> payout_account::Model {
    let mut next = row.clone();
    next.charges_enabled = account.is_some_and(|account| account.charges_enabled);
    next.payouts_enabled = account.is_some_and(|account| account.payouts_enabled);
    next.details_submitted = account.is_some_and(|account| account.details_submitted);
    next.transfers = account.and_then(Account::transfers).map(str::to_owned);
    next.due = account
        .map(|account| account.due().join("\n"))
        .unwrap_or_default();
    let reason = account.and_then(Account::disabled_reason);
    next.disabled_reason = reason.map(str::to_owned);
    if account.is_none() {
        next.former_account_id = next.stripe_account_id.take();
        next.linked_at = None;
        next.generation += 1;
    }
    next
}

/// Writes what has changed; memberships that run follow if their money now goes elsewhere.
async fn change(
    tx: &DatabaseTransaction,
    now: DateTime<Utc>,
    before: &payout_account::Model,
    mut next: payout_account::Model,
) -> Result<payout_account::Model, DbErr> {
    if next == *before {
        return Ok(next);
    }
    next.version += 1;
    next.updated_at = now;
    let row = next.into_active_model().reset_all().update(tx).await?;
    if destination(before) != destination(&row) {
        follow(tx, now, &row).await?;
    }
    Ok(row)
}

/// The account that can be sent money, where the author wants that.
pub fn destination(row: &payout_account::Model) -> Option<&str> {
    let is_able = row.linked_at.is_some() && row.transfers.as_deref() == Some("active");
    row.stripe_account_id.as_deref().filter(|_| is_able)
}

async fn locked(
    tx: &DatabaseTransaction,
    author: Uuid,
) -> Result<Option<payout_account::Model>, DbErr> {
    let row = payout_account::Entity::find_by_id(author);
    row.lock_exclusive().one(tx).await
}
