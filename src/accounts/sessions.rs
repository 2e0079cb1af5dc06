//! Sessions: an opaque token in a cookie, its hash in the database.

use chrono::{DateTime, Duration, Utc};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::tokens::{hashed, random};
use crate::entities::{account, session};

/// The cookie's name, before `__Host-`.
pub const SESSION_COOKIE: &str = "session";

/// How long a session lasts, in days.
pub const SESSION_DAYS: i64 = 60;

/// Opens a session as part of the caller's act and returns the cookie's value.
///
/// # Errors
/// If the database fails.
pub async fn begin_session(
    tx: &impl ConnectionTrait,
    now: DateTime<Utc>,
    account: Uuid,
    user_agent: &str,
) -> Result<String, DbErr> {
    let secret = random();
    let row = session::ActiveModel {
        token_hash: Set(hashed(&secret)),
        account_id: Set(account),
        user_agent: Set(user_agent.chars().take(200).collect()),
        created_at: Set(now),
        last_seen_at: Set(now),
        expires_at: Set(now + Duration::days(SESSION_DAYS)),
    };
    session::Entity::insert(row)
        .exec_without_returning(tx)
        .await?;
    Ok(secret)
}

/// The account whose session this cookie value is, if it still runs: one query.
///
/// # Errors
/// If the database fails.
pub async fn session_account(
    db: &impl ConnectionTrait,
    now: DateTime<Utc>,
    secret: &str,
) -> Result<Option<account::Model>, DbErr> {
    let found = session::Entity::find_by_id(hashed(secret))
        .filter(session::Column::ExpiresAt.gt(now))
        .find_also_related(account::Entity)
        .one(db)
        .await?;
    Ok(found
        .and_then(|(_, account)| account)
        .filter(|account| account.deleted_at.is_none()))
}
