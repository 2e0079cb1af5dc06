//! Once a day everything is compared by itself; and whenever the owner asks.

use std::sync::{Mutex, PoisonError};

use chrono::Duration;
use sea_orm::{EntityTrait, PaginatorTrait as _};
use uuid::Uuid;

use super::{begin, report, resume};
use crate::{
    app::App,
    config::Reconcile,
    entities::{membership, reconciliation},
};

/// How long after one comparison began the next one does.
const DAILY: Duration = Duration::hours(24);
/// A comparison that was not finished within this long is begun anew.
const STALE: Duration = Duration::hours(12);

/// The comparison whose differences the metrics show.
static SHOWN: Mutex<Option<Uuid>> = Mutex::new(None);

/// Another process may have run it.
async fn show(app: &App, run: &reconciliation::Model) -> anyhow::Result<()> {
    let shown = *SHOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if shown == Some(run.id) {
        return Ok(());
    }
    report::export(app).await?;
    *SHOWN.lock().unwrap_or_else(PoisonError::into_inner) = Some(run.id);
    Ok(())
}

/// Goes on with a comparison that waits, or begins the daily one. Returns whether there was one.
///
/// # Errors
/// If Stripe or the database is away: it goes on later.
pub async fn work(app: &App) -> anyhow::Result<usize> {
    if !app.payments.is_configured() {
        return Ok(0);
    }
    let now = app.clock.now();
    let last = reconciliation::Entity::latest().one(&app.db).await?;
    let id = match last {
        Some(run) if run.finished_at.is_none() && now - run.started_at < STALE => {
            if run.locked_until.is_some_and(|until| until > now) {
                return Ok(0);
            }
            run.id
        }
        Some(run) if now - run.started_at < DAILY => {
            show(app, &run).await?;
            return Ok(0);
        }
        _ => {
            let is_mending = match app.config.membership.reconcile {
                Reconcile::Off => return Ok(0),
                Reconcile::Report => false,
                Reconcile::Mend => true,
            };
            if membership::Entity::find().count(&app.db).await? == 0 {
                return Ok(0);
            }
            begin(app, is_mending, None).await?
        }
    };
    Ok(usize::from(resume(app, id, |_| {}).await?))
}
