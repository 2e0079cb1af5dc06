//! Random tokens: handed out once, kept only as a hash, good for one purpose and one use.

use chrono::{DateTime, Duration, Utc};
use rand::RngCore as _;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter,
    sea_query::Expr,
};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::Address;
use crate::entities::token::{self, Purpose};

/// A single-use token about to be mailed.
#[derive(Clone, Debug)]
pub struct NewToken {
    pub purpose: Purpose,
    pub account_id: Option<Uuid>,
    /// The address it is mailed to, which using it proves.
    pub email: Option<String>,
    pub return_to: Option<String>,
    pub valid_for: Duration,
}

/// Writes the token's hash as part of the caller's act and returns the token itself.
///
/// # Errors
/// If the database fails.
pub async fn issue_token(
    tx: &impl ConnectionTrait,
    now: DateTime<Utc>,
    new: NewToken,
) -> Result<String, DbErr> {
    issue_named(tx, now, new, None).await
}

/// The same for a newcomer, whose name travels along.
pub(super) async fn issue_named(
    tx: &impl ConnectionTrait,
    now: DateTime<Utc>,
    new: NewToken,
    name: Option<String>,
) -> Result<String, DbErr> {
    let secret = random();
    let row = token::ActiveModel {
        token_hash: Set(hashed(&secret)),
        purpose: Set(new.purpose),
        account_id: Set(new.account_id),
        email: Set(new.email),
        name: Set(name),
        return_to: Set(new.return_to),
        created_at: Set(now),
        expires_at: Set(now + new.valid_for),
        used_at: Set(None),
    };
    token::Entity::insert(row)
        .exec_without_returning(tx)
        .await?;
    Ok(secret)
}

/// The token, and the address it proves, if it could be spent for one of `purposes`. Spends nothing.
pub(super) async fn look_at(
    db: &impl ConnectionTrait,
    now: DateTime<Utc>,
    secret: &str,
    purposes: &[Purpose],
) -> Result<Option<(token::Model, Address)>, DbErr> {
    let found = token::Entity::find().filter(good(now, secret, purposes));
    Ok(found.one(db).await?.and_then(with_address))
}

/// Spends the token as part of the caller's act. Of two who try at once, one gets `None`.
pub(super) async fn spend(
    tx: &impl ConnectionTrait,
    now: DateTime<Utc>,
    secret: &str,
    purposes: &[Purpose],
) -> Result<Option<(token::Model, Address)>, DbErr> {
    let spent = token::Entity::update_many()
        .col_expr(token::Column::UsedAt, Expr::value(now))
        .filter(good(now, secret, purposes))
        .exec(tx)
        .await?;
    if spent.rows_affected == 0 {
        return Ok(None);
    }
    let row = token::Entity::find_by_id(hashed(secret)).one(tx).await?;
    Ok(row.and_then(with_address))
}

fn good(now: DateTime<Utc>, secret: &str, purposes: &[Purpose]) -> Condition {
    Condition::all()
        .add(token::Column::TokenHash.eq(hashed(secret)))
        .add(token::Column::Purpose.is_in(purposes.iter().copied()))
        .add(token::Column::UsedAt.is_null())
        .add(token::Column::ExpiresAt.gt(now))
}

fn with_address(row: token::Model) -> Option<(token::Model, Address)> {
    let address = Address::parse(row.email.as_deref()?).ok()?;
    Some((row, address))
}

/// Takes back the links to sign in or choose a password that are still under way to an address, as
/// part of the act that makes them needless.
pub(super) async fn revoke(tx: &impl ConnectionTrait, address: &str) -> Result<(), DbErr> {
    token::Entity::delete_many()
        .filter(token::Column::Email.eq(address))
        .filter(token::Column::Purpose.is_in([Purpose::SignIn, Purpose::Password]))
        .filter(token::Column::UsedAt.is_null())
        .exec(tx)
        .await
        .map(drop)
}

/// Sweeps away what has run out.
pub(super) async fn sweep(tx: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<(), DbErr> {
    token::Entity::delete_many()
        .filter(token::Column::ExpiresAt.lte(now))
        .exec(tx)
        .await
        .map(drop)
}

/// 256 random bits, hex.
pub(super) fn random() -> String {
    let mut bytes = [0; 32];
    rand::rng().fill_bytes(&mut bytes);
    hex::encode(bytes)
}

/// How a token is kept: SHA-256, hex. Fast is fine, since tokens are long and random.
pub(super) fn hashed(secret: &str) -> String {
    hex::encode(Sha256::digest(secret.as_bytes()))
}
