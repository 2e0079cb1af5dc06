//! Sessions: an opaque token in a cookie, its hash in the database.

use axum::http::{HeaderMap, HeaderValue, header};
use chrono::{DateTime, Duration, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter,
    sea_query::Expr,
};
use uuid::Uuid;

use super::tokens::{hashed, random};
use crate::{
    app::App,
    db::Seen,
    entities::{account, session},
};

/// The cookie's name, before `__Host-`.
pub const SESSION_COOKIE: &str = "session";

/// How long a session lasts, in days.
pub const SESSION_DAYS: i64 = 60;

/// How old the note of a session's last use may grow, in hours; so that reading rarely writes.
const SEEN_HOURS: i64 = 1;

/// Opens a session as part of the caller's act and returns the cookie's value. Sessions of this account
/// that have run out are swept away.
///
/// # Errors
/// If the database fails.
pub async fn begin_session(
    tx: &impl ConnectionTrait,
    now: DateTime<Utc>,
    account: Uuid,
    user_agent: &str,
) -> Result<String, DbErr> {
    session::Entity::delete_many()
        .filter(session::Column::AccountId.eq(account))
        .filter(session::Column::ExpiresAt.lte(now))
        .exec(tx)
        .await?;
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

/// The session this cookie value is, and its account, if it still runs. At most once an hour it is noted
/// that it was seen.
///
/// # Errors
/// If the database fails.
pub(super) async fn session_account(
    app: &App,
    seen: Seen,
    secret: &str,
) -> Result<Option<(session::Model, account::Model)>, DbErr> {
    let (now, hash) = (app.clock.now(), hashed(secret));
    let key = format!("session {hash}");
    let found = async {
        session::Entity::find_by_id(hash)
            .find_also_related(account::Entity)
            .one(&app.db)
            .await
    };
    let found = app.readings.read(seen, &key, found).await?;
    let Some((session, Some(account))) = &*found else {
        return Ok(None);
    };
    if account.deleted_at.is_some() || session.expires_at <= now {
        return Ok(None);
    }
    if session.last_seen_at <= now - Duration::hours(SEEN_HOURS) {
        session::Entity::update_many()
            .col_expr(session::Column::LastSeenAt, Expr::value(now))
            .filter(session::Column::TokenHash.eq(session.token_hash.as_str()))
            .exec(&app.db)
            .await?;
    }
    Ok(Some((session.clone(), account.clone())))
}

/// Ends one session, by its hash, as part of the caller's act.
pub(super) async fn end_session(tx: &impl ConnectionTrait, hash: &str) -> Result<(), DbErr> {
    let one = session::Entity::delete_by_id(hash.to_owned());
    one.exec(tx).await.map(drop)
}

/// Ends every session of an account, as part of the caller's act.
pub(super) async fn end_sessions(tx: &impl ConnectionTrait, account: Uuid) -> Result<(), DbErr> {
    session::Entity::delete_many()
        .filter(session::Column::AccountId.eq(account))
        .exec(tx)
        .await
        .map(drop)
}

/// The `Set-Cookie` value of a session just begun.
pub(super) fn cookie(app: &App, secret: &str) -> HeaderValue {
    let seconds = Duration::days(SESSION_DAYS).num_seconds();
    app.cookies.set(SESSION_COOKIE, secret, Some(seconds))
}

/// What the browser calls itself.
pub(super) fn user_agent(headers: &HeaderMap) -> &str {
    let named = headers.get(header::USER_AGENT);
    named
        .and_then(|name| name.to_str().ok())
        .unwrap_or_default()
}
