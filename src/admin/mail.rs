//! `/admin/mail`: the outbox, and a second try for what is dead.

use axum::{
    extract::{Path, State},
    response::Response,
};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder as _, QuerySelect as _, sea_query::Expr,
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::page::room;
use crate::{
    accounts::{Owner, flash},
    app::App,
    entities::outbox::{self, Column, State as Stage},
    web::{Error, Result},
};

/// How many mails the page lists.
const LISTED: u64 = 100;

/// `GET /admin/mail`: the dead first, then the newest.
pub async fn list(State(app): State<App>, owner: Owner) -> Result<Response> {
    let rows = outbox::Entity::find()
        .order_by_asc(Column::State)
        .order_by_desc(Column::CreatedAt)
        .limit(LISTED)
        .all(&app.db)
        .await?;
    let page = json!({ "mails": rows.iter().map(row).collect::<Vec<_>>() });
    room(&app, &owner, "admin/mails.html", page).await
}

/// `GET /admin/mail/{id}`
pub async fn show(State(app): State<App>, owner: Owner, Path(id): Path<Uuid>) -> Result<Response> {
    let found = outbox::Entity::find_by_id(id).one(&app.db).await?;
    let mail = found.ok_or(Error::NotFound)?;
    // Links in a mail are keys to somebody's account, so an owner sees what it was about, not the text.
    let page = json!({ "mail": row(&mail) });
    room(&app, &owner, "admin/mail.html", page).await
}

/// `POST /admin/mail/{id}/retry`
pub async fn again(
    State(app): State<App>,
    _owner: Owner,
    Path(id): Path<Uuid>,
) -> Result<Response> {
    let changed = outbox::Entity::update_many()
        .col_expr(Column::State, Stage::Waiting.into())
        .col_expr(Column::RunAt, Expr::value(app.clock.now()))
        .col_expr(Column::Attempts, Expr::value(0))
        .filter(Column::Id.eq(id))
        .filter(Column::State.eq(Stage::Dead))
        .exec(&app.db)
        .await?;
    let key = match changed.rows_affected {
        0 => "flash-mail-not-retried",
        _ => "flash-mail-retried",
    };
    app.work.notify_one();
    Ok(flash(&app, &format!("/admin/mail/{id}"), key))
}

fn row(mail: &outbox::Model) -> Value {
    json!({
        "id": mail.id,
        "key": mail.key,
        "kind": mail.kind,
        "to": mail.to_address,
        "subject": mail.subject,
        "state": match mail.state {
            Stage::Waiting => "waiting",
            Stage::Sent => "sent",
            Stage::Dead => "dead",
            Stage::Suppressed => "suppressed",
            Stage::Discarded => "discarded",
        },
        "attempts": mail.attempts,
        "error": mail.error,
        "created_at": mail.created_at,
        "sent_at": mail.sent_at,
    })
}
