//! People as the operator sees them: adding one by hand, listing all, a link for somebody locked out.

use chrono::Duration;
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ConnectionTrait, DatabaseTransaction, DbErr,
    EntityTrait, QueryFilter as _, QueryOrder as _, SqlErr,
};
use serde::Serialize;
use uuid::Uuid;

use super::{
    Address, Newcomer, Refusal, issue_token, password::Password, passwords::keep, profile::named,
    proving::prove, tokens::NewToken,
};
use crate::{
    app::App,
    db,
    entities::{Role, account, author, site, slug_redirect, token::Purpose},
    slugs,
};

/// How long an operator's link is good for, in hours: it may have to be handed over.
const HOURS: i64 = 24;

/// Somebody to be added. Her address counts as proven, since the operator typed it.
#[derive(Clone, Debug)]
pub struct NewPerson {
    pub address: Address,
    pub name: String,
    pub role: Role,
    /// The author page's; authors and owners have one. Made from the name if `None`.
    pub slug: Option<String>,
    pub password: Option<String>,
}

/// Why somebody was not added.
#[derive(Debug, thiserror::Error)]
pub enum NotAdded {
    #[error("there is already an account with that address")]
    AddressTaken,
    #[error("there is already an author page called “{0}”")]
    SlugTaken(String),
    #[error(transparent)]
    Refused(#[from] Refusal),
}

/// Somebody as `account list` shows her.
#[derive(Clone, Debug, Serialize)]
pub struct Listed {
    pub id: Uuid,
    pub email: Option<String>,
    /// Where mail goes while the account is unclaimed.
    pub contact_email: Option<String>,
    pub name: String,
    /// `reader`, `author` or `owner`.
    pub role: String,
    /// The author page's.
    pub slug: Option<String>,
    pub created_at: chrono::DateTime<chrono::Utc>,
}

/// Adds somebody, with an author page unless she only reads.
///
/// # Errors
/// The refusal: address or slug taken, name or password that cannot be; or the database fails.
pub async fn add(
    app: &App,
    new: NewPerson,
) -> Result<(account::Model, Option<author::Model>), NotAdded> {
    let name = named(&new.name)?;
    let hash = match &new.password {
        Some(typed) => {
            let chosen = Password::choose(typed, new.address.as_str(), &name)?;
            Some(chosen.hash().await.map_err(Refusal::from)?)
        }
        None => None,
    };
    let tx = db::begin(&app.db).await.map_err(Refusal::from)?;
    let account = account(app, &tx, &new, &name).await?;
    if let Some(hash) = hash {
        keep(&tx, account.id, hash).await.map_err(Refusal::from)?;
    }
    let author = match new.role {
        Role::Reader => None,
        Role::Author | Role::Owner => Some(page(&tx, &account, new.slug).await?),
    };
    site::Entity::touch(&tx).await.map_err(Refusal::from)?;
    tx.commit().await.map_err(Refusal::from)?;
    Ok((account, author))
}

async fn account(
    app: &App,
    tx: &DatabaseTransaction,
    new: &NewPerson,
    name: &str,
) -> Result<account::Model, NotAdded> {
    let taken = account::Entity::by_email(new.address.as_str());
    if taken.one(tx).await.map_err(Refusal::from)?.is_some() {
        return Err(NotAdded::AddressTaken);
    }
    let newcomer = Newcomer {
        name,
        language: &app.config.publication.language,
    };
    let (account, _) = prove(app, tx, &new.address, newcomer)
        .await
        .map_err(Refusal::from)?;
    let mut row: account::ActiveModel = account.into();
    row.name = Set(name.to_owned());
    row.role = Set(new.role);
    Ok(row.update(tx).await.map_err(Refusal::from)?)
}

/// Gives somebody a role as part of the caller's act, and the author page that goes with it. Takes nothing
/// away: what she was before and is more than that stays.
///
/// # Errors
/// If the database fails.
pub async fn promote(
    tx: &DatabaseTransaction,
    account: account::Model,
    role: Role,
) -> Result<account::Model, Refusal> {
    let account = match account.role < role {
        true => {
            let mut row: account::ActiveModel = account.into();
            row.role = Set(role);
            row.update(tx).await?
        }
        false => account,
    };
    let has_page = author::Entity::of_account(account.id)
        .one(tx)
        .await?
        .is_some();
    if role != Role::Reader && !has_page {
        page(tx, &account, None)
            .await
            .map_err(|error| match error {
                NotAdded::Refused(refusal) => refusal,
                NotAdded::AddressTaken | NotAdded::SlugTaken(_) => {
                    Refusal::Failed(anyhow::anyhow!("no free slug").into())
                }
            })?;
    }
    site::Entity::touch(tx).await?;
    Ok(account)
}

async fn page(
    tx: &DatabaseTransaction,
    account: &account::Model,
    slug: Option<String>,
) -> Result<author::Model, NotAdded> {
    let slug = match slug {
        Some(slug) => slug,
        None => {
            let wished = slugs::of_words(&account.name, "author");
            let free = slugs::free(tx, slug_redirect::Kind::Author, &wished).await;
            free.map_err(Refusal::from)?
        }
    };
    let row = author::ActiveModel {
        hears: Set(author::Hears::AtOnce),
        id: Set(Uuid::now_v7()),
        account_id: Set(account.id),
        slug: Set(slug.clone()),
        name: Set(account.name.clone()),
        bio: Set(String::new()),
        portrait: Set(None),
        portrait_alt: Set(String::new()),
        support_words: Set(None),
        welcome: Set(None),
        created_at: Set(account.created_at),
    };
    row.insert(tx).await.map_err(|error| match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => NotAdded::SlugTaken(slug),
        _ => NotAdded::Refused(error.into()),
    })
}

/// Everybody who has not deleted her account, oldest first.
///
/// # Errors
/// If the database fails.
pub async fn list(db: &impl ConnectionTrait) -> Result<Vec<Listed>, DbErr> {
    use sea_orm::{ActiveEnum as _, ColumnTrait as _};
    let accounts = account::Entity::find()
        .filter(account::Column::DeletedAt.is_null())
        .order_by_asc(account::Column::CreatedAt)
        .all(db)
        .await?;
    let authors = author::Entity::find().all(db).await?;
    let listed = accounts.into_iter().map(|account| Listed {
        slug: authors
            .iter()
            .find(|author| author.account_id == account.id)
            .map(|author| author.slug.clone()),
        id: account.id,
        email: account.email,
        contact_email: account.contact_email,
        name: account.name,
        role: account.role.to_value(),
        created_at: account.created_at,
    });
    Ok(listed.collect())
}

/// A link with which the account of this address chooses a new password, for the operator to hand over.
/// `None` if there is no such account.
///
/// # Errors
/// If the database fails.
pub async fn reset_link(app: &App, address: &Address) -> Result<Option<String>, DbErr> {
    let tx = db::begin(&app.db).await?;
    let found = account::Entity::by_email(address.as_str()).one(&tx).await?;
    let Some(account) = found else {
        return Ok(None);
    };
    let token = NewToken {
        purpose: Purpose::Password,
        account_id: Some(account.id),
        email: account.email,
        return_to: None,
        valid_for: Duration::hours(HOURS),
    };
    let secret = issue_token(&tx, app.clock.now(), token).await?;
    tx.commit().await?;
    Ok(Some(app.config.link(&format!("/password/{secret}"))))
}
