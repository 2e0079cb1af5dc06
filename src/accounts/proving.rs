//! Whose an address is, once somebody has shown that she reads it.

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait, ConnectionTrait as _,
    DatabaseTransaction, DbBackend, DbErr, EntityTrait, QueryFilter, QueryOrder as _,
    QuerySelect as _, Statement,
};
use uuid::Uuid;

use super::{Address, likeness, merging::merge};
use crate::{
    app::App,
    db,
    entities::{Role, account, checkout, site},
    tidying,
};

/// What a new account is made of, where there is none yet.
#[derive(Clone, Copy, Debug)]
pub struct Newcomer<'a> {
    /// Empty for what stands before the address's `@`.
    pub name: &'a str,
    /// `en` or `de`.
    pub language: &'a str,
}

/// The account of whoever has just shown that she reads mail to `address`, and whether it is new.
///
/// The account that has this address already; else the oldest one that payments under this address have
/// made, which becomes hers; else a new one. All other unclaimed accounts under the address are merged
/// into it: this is how somebody who paid as a stranger comes by her memberships. A name that stands is
/// never overwritten, but for one that a stranger typed and somebody who writes here bears.
///
/// # Errors
/// If the database fails.
pub async fn prove(
    app: &App,
    tx: &DatabaseTransaction,
    address: &Address,
    newcomer: Newcomer<'_>,
) -> Result<(account::Model, bool), DbErr> {
    let now = app.clock.now();
    one_at_a_time(tx, address).await?;
    let mut unclaimed = unclaimed(tx, address).await?;
    let claimed = account::Entity::by_email(address.as_str()).lock_exclusive();
    let (account, is_new) = match claimed.one(tx).await? {
        Some(account) => (account, false),
        None if unclaimed.is_empty() => (create(tx, now, address, newcomer).await?, true),
        None => (claim(app, tx, address, unclaimed.remove(0)).await?, false),
    };
    let mut account = account;
    for other in &unclaimed {
        account = merge(tx, now, other, account).await?;
    }
    if !unclaimed.is_empty() {
        site::Entity::touch(tx).await?;
    }
    Ok((account, is_new))
}

/// Two proofs of one address wait for each other: on SQLite every writing transaction does, on PostgreSQL
/// these take a lock of their own.
async fn one_at_a_time(tx: &DatabaseTransaction, address: &Address) -> Result<(), DbErr> {
    if db::is_postgres(tx) {
        let lock = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))";
        let key = format!("address:{}", address.as_str());
        let lock = Statement::from_sql_and_values(DbBackend::Postgres, lock, [key.into()]);
        tx.execute_raw(lock).await?;
    }
    Ok(())
}

/// The accounts nobody has claimed, with their checkouts locked before them, which is the order in which
/// payments lock.
async fn unclaimed(
    tx: &DatabaseTransaction,
    address: &Address,
) -> Result<Vec<account::Model>, DbErr> {
    let found = account::Entity::unclaimed(address.as_str()).all(tx).await?;
    if found.is_empty() {
        return Ok(found);
    }
    checkout::Entity::find()
        .filter(checkout::Column::AccountId.is_in(found.iter().map(|account| account.id)))
        .order_by_asc(checkout::Column::Id)
        .lock_exclusive()
        .all(tx)
        .await?;
    account::Entity::unclaimed(address.as_str())
        .lock_exclusive()
        .all(tx)
        .await
}

async fn claim(
    app: &App,
    tx: &DatabaseTransaction,
    address: &Address,
    account: account::Model,
) -> Result<account::Model, DbErr> {
    let local = address.local_part();
    let mut name = account.name.clone();
    for other in [local.to_owned(), format!("{local} 2")] {
        if !likeness::is_anothers(app, tx, &name, Some(account.id)).await? {
            break;
        }
        name = other;
    }
    let mut row: account::ActiveModel = account.into();
    row.name = Set(name);
    row.email = Set(Some(address.as_str().to_owned()));
    row.contact_email = Set(None);
    row.update(tx).await
}

async fn create(
    tx: &DatabaseTransaction,
    now: DateTime<Utc>,
    address: &Address,
    newcomer: Newcomer<'_>,
) -> Result<account::Model, DbErr> {
    let mut name = tidying::line(newcomer.name);
    if name.chars().all(tidying::is_invisible) {
        name = address.local_part().to_owned();
    }
    account::ActiveModel {
        id: Set(Uuid::now_v7()),
        email: Set(Some(address.as_str().to_owned())),
        contact_email: Set(None),
        billing_email: Set(None),
        name: Set(name),
        role: Set(Role::Reader),
        language: Set(newcomer.language.to_owned()),
        password_hash: Set(None),
        stripe_customer_id: Set(None),
        created_at: Set(now),
        deleted_at: Set(None),
    }
    .insert(tx)
    .await
}
