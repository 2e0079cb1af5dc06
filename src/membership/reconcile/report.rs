//! What a comparison has found, for people, scripts and metrics.

use std::collections::BTreeMap;

use sea_orm::{ColumnTrait, EntityTrait, Iterable as _, QueryFilter, QueryOrder as _};
use uuid::Uuid;

use crate::{
    app::App,
    entities::{
        difference::{self, Class},
        reconciliation,
    },
};

/// A comparison and what it found.
#[derive(Clone, Debug)]
pub struct Report {
    pub run: reconciliation::Model,
    /// By class.
    pub differences: Vec<difference::Model>,
}

impl Report {
    /// How many differences each class has, and how many of those are mended.
    pub fn counts(&self) -> BTreeMap<Class, (usize, usize)> {
        let mut counts: BTreeMap<Class, (usize, usize)> = BTreeMap::new();
        for difference in &self.differences {
            let count = counts.entry(difference.class).or_default();
            count.0 += 1;
            count.1 += usize::from(difference.mended_at.is_some());
        }
        counts
    }
}

/// One comparison.
///
/// # Errors
/// If the database fails.
pub async fn report(app: &App, id: Uuid) -> anyhow::Result<Option<Report>> {
    let run = reconciliation::Entity::find_by_id(id).one(&app.db).await?;
    let Some(run) = run else { return Ok(None) };
    let differences = difference::Entity::of(run.id)
        .order_by_asc(difference::Column::Class)
        .order_by_asc(difference::Column::Id)
        .all(&app.db)
        .await?;
    Ok(Some(Report { run, differences }))
}

/// The latest comparison, finished or not.
///
/// # Errors
/// If the database fails.
pub async fn last(app: &App) -> anyhow::Result<Option<Report>> {
    match reconciliation::Entity::latest().one(&app.db).await? {
        Some(run) => report(app, run.id).await,
        None => Ok(None),
    }
}

/// Shows what is still different after the last finished comparison as a metric.
pub(super) async fn export(app: &App) -> anyhow::Result<()> {
    let finished = reconciliation::Entity::latest()
        .filter(reconciliation::Column::FinishedAt.is_not_null())
        .one(&app.db)
        .await?;
    let Some(run) = finished else { return Ok(()) };
    let Some(report) = report(app, run.id).await? else {
        return Ok(());
    };
    let counts = report.counts();
    for class in Class::iter() {
        let (found, mended) = counts.get(&class).copied().unwrap_or_default();
        let left = u32::try_from(found - mended).unwrap_or(u32::MAX);
        metrics::gauge!("plaudit_reconcile_differences", "class" => class.word()).set(left);
    }
    Ok(())
}
