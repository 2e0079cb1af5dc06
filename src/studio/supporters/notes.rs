//! What an author writes down about a supporter, and the words he sorts them by.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use axum_extra::extract::Form;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DbErr, EntityTrait, QueryFilter, QuerySelect as _,
    sea_query::OnConflict,
};
use serde::Deserialize;
use uuid::Uuid;

use super::{
    listing,
    person::{self, Typed},
};
use crate::{
    accounts::{Author, flash},
    app::App,
    db,
    entities::{author, supporter_label, supporter_note},
    tidying,
    web::{Path, Result},
};

/// The longest note and the longest label, in characters.
pub(super) const LONGEST_NOTE: usize = 2_000;
pub(super) const LONGEST_LABEL: usize = 40;

/// The form of a note.
#[derive(Debug, Deserialize)]
pub struct Note {
    #[serde(default)]
    body: String,
}

/// The form of a label.
#[derive(Debug, Deserialize)]
pub struct Label {
    #[serde(default)]
    label: String,
}

/// `POST /studio/supporters/{id}/notes`
pub async fn add_note(
    State(app): State<App>,
    author: Author,
    Path(id): Path<Uuid>,
    Form(note): Form<Note>,
) -> Result<Response> {
    let account = person::own(&app, &author, id).await?.account_id;
    let body = tidying::lines(&note.body);
    if body.is_empty() || body.chars().count() > LONGEST_NOTE {
        let typed = Typed {
            note: note.body,
            problem: Some("studio-note-problem"),
            ..Typed::default()
        };
        let page = person::page(&app, &author, id, typed).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    let row = supporter_note::ActiveModel {
        id: Set(Uuid::now_v7()),
        author_id: Set(author.author.id),
        account_id: Set(account),
        body: Set(body),
        created_at: Set(app.clock.now()),
    };
    supporter_note::Entity::insert(row)
        .exec_without_returning(&app.db)
        .await?;
    Ok(flash(&app, &path(id), "flash-note-saved"))
}

/// `POST /studio/supporters/{id}/notes/{note}/delete`
pub async fn delete_note(
    State(app): State<App>,
    author: Author,
    Path((id, note)): Path<(Uuid, Uuid)>,
) -> Result<Response> {
    person::own(&app, &author, id).await?;
    supporter_note::Entity::delete_many()
        .filter(supporter_note::Column::Id.eq(note))
        .filter(supporter_note::Column::AuthorId.eq(author.author.id))
        .exec(&app.db)
        .await?;
    Ok(flash(&app, &path(id), "flash-note-deleted"))
}

/// `POST /studio/supporters/{id}/labels`
pub async fn add_label(
    State(app): State<App>,
    author: Author,
    Path(id): Path<Uuid>,
    Form(typed): Form<Label>,
) -> Result<Response> {
    let account = person::own(&app, &author, id).await?.account_id;
    let label = tidying::line(&typed.label);
    if label.is_empty() || label.chars().count() > LONGEST_LABEL {
        let typed = Typed {
            label: typed.label,
            problem: Some("studio-label-problem"),
            ..Typed::default()
        };
        let page = person::page(&app, &author, id, typed).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    label_it(&app, author.author.id, account, label).await?;
    Ok(flash(&app, &path(id), "flash-label-saved"))
}

/// A label is one whatever the case of its letters: it is written as it was first typed.
async fn label_it(app: &App, author: Uuid, account: Uuid, label: String) -> Result<(), DbErr> {
    use supporter_label::Column;
    let tx = db::begin(&app.db).await?;
    // The lock under which two who type at once find one another's word.
    let locked = author::Entity::find_by_id(author).lock_exclusive();
    locked.one(&tx).await?;
    let known = listing::known_label(&tx, author, &label).await?;
    let row = supporter_label::ActiveModel {
        author_id: Set(author),
        account_id: Set(account),
        label: Set(known.unwrap_or(label)),
    };
    let known = OnConflict::columns([Column::AuthorId, Column::Label, Column::AccountId])
        .do_nothing()
        .to_owned();
    supporter_label::Entity::insert(row)
        .on_conflict(known)
        .exec_without_returning(&tx)
        .await?;
    tx.commit().await
}

/// `POST /studio/supporters/{id}/labels/delete`
pub async fn delete_label(
    State(app): State<App>,
    author: Author,
    Path(id): Path<Uuid>,
    Form(typed): Form<Label>,
) -> Result<Response> {
    let account = person::own(&app, &author, id).await?.account_id;
    let author = author.author.id;
    if let Some(label) = listing::known_label(&app.db, author, &typed.label).await? {
        supporter_label::Entity::delete_by_id((author, label, account))
            .exec(&app.db)
            .await?;
    }
    Ok(flash(&app, &path(id), "flash-label-deleted"))
}

fn path(id: Uuid) -> String {
    format!("/studio/supporters/{id}")
}
