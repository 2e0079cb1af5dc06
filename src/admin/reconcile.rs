//! `/admin/reconcile`: the last comparison with Stripe, and another one.

use std::collections::HashMap;

use axum::{extract::State, response::Response};
use axum_extra::extract::Form;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QuerySelect as _};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::page::room;
use crate::{
    accounts::{Owner, flash},
    app::App,
    entities::{difference, payment},
    membership::reconcile::{self, Report},
    web::Result,
};

/// How many differences the page lists.
const LISTED: usize = 200;

/// What the buttons say.
#[derive(Debug, Deserialize)]
pub struct Wanted {
    /// Whether what differs is mended.
    #[serde(default)]
    mend: bool,
}

/// `GET /admin/reconcile`
pub async fn show(State(app): State<App>, owner: Owner) -> Result<Response> {
    let last = reconcile::last(&app).await?;
    let numbers = match &last {
        Some(last) => numbers(&app, last).await?,
        None => HashMap::new(),
    };
    let page = json!({
        "has_stripe_key": app.payments.is_configured(),
        "last": last.as_ref().map(|last| summary(last, &numbers)),
    });
    room(&app, &owner, "admin/reconcile.html", page).await
}

/// `POST /admin/reconcile`: the worker begins at once.
pub async fn begin(
    State(app): State<App>,
    _owner: Owner,
    Form(wanted): Form<Wanted>,
) -> Result<Response> {
    let last = reconcile::last(&app).await?;
    let is_running = last.is_some_and(|last| last.run.finished_at.is_none());
    if !is_running {
        reconcile::begin(&app, wanted.mend, None).await?;
        app.work.notify_one();
    }
    Ok(flash(&app, "/admin/reconcile", "flash-reconcile-begun"))
}

/// The receipts' numbers of the payments that are listed.
async fn numbers(app: &App, report: &Report) -> Result<HashMap<Uuid, i64>> {
    let listed = report.differences.iter().take(LISTED);
    let ids = listed.filter_map(|row| row.subject.parse::<Uuid>().ok());
    let numbers = payment::Entity::find()
        .select_only()
        .columns([payment::Column::Id, payment::Column::Number])
        .filter(payment::Column::Id.is_in(ids))
        .into_tuple()
        .all(&app.db)
        .await?;
    Ok(numbers.into_iter().collect())
}

fn summary(report: &Report, numbers: &HashMap<Uuid, i64>) -> Value {
    let run = &report.run;
    let counts = report.counts();
    let left: usize = counts.values().map(|(found, mended)| found - mended).sum();
    let counts = counts.into_iter().map(|(class, (found, mended))| {
        let to_do = reconcile::to_do(class, run.is_mending).filter(|_| found > mended);
        json!({ "class": class.word(), "found": found, "mended": mended, "to_do": to_do })
    });
    json!({
        "started_at": run.started_at,
        "finished_at": run.finished_at,
        "is_mending": run.is_mending,
        "compared": run.compared,
        "error": run.error,
        "left": left,
        "counts": counts.collect::<Vec<_>>(),
        "rows": report.differences.iter().take(LISTED).map(|one| row(one, numbers)).collect::<Vec<_>>(),
        "more": report.differences.len().saturating_sub(LISTED),
    })
}

fn row(row: &difference::Model, numbers: &HashMap<Uuid, i64>) -> Value {
    let payment = row.subject.parse::<Uuid>().ok();
    json!({
        "number": payment.and_then(|id| numbers.get(&id)),
        "class": row.class.word(),
        "subject": row.subject,
        "ours": row.ours,
        "theirs": row.theirs,
        "is_mended": row.mended_at.is_some(),
        "error": row.error,
    })
}
