//! `/admin/reconcile`: the last comparison with Stripe, and another one.

use axum::{extract::State, response::Response};
use axum_extra::extract::Form;
use serde::Deserialize;
use serde_json::{Value, json};

use super::page::room;
use crate::{
    accounts::{Owner, flash},
    app::App,
    entities::difference,
    membership::reconcile::{self, Report, Told},
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
    let told = match &last {
        Some(last) => told(&app, &owner, last).await?,
        None => Vec::new(),
    };
    let page = json!({
        "has_stripe_key": app.payments.is_configured(),
        "last": last.as_ref().map(|last| summary(last, told)),
    });
    room(&app, &owner, "admin/reconcile.html", page).await
}

/// `POST /admin/reconcile`: the worker begins at once.
pub async fn begin(
    State(app): State<App>,
    owner: Owner,
    Form(wanted): Form<Wanted>,
) -> Result<Response> {
    let last = reconcile::last(&app).await?;
    let is_running = last.is_some_and(|last| last.run.finished_at.is_none());
    if !is_running {
        reconcile::begin_for(&app, wanted.mend, owner.account.id).await?;
        app.work.notify_one();
    }
    Ok(flash(&app, "/admin/reconcile", "flash-reconcile-begun"))
}

/// What is listed, in the owner's words.
async fn told(app: &App, owner: &Owner, report: &Report) -> Result<Vec<Told>> {
    let listed = report.differences.len().min(LISTED);
    let language = owner.visitor.language(app);
    Ok(reconcile::told(app, language, &report.differences[..listed]).await?)
}

fn summary(report: &Report, told: Vec<Told>) -> Value {
    let run = &report.run;
    let counts = report.counts();
    let left: usize = counts.values().map(|(found, mended)| found - mended).sum();
    let rows = report.differences.iter().zip(told);
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
        "rows": rows.map(|(one, told)| row(one, told)).collect::<Vec<_>>(),
        "more": report.differences.len().saturating_sub(LISTED),
    })
}

fn row(row: &difference::Model, told: Told) -> Value {
    json!({
        "class": row.class.word(),
        "told": told,
        "is_mended": row.mended_at.is_some(),
        "error": row.error,
    })
}
