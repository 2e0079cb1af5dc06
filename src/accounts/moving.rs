//! Another address for an account: proven by a link mailed to it, and taken back by one mailed to the old.

use chrono::{DateTime, Duration, Utc};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter, QuerySelect as _, SqlErr,
    sea_query::Expr,
};
use serde_json::json;
use uuid::Uuid;

use super::{
    Address, Newcomer, Reader, Refusal,
    asked_mail::may_write,
    password::matches,
    proving::prove,
    sessions::end_sessions,
    tokens::{self, NewToken, issue_token},
};
use crate::{
    app::App,
    db,
    entities::{
        account, site,
        token::{self, Purpose},
    },
    mail::Letter,
};

/// How long the new address has to answer, in minutes.
const MINUTES: i64 = 30;
/// How long the old address can take it back, in days.
const DAYS: i64 = 7;

/// What the two kinds of links do.
pub(super) const TO_MOVE: [Purpose; 1] = [Purpose::Address];
pub(super) const TO_MOVE_BACK: [Purpose; 1] = [Purpose::AddressUndo];

/// Mails a link to the new address; nothing changes until it is used. Whether the address is somebody's
/// already is told to whoever reads it alone.
pub(super) async fn ask(
    app: &App,
    reader: &Reader,
    typed: &str,
    current: &str,
) -> Result<(), Refusal> {
    let address = Address::parse(typed)?;
    let account = &reader.account;
    if account.email.as_deref() == Some(address.as_str()) {
        return Err(Refusal::SameAddress);
    }
    if let Some(hash) = &account.password_hash
        && !matches(current, Some(hash)).await?
    {
        return Err(Refusal::WrongPassword);
    }
    let now = app.clock.now();
    let tx = db::begin(&app.db).await?;
    if !may_write(app, &tx, &address).await? {
        // Whoever asked is told the same.
        return Ok(tx.commit().await?);
    }
    forget(&tx, account.id, &TO_MOVE).await?;
    let duration = Duration::minutes(MINUTES);
    let secret = issue(&tx, now, Purpose::Address, account.id, &address, duration).await?;
    let mut to = account.clone();
    to.email = Some(address.as_str().to_owned());
    let letter = Letter {
        key: format!("address_confirm:{}", Uuid::now_v7()),
        kind: "address_confirm",
        to: &to,
        values: json!({
            "new_email": address.as_str(),
            "confirm_url": app.config.link(&format!("/account/address/{secret}")),
            "minutes": MINUTES,
        }),
    };
    app.outbox.enqueue(&tx, now, letter).await?;
    tx.commit().await?;
    app.work.notify_one();
    Ok(())
}

/// The address a link would put in place. Uses nothing up.
pub(super) async fn open(app: &App, secret: &str, to: &[Purpose]) -> Result<Address, Refusal> {
    let found = tokens::look_at(&app.db, app.clock.now(), secret, to).await?;
    let (_, address) = found.ok_or(Refusal::LinkOver)?;
    Ok(address)
}

/// Uses the link up: the new address counts from now on, and the old one hears how to take it back.
pub(super) async fn confirm(app: &App, secret: &str) -> Result<(), Refusal> {
    let now = app.clock.now();
    let tx = db::begin(&app.db).await?;
    let spent = tokens::spend(&tx, now, secret, &TO_MOVE).await?;
    let (token, address) = spent.ok_or(Refusal::LinkOver)?;
    let (before, after) = put(app, &tx, &token, &address).await?;
    let old = before
        .email
        .as_deref()
        .and_then(|old| Address::parse(old).ok());
    if let Some(old) = &old {
        tokens::revoke(&tx, old.as_str()).await?;
        let days = Duration::days(DAYS);
        let undo = issue(&tx, now, Purpose::AddressUndo, after.id, old, days).await?;
        let undo = app.config.link(&format!("/account/address/undo/{undo}"));
        tell(app, &tx, &before, (old, &address), Some(undo)).await?;
        tell(app, &tx, &after, (old, &address), None).await?;
    }
    tx.commit().await?;
    app.work.notify_one();
    Ok(())
}

/// Uses the link up: the old address is back, everybody is signed out, and the password, which may be a
/// stranger's by now, is none.
pub(super) async fn undo(app: &App, secret: &str) -> Result<(), Refusal> {
    let now = app.clock.now();
    let tx = db::begin(&app.db).await?;
    let spent = tokens::spend(&tx, now, secret, &TO_MOVE_BACK).await?;
    let (token, address) = spent.ok_or(Refusal::LinkOver)?;
    let (before, after) = put(app, &tx, &token, &address).await?;
    account::Entity::update_many()
        .col_expr(
            account::Column::PasswordHash,
            Expr::value(Option::<String>::None),
        )
        .filter(account::Column::Id.eq(after.id))
        .exec(&tx)
        .await?;
    end_sessions(&tx, after.id).await?;
    if let Some(wrong) = &before.email {
        tokens::revoke(&tx, wrong).await?;
    }
    forget(&tx, after.id, &[Purpose::Address, Purpose::AddressUndo]).await?;
    tx.commit().await?;
    Ok(())
}

/// Puts an address that is proven in place, with what was paid under it before. Returns the account
/// before and after.
async fn put(
    app: &App,
    tx: &DatabaseTransaction,
    token: &token::Model,
    address: &Address,
) -> Result<(account::Model, account::Model), Refusal> {
    let id = token.account_id.ok_or(Refusal::LinkOver)?;
    let locked = account::Entity::find_by_id(id).lock_exclusive();
    let before = locked.one(tx).await?;
    let before = before.filter(|row| row.deleted_at.is_none());
    let before = before.ok_or(Refusal::LinkOver)?;
    let taken = account::Entity::by_email(address.as_str()).one(tx).await?;
    if taken.is_some_and(|row| row.id != id) {
        return Err(Refusal::AddressTaken);
    }
    account::Entity::update_many()
        .col_expr(account::Column::Email, Expr::value(address.as_str()))
        .filter(account::Column::Id.eq(id))
        .exec(tx)
        .await
        .map_err(taken_meanwhile)?;
    site::Entity::touch(tx).await?;
    let newcomer = Newcomer {
        name: &before.name,
        language: &before.language,
    };
    let (after, _) = prove(app, tx, address, newcomer).await?;
    Ok((before, after))
}

fn taken_meanwhile(error: DbErr) -> Refusal {
    match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => Refusal::AddressTaken,
        _ => error.into(),
    }
}

async fn issue(
    tx: &DatabaseTransaction,
    now: DateTime<Utc>,
    purpose: Purpose,
    account: Uuid,
    address: &Address,
    valid_for: Duration,
) -> Result<String, DbErr> {
    let token = NewToken {
        purpose,
        account_id: Some(account),
        email: Some(address.as_str().to_owned()),
        return_to: None,
        valid_for,
    };
    issue_token(tx, now, token).await
}

/// Takes back the links of these kinds that an account still has under way.
async fn forget(tx: &DatabaseTransaction, account: Uuid, kinds: &[Purpose]) -> Result<(), DbErr> {
    token::Entity::delete_many()
        .filter(token::Column::AccountId.eq(account))
        .filter(token::Column::Purpose.is_in(kinds.iter().copied()))
        .filter(token::Column::UsedAt.is_null())
        .exec(tx)
        .await
        .map(drop)
}

async fn tell(
    app: &App,
    tx: &DatabaseTransaction,
    to: &account::Model,
    (old, new): (&Address, &Address),
    undo_url: Option<String>,
) -> anyhow::Result<()> {
    let letter = Letter {
        key: format!("address_changed:{}", Uuid::now_v7()),
        kind: "address_changed",
        to,
        values: json!({
            "old_email": old.as_str(),
            "new_email": new.as_str(),
            "undo_url": undo_url,
            "days": DAYS,
            "account_url": app.config.link("/account"),
        }),
    };
    let now = app.clock.now();
    app.outbox.enqueue(tx, now, letter).await.map(drop)
}
