//! `/admin/events`: the inbox of Stripe's events, and a second try for those that are stuck.

use axum::{
    extract::{Path, State},
    response::Response,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder as _,
    QuerySelect as _, sea_query::Expr,
};
use serde_json::{Value, json};

use crate::{
    accounts::{Owner, flash},
    app::App,
    entities::stripe_event::{self, Column, State as Stage},
    web::{Error, Result},
};

/// How many events are listed.
const LISTED: u64 = 100;

/// `GET /admin/events`
pub async fn list(State(app): State<App>, owner: Owner) -> Result<Response> {
    let rows = newest(&app.db).await?;
    let page = json!({ "events": rows.iter().map(row).collect::<Vec<_>>() });
    owner.visitor.page(&app, "admin/events.html", &page)
}

/// `GET /admin/events/{id}`
pub async fn show(
    State(app): State<App>,
    owner: Owner,
    Path(id): Path<String>,
) -> Result<Response> {
    let found = stripe_event::Entity::find_by_id(id).one(&app.db).await?;
    let event = found.ok_or(Error::NotFound)?;
    let page = json!({ "event": row(&event), "body": event.body });
    owner.visitor.page(&app, "admin/event.html", &page)
}

/// `POST /admin/events/{id}/retry`
pub async fn again(
    State(app): State<App>,
    _owner: Owner,
    Path(id): Path<String>,
) -> Result<Response> {
    let path = format!("/admin/events/{id}");
    let key = match retry(&app.db, app.clock.now(), &id).await? {
        true => "flash-event-retried",
        false => "flash-event-not-retried",
    };
    app.work.notify_one();
    Ok(flash(&app, &path, key))
}

/// The newest events, those that need a person first.
///
/// # Errors
/// If the database fails.
pub async fn newest(db: &impl ConnectionTrait) -> Result<Vec<stripe_event::Model>, DbErr> {
    let stuck = Column::State.is_in([Stage::Parked, Stage::Failed]);
    stripe_event::Entity::find()
        .order_by_desc(stuck)
        .order_by_desc(Column::ReceivedAt)
        .order_by_desc(Column::Id)
        .limit(LISTED)
        .all(db)
        .await
}

/// Puts an event back in the queue, unless it is done or waiting already. Returns whether it was.
///
/// # Errors
/// If the database fails.
pub async fn retry(
    db: &impl ConnectionTrait,
    now: chrono::DateTime<chrono::Utc>,
    id: &str,
) -> Result<bool, DbErr> {
    let changed = stripe_event::Entity::update_many()
        .col_expr(Column::State, Stage::Waiting.into())
        .col_expr(Column::RunAt, Expr::value(now))
        .col_expr(Column::Attempts, Expr::value(0))
        .filter(Column::Id.eq(id))
        .filter(Column::State.is_in([Stage::Parked, Stage::Failed, Stage::Ignored]))
        .exec(db)
        .await?;
    Ok(changed.rows_affected > 0)
}

/// An event as lists and pages show it.
pub fn row(event: &stripe_event::Model) -> Value {
    json!({
        "id": event.id,
        "kind": event.kind,
        "object_id": event.object_id,
        "state": match event.state {
            Stage::Waiting => "waiting",
            Stage::Done => "done",
            Stage::Ignored => "ignored",
            Stage::Parked => "parked",
            Stage::Failed => "failed",
        },
        "attempts": event.attempts,
        "error": event.error,
        "received_at": event.received_at,
    })
}
