//! `/admin/jobs`: what the service still has to do by itself, and what it could not.

use axum::{extract::State, response::Response};
use chrono::Duration;
use sea_orm::{
    ActiveEnum as _, ColumnTrait, DbErr, EntityTrait, PaginatorTrait as _, QueryFilter,
    QueryOrder as _, QuerySelect as _, sea_query::Expr,
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::page::room;
use crate::{
    accounts::{Owner, flash},
    app::App,
    db,
    entities::{
        article, audit_entry,
        errand::{self, Column, State as Stage},
        notice, outbox, stripe_event,
    },
    web::{Error, Path, Result},
};

/// How many of each the page shows.
const MOST: u64 = 50;

/// `GET /admin/jobs`
pub async fn list(State(app): State<App>, owner: Owner) -> Result<Response> {
    let page = json!({
        "waiting_events": waiting_events(&app).await?,
        "waiting_mails": waiting_mails(&app).await?,
        "failed": errands(&app, Stage::Failed).await?,
        "waiting": errands(&app, Stage::Waiting).await?,
        "notices": notices(&app).await?,
    });
    room(&app, &owner, "admin/jobs.html", page).await
}

/// `POST /admin/jobs/{id}/retry`: as if it had just been written.
pub async fn again(State(app): State<App>, owner: Owner, Path(id): Path<Uuid>) -> Result<Response> {
    let now = app.clock.now();
    let tx = db::begin(&app.db).await?;
    let changed = errand::Entity::update_many()
        .col_expr(Column::State, Stage::Waiting.into())
        .col_expr(Column::RunAt, Expr::value(now))
        .col_expr(Column::CreatedAt, Expr::value(now))
        .col_expr(Column::Attempts, Expr::value(0))
        .filter(Column::Id.eq(id))
        .filter(Column::State.eq(Stage::Failed))
        .exec(&tx)
        .await?;
    if changed.rows_affected == 0 {
        return Err(Error::NotFound);
    }
    let (who, subject) = (Some(owner.account.id), id.to_string());
    audit_entry::Entity::note(&tx, now, who, "retry", &subject, &json!({})).await?;
    tx.commit().await?;
    app.work.notify_one();
    Ok(flash(&app, "/admin/jobs", "flash-job-again"))
}

async fn waiting_events(app: &App) -> Result<u64, DbErr> {
    use stripe_event::{Column, State};
    let waiting = stripe_event::Entity::find().filter(Column::State.eq(State::Waiting));
    waiting.count(&app.db).await
}

async fn waiting_mails(app: &App) -> Result<u64, DbErr> {
    use outbox::{Column, State};
    let waiting = outbox::Entity::find().filter(Column::State.eq(State::Waiting));
    waiting.count(&app.db).await
}

/// Calls to Stripe of today, the next first: what is planned for a later day is no news.
async fn errands(app: &App, state: Stage) -> Result<Vec<Value>, DbErr> {
    let tomorrow = app.clock.now() + Duration::days(1);
    let rows = errand::Entity::find()
        .filter(Column::State.eq(state))
        .filter(Column::RunAt.lt(tomorrow))
        .order_by_asc(Column::RunAt)
        .limit(MOST)
        .all(&app.db)
        .await?;
    let line = |row: &errand::Model| {
        json!({
            "id": row.id,
            "kind": row.kind.to_value(),
            "subject": row.subject,
            "is_at_stripe": row.subject.parse::<Uuid>().is_err(),
            "attempts": row.attempts,
            "run_at": row.run_at,
            "error": row.error,
        })
    };
    Ok(rows.iter().map(line).collect())
}

/// Articles whose readers are still being told.
async fn notices(app: &App) -> Result<Vec<Value>, DbErr> {
    let rows = notice::Entity::find()
        .filter(notice::Column::State.eq(notice::State::FanningOut))
        .find_also_related(article::Entity)
        .limit(MOST)
        .all(&app.db)
        .await?;
    let line = |(_, article): &(notice::Model, Option<article::Model>)| {
        article
            .as_ref()
            .map(|article| json!({ "title": article.title, "slug": article.slug }))
    };
    Ok(rows.iter().filter_map(line).collect())
}
