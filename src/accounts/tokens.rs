//! Random tokens: handed out once, kept only as a hash.

use chrono::{DateTime, Duration, Utc};
use rand::RngCore as _;
use sea_orm::{ActiveValue::Set, ConnectionTrait, DbErr, EntityTrait};
use sha2::{Digest, Sha256};
use uuid::Uuid;

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
    let secret = random();
    let row = token::ActiveModel {
        token_hash: Set(hashed(&secret)),
        purpose: Set(new.purpose),
        account_id: Set(new.account_id),
        email: Set(new.email),
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
