//! How an author wants the conversation kept: who helps, who is banned, which mails.

use sea_orm::{
    ActiveValue::Set, ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder as _,
    sea_query::OnConflict,
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    bans,
    by_mail::{pace, pace_word},
    wishes,
};
use crate::{
    app::App,
    db,
    entities::{account, audit_entry, ban, moderator, site},
};

/// The longest list of words, in characters.
pub(super) const LONGEST: usize = 20_000;

/// Why something was not kept; each has a sentence in the catalogues.
#[derive(Debug, thiserror::Error)]
pub enum HouseError {
    #[error("the list is longer than {LONGEST} characters")]
    TooLong,
    #[error("there is no such mode")]
    UnknownMode,
    #[error("nobody here has proven this address")]
    NobodyThere,
    #[error("this one looks after the conversation already")]
    Already,
    #[error(transparent)]
    Db(#[from] DbErr),
}

impl HouseError {
    /// The catalogue key of the sentence that says so; `None` for what is no one's doing.
    pub fn key(&self) -> Option<&'static str> {
        match self {
            Self::TooLong => Some("comments-list-too-long"),
            Self::UnknownMode => Some("comments-mode-unknown"),
            Self::NobodyThere => Some("comments-nobody-there"),
            Self::Already => Some("comments-already-helps"),
            Self::Db(_) => None,
        }
    }
}

/// Appoints whoever has proven this address to help an author.
///
/// # Errors
/// What a person can mend, or the database.
pub async fn appoint(app: &App, by: Uuid, author: Uuid, email: &str) -> Result<(), HouseError> {
    let now = app.clock.now();
    let tx = db::begin(&app.db).await?;
    let found = account::Entity::by_email(email.trim()).one(&tx).await?;
    let found = found.ok_or(HouseError::NobodyThere)?;
    let row = moderator::ActiveModel {
        author_id: Set(author),
        account_id: Set(found.id),
        created_at: Set(now),
    };
    let once = OnConflict::new().do_nothing().to_owned();
    let written = moderator::Entity::insert(row)
        .on_conflict(once)
        .exec_without_returning(&tx)
        .await?;
    if written == 0 || found.id == by {
        return Err(HouseError::Already);
    }
    let (subject, detail) = (found.id.to_string(), json!({ "author": author }));
    audit_entry::Entity::note(&tx, now, Some(by), "moderator_add", &subject, &detail).await?;
    site::Entity::touch(&tx).await?;
    Ok(tx.commit().await?)
}

/// Takes the appointment back.
///
/// # Errors
/// If the database fails.
pub async fn dismiss(app: &App, by: Uuid, author: Uuid, account: Uuid) -> Result<(), DbErr> {
    let tx = db::begin(&app.db).await?;
    let row = moderator::Entity::delete_by_id((author, account));
    if row.exec(&tx).await?.rows_affected > 0 {
        let (now, subject) = (app.clock.now(), account.to_string());
        let detail = json!({ "author": author });
        audit_entry::Entity::note(&tx, now, Some(by), "moderator_remove", &subject, &detail)
            .await?;
        site::Entity::touch(&tx).await?;
    }
    tx.commit().await
}

/// Takes a ban back that was spoken for this author's articles (nil: for the publication).
///
/// # Errors
/// If the database fails.
pub async fn lift_ban(app: &App, by: Uuid, author: Uuid, ban: Uuid) -> Result<bool, DbErr> {
    bans::lift(app, by, ban, &[author]).await
}

/// Which mails about comments under the own articles come: `at_once`, `daily`, `never`.
///
/// # Errors
/// If the database fails. A word that is none of them changes nothing.
pub async fn keep_pace(app: &App, account: Uuid, word: &str) -> Result<(), DbErr> {
    wishes::keep(app, account, None, pace(word)).await
}

/// What the page of the rules shows beside them: who helps, who is banned, and how often mail comes.
///
/// # Errors
/// If the database fails.
pub async fn house(app: &App, author: Uuid, account: Uuid) -> Result<Value, DbErr> {
    let helpers = moderator::Entity::find()
        .filter(moderator::Column::AuthorId.eq(author))
        .find_also_related(account::Entity)
        .order_by_asc(moderator::Column::CreatedAt)
        .all(&app.db)
        .await?;
    let banned = ban::Entity::in_force(author, app.clock.now())
        .filter(ban::Column::AuthorId.eq(author))
        .find_also_related(account::Entity)
        .order_by_desc(ban::Column::CreatedAt)
        .all(&app.db)
        .await?;
    let helpers = helpers.iter().filter_map(|(_, account)| account.as_ref());
    let helpers: Vec<Value> = helpers
        .map(|account| json!({ "id": account.id, "name": account.name }))
        .collect();
    let banned = banned
        .iter()
        .filter_map(|(ban, account)| Some((ban, account.as_ref()?)));
    let banned: Vec<Value> = banned
        .map(|(ban, account)| {
            json!({
                "id": ban.id,
                "name": account.name,
                "reason": ban.reason,
                "until": ban.until,
            })
        })
        .collect();
    let wants = wishes::of(&app.db, account).await?;
    Ok(json!({
        "helpers": helpers,
        "banned": banned,
        "pace": pace_word(wants.own_articles),
    }))
}
