//! Who may not comment, for a time or for ever, and why; each ban is written down, and so is its end.

use chrono::{DateTime, Duration, Utc};
use sea_orm::{
    ActiveValue::Set, ConnectionTrait, DbErr, EntityTrait, QueryOrder, sea_query::OnConflict,
};
use serde_json::json;
use uuid::Uuid;

use crate::{
    app::App,
    db,
    entities::{audit_entry, ban, site},
};

/// The longest reason, in characters.
pub(super) const LONGEST_REASON: usize = 500;

/// The longest ban that ends at all, in days.
pub(super) const MOST_DAYS: i64 = 3650;

/// A ban about to be spoken.
#[derive(Clone, Debug)]
pub(super) struct NewBan {
    /// Under whose articles; nil: everywhere.
    pub author: Uuid,
    pub account: Uuid,
    /// Shown to the person.
    pub reason: String,
    /// `None`: for ever.
    pub days: Option<i64>,
}

/// Bans somebody, or changes the ban there is.
///
/// # Errors
/// If the database fails.
pub(super) async fn ban(app: &App, by: Uuid, new: NewBan) -> Result<(), DbErr> {
    let now = app.clock.now();
    let until = new.days.map(|days| now + Duration::days(days));
    let tx = db::begin(&app.db).await?;
    let row = ban::ActiveModel {
        id: Set(Uuid::now_v7()),
        author_id: Set(new.author),
        account_id: Set(new.account),
        reason: Set(new.reason.clone()),
        until: Set(until),
        banned_by: Set(Some(by)),
        created_at: Set(now),
    };
    let again = OnConflict::columns([ban::Column::AuthorId, ban::Column::AccountId])
        .update_columns([
            ban::Column::Reason,
            ban::Column::Until,
            ban::Column::BannedBy,
            ban::Column::CreatedAt,
        ])
        .to_owned();
    ban::Entity::insert(row)
        .on_conflict(again)
        .exec_without_returning(&tx)
        .await?;
    let detail = json!({ "author": new.author, "reason": new.reason, "until": until });
    let subject = new.account.to_string();
    audit_entry::Entity::note(&tx, now, Some(by), "ban", &subject, &detail).await?;
    // Pages kept for others like her are not for her any more.
    site::Entity::touch(&tx).await?;
    tx.commit().await
}

/// Takes a ban back, if it is one of these authors' (nil: the publication's). Returns whether it was.
///
/// # Errors
/// If the database fails.
pub(super) async fn lift(app: &App, by: Uuid, id: Uuid, scopes: &[Uuid]) -> Result<bool, DbErr> {
    let tx = db::begin(&app.db).await?;
    let found = ban::Entity::find_by_id(id).one(&tx).await?;
    let Some(found) = found.filter(|ban| scopes.contains(&ban.author_id)) else {
        return Ok(false);
    };
    ban::Entity::delete_by_id(id).exec(&tx).await?;
    let (now, subject) = (app.clock.now(), found.account_id.to_string());
    let detail = json!({ "author": found.author_id });
    audit_entry::Entity::note(&tx, now, Some(by), "unban", &subject, &detail).await?;
    site::Entity::touch(&tx).await?;
    tx.commit().await?;
    Ok(true)
}

/// The bans that hold under an author's articles.
///
/// # Errors
/// If the database fails.
pub(super) async fn in_force(
    db: &impl ConnectionTrait,
    author: Uuid,
    now: DateTime<Utc>,
) -> Result<Vec<ban::Model>, DbErr> {
    ban::Entity::in_force(author, now)
        .order_by_desc(ban::Column::CreatedAt)
        .all(db)
        .await
}
