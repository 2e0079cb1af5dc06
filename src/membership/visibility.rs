//! Who may know that a reader supports an author.

use std::collections::{HashMap, HashSet};

use axum::{extract::State, response::Response};
use axum_extra::extract::Form;
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, JoinType,
    PaginatorTrait as _, QueryFilter, QueryOrder as _, QuerySelect as _, RelationTrait as _,
    sea_query::OnConflict,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::patrons_among;
use crate::{
    accounts::{Reader, flash},
    app::App,
    db,
    entities::{
        account, author, site, supporter,
        visibility::{self, Choice, Column},
    },
    web::{Error, Path, Result},
};

/// How many names a page thanks.
const THANKED: u64 = 200;

/// What the form says.
#[derive(Debug, Deserialize)]
pub struct Chosen {
    choice: Choice,
}

/// `POST /account/visibility/{slug}`
pub async fn choose(
    State(app): State<App>,
    reader: Reader,
    Path(slug): Path<String>,
    Form(chosen): Form<Chosen>,
) -> Result<Response> {
    let author = author::Entity::by_slug(&slug).one(&app.db).await?;
    let author = author.ok_or(Error::NotFound)?;
    keep(&app, reader.account.id, author.id, chosen.choice).await?;
    Ok(flash(&app, "/account", "flash-visibility-saved"))
}

/// Keeps a reader's choice towards an author.
///
/// # Errors
/// If the database fails.
pub async fn keep(app: &App, account: Uuid, author: Uuid, choice: Choice) -> Result<(), DbErr> {
    let tx = db::begin(&app.db).await?;
    let row = visibility::ActiveModel {
        account_id: Set(account),
        author_id: Set(author),
        choice: Set(choice),
        updated_at: Set(app.clock.now()),
    };
    let anew = OnConflict::columns([Column::AccountId, Column::AuthorId])
        .update_columns([Column::Choice, Column::UpdatedAt])
        .to_owned();
    visibility::Entity::insert(row)
        .on_conflict(anew)
        .exec_without_returning(&tx)
        .await?;
    site::Entity::touch(&tx).await?;
    tx.commit().await
}

/// What she chose towards one author, as her own page shows it.
#[derive(Debug, Serialize)]
pub struct Shown {
    author_name: String,
    author_slug: String,
    choice: Choice,
}

/// What a reader chose towards each author she supports or ever supported.
///
/// # Errors
/// If the database fails.
pub async fn choices(db: &impl ConnectionTrait, account: Uuid) -> Result<Vec<Shown>, DbErr> {
    let supported: Vec<Uuid> = supporter::Entity::find()
        .select_only()
        .column(supporter::Column::AuthorId)
        .filter(supporter::Column::AccountId.eq(account))
        .into_tuple()
        .all(db)
        .await?;
    let authors = author::Entity::find()
        .filter(author::Column::Id.is_in(supported))
        .order_by_asc(author::Column::Name)
        .all(db)
        .await?;
    let chosen = visibility::Entity::find()
        .filter(Column::AccountId.eq(account))
        .all(db)
        .await?;
    let choice = |author: Uuid| {
        let row = chosen.iter().find(|row| row.author_id == author);
        row.map(|row| row.choice).unwrap_or_default()
    };
    Ok(authors
        .into_iter()
        .map(|author| Shown {
            choice: choice(author.id),
            author_name: author.name,
            author_slug: author.slug,
        })
        .collect())
}

/// Which of these readers support the author in secret.
///
/// # Errors
/// If the database fails.
pub async fn secret_among(
    db: &impl ConnectionTrait,
    author: Uuid,
    accounts: &[Uuid],
) -> Result<HashSet<Uuid>, DbErr> {
    let secret: Vec<Uuid> = visibility::Entity::of(author)
        .select_only()
        .column(Column::AccountId)
        .filter(Column::Choice.eq(Choice::Secret))
        .filter(Column::AccountId.is_in(accounts.iter().copied()))
        .into_tuple()
        .all(db)
        .await?;
    Ok(secret.into_iter().collect())
}

/// Whose badges of these readers `viewer` sees, patrons of the author now: of those who want everybody to know it; the
/// author, of those who have not kept it from him; and each her own, unless nobody is to know.
///
/// # Errors
/// If the database fails.
pub async fn badges_among(
    db: &impl ConnectionTrait,
    author: &author::Model,
    accounts: &[Uuid],
    viewer: Option<Uuid>,
    (now, grace_days): (DateTime<Utc>, u32),
) -> Result<HashSet<Uuid>, DbErr> {
    let mut patrons = patrons_among(db, author.id, accounts, now, grace_days).await?;
    let chosen: HashMap<Uuid, Choice> = visibility::Entity::of(author.id)
        .filter(Column::AccountId.is_in(patrons.iter().copied()))
        .all(db)
        .await?
        .into_iter()
        .map(|row| (row.account_id, row.choice))
        .collect();
    patrons.retain(
        |patron| match chosen.get(patron).copied().unwrap_or_default() {
            Choice::Public => true,
            Choice::Author => viewer.is_some_and(|who| who == author.account_id || who == *patron),
            Choice::Secret => false,
        },
    );
    Ok(patrons)
}

/// Those who are thanked by name.
#[derive(Debug, Serialize)]
pub struct Thanked {
    names: Vec<String>,
    /// How many wanted to be named beside those.
    more: u64,
}

/// Those patrons who want to be named, the longest with this author first; `None` where nobody does.
///
/// # Errors
/// If the database fails.
pub async fn thanked(
    db: &impl ConnectionTrait,
    author: Uuid,
    now: DateTime<Utc>,
) -> Result<Option<Thanked>, DbErr> {
    let named = visibility::Entity::of(author)
        .select_only()
        .column(Column::AccountId)
        .filter(Column::Choice.eq(Choice::Public));
    let is_on = Condition::any()
        .add(supporter::Column::Until.is_null())
        .add(supporter::Column::Until.gt(now));
    let patrons = supporter::Entity::of(author)
        .join(JoinType::InnerJoin, supporter::Relation::Account.def())
        .filter(supporter::Column::IsPatron.eq(true))
        .filter(is_on)
        .filter(account::Column::DeletedAt.is_null())
        .filter(supporter::Column::AccountId.in_subquery(sea_orm::QueryTrait::into_query(named)));
    let names: Vec<String> = patrons
        .clone()
        .select_only()
        .column(account::Column::Name)
        .order_by_asc(supporter::Column::FirstAt)
        .limit(THANKED)
        .into_tuple()
        .all(db)
        .await?;
    let named = names.len() as u64;
    let more = match named < THANKED {
        true => 0,
        false => patrons.count(db).await?.saturating_sub(named),
    };
    Ok((named > 0).then_some(Thanked { names, more }))
}
