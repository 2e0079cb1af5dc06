//! Following an author: wanting notices of new articles, without paying.

use axum::{
    extract::{Path, State},
    response::Response,
};
use axum_extra::extract::Form;
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter,
    QuerySelect as _, QueryTrait as _, sea_query::OnConflict,
};
use serde::Deserialize;
use uuid::Uuid;

use crate::{
    accounts::{Reader, flash},
    app::App,
    entities::{author, following, notice, outbox},
    web::{Error, Result},
};

/// What the button says.
#[derive(Debug, Deserialize)]
pub struct Wanted {
    /// `no` stops notices; anything else, or nothing, asks for them.
    wants: Option<String>,
}

/// `POST /authors/{slug}/follow`
pub async fn follow(
    State(app): State<App>,
    reader: Reader,
    Path(slug): Path<String>,
    Form(wanted): Form<Wanted>,
) -> Result<Response> {
    let author = author::Entity::by_slug(&slug).one(&app.db).await?;
    let author = author.ok_or(Error::NotFound)?;
    let wants = wanted.wants.as_deref() != Some("no");
    want(
        &app.db,
        app.clock.now(),
        reader.account.id,
        author.id,
        wants,
    )
    .await?;
    let key = if wants {
        "flash-following"
    } else {
        "flash-not-following"
    };
    Ok(flash(&app, &format!("/authors/{slug}"), key))
}

/// What a reader has said about an author's notices; `None` if nothing.
///
/// # Errors
/// If the database fails.
pub async fn wants(
    db: &impl ConnectionTrait,
    account: Uuid,
    author: Uuid,
) -> Result<Option<bool>, DbErr> {
    let row = following::Entity::find_by_id((account, author))
        .one(db)
        .await?;
    Ok(row.map(|row| row.wants_notices))
}

/// Writes down whether a reader wants an author's notices. If not, those on their way are held back.
///
/// # Errors
/// If the database fails.
pub async fn want(
    db: &impl ConnectionTrait,
    now: DateTime<Utc>,
    account: Uuid,
    author: Uuid,
    wants: bool,
) -> Result<(), DbErr> {
    let row = following::ActiveModel {
        account_id: Set(account),
        author_id: Set(author),
        wants_notices: Set(wants),
        created_at: Set(now),
        updated_at: Set(now),
    };
    let over = OnConflict::columns([following::Column::AccountId, following::Column::AuthorId])
        .update_columns([
            following::Column::WantsNotices,
            following::Column::UpdatedAt,
        ])
        .to_owned();
    following::Entity::insert(row)
        .on_conflict(over)
        .exec_without_returning(db)
        .await?;
    if wants {
        return Ok(());
    }
    let notices = notice::Entity::find()
        .select_only()
        .column(notice::Column::Id)
        .filter(notice::Column::AuthorId.eq(author));
    outbox::Entity::delete_many()
        .filter(outbox::Column::AccountId.eq(account))
        .filter(outbox::Column::NoticeId.in_subquery(notices.into_query()))
        .filter(outbox::Entity::untouched(now))
        .exec(db)
        .await
        .map(drop)
}
