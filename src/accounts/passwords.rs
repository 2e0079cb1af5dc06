//! Signing in by password, and choosing one.

use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter,
    QuerySelect as _, sea_query::Expr,
};
use serde_json::json;
use uuid::Uuid;

use super::{
    Address, Newcomer, Reader, Refusal, Visitor,
    links::{Entered, TO_PASSWORD, begin},
    password::{Password, matches},
    proving::prove,
    sessions::end_sessions,
    tokens,
};
use crate::{app::App, db, entities::account, mail::Letter};

/// Signs in, if address and password fit. An address nobody has takes as long as a wrong password.
pub(super) async fn sign_in(
    app: &App,
    visitor: &Visitor,
    address: &Address,
    typed: &str,
    user_agent: &str,
) -> Result<String, Refusal> {
    let found = account::Entity::by_email(address.as_str());
    let found = found.one(&app.db).await?;
    let hash = found
        .as_ref()
        .and_then(|account| account.password_hash.as_deref());
    let fits = matches(typed, hash).await?;
    let account = found.as_ref().filter(|_| fits).ok_or(Refusal::Mismatch)?;
    let tx = db::begin(&app.db).await?;
    if !still(&tx, account).await? {
        return Err(Refusal::Mismatch);
    }
    let secret = begin(app, &tx, visitor, account.id, user_agent).await?;
    tx.commit().await?;
    Ok(secret)
}

/// Whether the password that was checked before the transaction is the account's still; from here on it
/// stays so to the transaction's end.
async fn still(tx: &DatabaseTransaction, checked: &account::Model) -> Result<bool, DbErr> {
    let row = account::Entity::find_by_id(checked.id).lock_exclusive();
    let row = row.one(tx).await?;
    Ok(row
        .is_some_and(|row| row.deleted_at.is_none() && row.password_hash == checked.password_hash))
}

/// The address a link for choosing a password was mailed to. Uses nothing up.
pub(super) async fn open(app: &App, secret: &str) -> Result<Address, Refusal> {
    let found = tokens::look_at(&app.db, app.clock.now(), secret, &TO_PASSWORD).await?;
    let (_, address) = found.ok_or(Refusal::LinkOver)?;
    Ok(address)
}

/// Uses the link up: proves its address, keeps the new password, ends every session and begins one.
pub(super) async fn reset(
    app: &App,
    visitor: &Visitor,
    secret: &str,
    typed: &str,
    user_agent: &str,
) -> Result<Entered, Refusal> {
    let address = open(app, secret).await?;
    let hash = address.password(typed, "")?.hash().await?;
    let newcomer = Newcomer {
        name: "",
        language: visitor.language(app),
    };
    let now = app.clock.now();
    let tx = db::begin(&app.db).await?;
    let spent = tokens::spend(&tx, now, secret, &TO_PASSWORD).await?;
    let (token, address) = spent.ok_or(Refusal::LinkOver)?;
    let (account, _) = prove(app, &tx, &address, newcomer).await?;
    keep(&tx, account.id, hash).await?;
    end_sessions(&tx, account.id).await?;
    tokens::revoke(&tx, address.as_str()).await?;
    tell(app, &tx, &account).await?;
    let secret = begin(app, &tx, visitor, account.id, user_agent).await?;
    tx.commit().await?;
    Ok(Entered {
        secret,
        return_to: token.return_to,
    })
}

/// Sets or changes the reader's password. All other sessions end; this browser gets a new one.
pub(super) async fn change(
    app: &App,
    reader: &Reader,
    current: &str,
    typed: &str,
    user_agent: &str,
) -> Result<String, Refusal> {
    let account = &reader.account;
    let email = account.email.as_deref().unwrap_or_default();
    let new = Password::choose(typed, email, &account.name)?;
    if let Some(hash) = &account.password_hash
        && !matches(current, Some(hash)).await?
    {
        return Err(Refusal::WrongPassword);
    }
    let hash = new.hash().await?;
    let tx = db::begin(&app.db).await?;
    if !still(&tx, account).await? {
        return Err(Refusal::WrongPassword);
    }
    keep(&tx, account.id, hash).await?;
    end_sessions(&tx, account.id).await?;
    tokens::revoke(&tx, email).await?;
    tell(app, &tx, account).await?;
    let secret = begin(app, &tx, &reader.visitor, account.id, user_agent).await?;
    tx.commit().await?;
    Ok(secret)
}

/// Says that the password is another one, and the way back if a stranger did it.
async fn tell(app: &App, tx: &DatabaseTransaction, account: &account::Model) -> anyhow::Result<()> {
    let now = app.clock.now();
    let letter = Letter {
        key: format!("password_changed:{}", Uuid::now_v7()),
        kind: "password_changed",
        to: account,
        values: json!({ "at": now, "forgot_url": app.config.link("/password/forgot") }),
    };
    app.outbox.enqueue(tx, now, letter).await.map(drop)
}

/// Keeps a password's hash, as part of the caller's act.
pub(super) async fn keep(
    tx: &impl ConnectionTrait,
    account: Uuid,
    hash: String,
) -> Result<(), DbErr> {
    account::Entity::update_many()
        .col_expr(account::Column::PasswordHash, Expr::value(hash))
        .filter(account::Column::Id.eq(account))
        .exec(tx)
        .await
        .map(drop)
}
