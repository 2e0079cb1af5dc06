//! The outbox as a person goes through it: tried again, set aside, addresses written to again.

use sea_orm::{
    ActiveModelTrait as _, DbErr, EntityTrait, IntoActiveModel as _, QuerySelect as _, Set,
};
use serde_json::json;
use uuid::Uuid;

use crate::{
    app::App,
    db,
    entities::{
        audit_entry,
        outbox::{self, State},
        suppression,
    },
    mail,
};

/// Sends a mail again that was not sent, at once; `by` is `None` at the command line. Returns whether there
/// is one.
///
/// # Errors
/// If the database fails.
pub async fn retry(app: &App, by: Option<Uuid>, id: Uuid) -> Result<bool, DbErr> {
    let from = [
        State::Waiting,
        State::Dead,
        State::Suppressed,
        State::Discarded,
    ];
    put(app, by, "retry", id, &from, State::Waiting).await
}

/// Sets a mail aside that waits or could not go; it can still be tried again. Returns whether there was one.
///
/// # Errors
/// If the database fails.
pub async fn discard(app: &App, by: Option<Uuid>, id: Uuid) -> Result<bool, DbErr> {
    let from = [State::Waiting, State::Dead, State::Suppressed];
    put(app, by, "discard", id, &from, State::Discarded).await
}

async fn put(
    app: &App,
    by: Option<Uuid>,
    act: &str,
    id: Uuid,
    from: &[State],
    to: State,
) -> Result<bool, DbErr> {
    let now = app.clock.now();
    let tx = db::begin(&app.db).await?;
    let found = outbox::Entity::find_by_id(id).lock_exclusive();
    let is_free = |mail: &outbox::Model| mail.locked_until.is_none_or(|end| end <= now);
    let found = found.one(&tx).await?;
    let Some(mail) = found.filter(|mail| from.contains(&mail.state) && is_free(mail)) else {
        return Ok(false);
    };
    let detail = json!({ "was": mail.state, "error": mail.error });
    let mut row = mail.into_active_model();
    row.state = Set(to);
    row.locked_until = Set(None);
    row.worker = Set(None);
    if to == State::Waiting {
        row.attempts = Set(0);
        row.run_at = Set(now);
    }
    row.update(&tx).await?;
    audit_entry::Entity::note(&tx, now, by, act, &id.to_string(), &detail).await?;
    tx.commit().await?;
    Ok(true)
}

/// Writes to an address again. Returns whether it was not written to.
///
/// # Errors
/// If the database fails.
pub async fn lift(app: &App, by: Option<Uuid>, id: Uuid) -> Result<bool, DbErr> {
    let now = app.clock.now();
    let tx = db::begin(&app.db).await?;
    let found = suppression::Entity::find_by_id(id).lock_exclusive();
    let Some(row) = found.one(&tx).await? else {
        return Ok(false);
    };
    suppression::Entity::delete_by_id(id).exec(&tx).await?;
    let detail = json!({ "to": row.masked, "purpose": row.purpose, "reason": row.reason });
    audit_entry::Entity::note(&tx, now, by, "lift", &id.to_string(), &detail).await?;
    tx.commit().await?;
    Ok(true)
}

/// Has the relay asked at once whether it lets us in. Returns whether mail stood.
///
/// # Errors
/// If the database fails.
pub async fn start(app: &App, by: Option<Uuid>) -> Result<bool, DbErr> {
    let now = app.clock.now();
    let tx = db::begin(&app.db).await?;
    let has_stood = mail::stop::press(&tx, now).await?;
    if has_stood {
        audit_entry::Entity::note(&tx, now, by, "start", "mail", &json!({})).await?;
    }
    tx.commit().await?;
    app.work.notify_one();
    Ok(has_stood)
}
