//! Comparing everything here with everything at Stripe, class by class, and mending what differs by the
//! same sync that events end in. A look-up that fails takes nothing away from anybody.

mod books;
mod closer;
mod compare;
mod connect;
mod given_back;
mod here;
mod mend;
mod money;
mod names;
mod nightly;
mod once;
mod ours;
mod report;
mod right;
mod rows;
mod subscriptions;
mod walk;
mod words;

use chrono::{DateTime, Duration, Utc};
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait, Condition, EntityTrait,
    IntoActiveModel as _, QueryFilter, sea_query::Expr,
};
use uuid::Uuid;

use crate::{
    app::App,
    entities::{
        difference,
        reconciliation::{self, Column, Stage},
        reconciliation_seen,
    },
    payments::Pace,
};

pub use mend::to_do;
pub use nightly::work;
pub use report::{Report, last, report};
pub use words::{Fact, Told, side, told};

/// For how long somebody who compares keeps others from it, if nothing more is heard.
const LEASE: Duration = Duration::minutes(2);

/// How far a comparison is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    pub stage: Stage,
    /// How many objects were compared so far.
    pub compared: i64,
}

/// Puts a comparison down to be run by the worker, or by whoever [`resume`]s it.
///
/// # Errors
/// If the database fails.
pub async fn begin(app: &App, is_mending: bool, since: Option<Duration>) -> anyhow::Result<Uuid> {
    put(app, is_mending, since, None).await
}

/// The same for somebody who presses: what is mended is written down as hers.
///
/// # Errors
/// If the database fails.
pub async fn begin_for(app: &App, is_mending: bool, who: Uuid) -> anyhow::Result<Uuid> {
    put(app, is_mending, None, Some(who)).await
}

async fn put(
    app: &App,
    is_mending: bool,
    since: Option<Duration>,
    begun_by: Option<Uuid>,
) -> anyhow::Result<Uuid> {
    let now = app.clock.now();
    let id = Uuid::now_v7();
    let row = reconciliation::Model {
        id,
        is_mending,
        since: since.map(|since| now - since),
        stage: Stage::Events,
        cursor: None,
        compared: 0,
        started_at: now,
        begun_by,
        locked_until: None,
        finished_at: None,
        error: None,
    };
    let row = row.into_active_model().reset_all();
    reconciliation::Entity::insert(row)
        .exec_without_returning(&app.db)
        .await?;
    Ok(id)
}

/// Runs a comparison from where it stands to its end, unless somebody else is at it. Returns whether it
/// is finished.
///
/// # Errors
/// If Stripe or the database is away: what was compared is kept, and resuming goes on there.
pub async fn resume(
    app: &App,
    id: Uuid,
    progress: impl Fn(Progress) + Sync,
) -> anyhow::Result<bool> {
    let Some(mut run) = claim(app, id).await? else {
        return Ok(false);
    };
    let pace = Pace::new(app.config.stripe.reconcile_per_second);
    while run.stage != Stage::Done {
        progress(Progress {
            stage: run.stage,
            compared: run.compared,
        });
        match step(app, &pace, &run).await {
            Ok(step) => run = keep(app, run, step).await?,
            Err(error) => {
                let why = format!("{error:#}");
                give_back(app, id, &why).await?;
                return Err(error);
            }
        }
    }
    reconciliation_seen::Entity::delete_many()
        .filter(reconciliation_seen::Column::ReconciliationId.eq(id))
        .exec(&app.db)
        .await?;
    report::export(app).await?;
    Ok(true)
}

/// What a step of a comparison has come to.
struct Step {
    compared: usize,
    /// Where the stage goes on; `None` at its end.
    cursor: Option<String>,
}

impl Step {
    /// The whole of a stage at once.
    fn whole(compared: usize) -> Self {
        Self {
            compared,
            cursor: None,
        }
    }
}

async fn step(app: &App, pace: &Pace, run: &reconciliation::Model) -> anyhow::Result<Step> {
    match run.stage {
        Stage::Events => walk::events(app, pace, run).await,
        Stage::Subscriptions => subscriptions::compare(app, pace, run).await,
        Stage::Invoices => money::invoices(app, pace, run).await,
        Stage::Refunds => given_back::refunds(app, pace, run).await,
        Stage::Disputes => given_back::disputes(app, pace, run).await,
        Stage::Balance => money::balance(app, pace, run).await,
        Stage::Checkouts => once::checkouts(app, pace, run).await,
        Stage::Transfers => connect::transfers(app, pace, run).await,
        Stage::Accounts => connect::accounts(app, pace, run).await,
        Stage::Customers => walk::customers(app, pace, run).await,
        Stage::Books => books::compare(app, run).await,
        Stage::Ours => ours::compare(app, run).await,
        Stage::Mending if run.is_mending => mend::all(app, pace, run).await,
        Stage::Mending | Stage::Done => Ok(Step::whole(0)),
    }
}

fn after(stage: Stage) -> Stage {
    match stage {
        Stage::Events => Stage::Subscriptions,
        Stage::Subscriptions => Stage::Invoices,
        Stage::Invoices => Stage::Refunds,
        Stage::Refunds => Stage::Disputes,
        Stage::Disputes => Stage::Balance,
        Stage::Balance => Stage::Checkouts,
        Stage::Checkouts => Stage::Transfers,
        Stage::Transfers => Stage::Accounts,
        Stage::Accounts => Stage::Customers,
        Stage::Customers => Stage::Books,
        Stage::Books => Stage::Ours,
        Stage::Ours => Stage::Mending,
        Stage::Mending | Stage::Done => Stage::Done,
    }
}

async fn claim(app: &App, id: Uuid) -> anyhow::Result<Option<reconciliation::Model>> {
    let now = app.clock.now();
    let free = Condition::any()
        .add(Column::LockedUntil.is_null())
        .add(Column::LockedUntil.lte(now));
    let claimed = reconciliation::Entity::update_many()
        .col_expr(Column::LockedUntil, Expr::value(now + LEASE))
        .filter(Column::Id.eq(id))
        .filter(Column::FinishedAt.is_null())
        .filter(free)
        .exec_with_returning(&app.db)
        .await?;
    Ok(claimed.into_iter().next())
}

async fn keep(
    app: &App,
    run: reconciliation::Model,
    step: Step,
) -> anyhow::Result<reconciliation::Model> {
    let now = app.clock.now();
    let (stage, compared) = (run.stage, run.compared);
    let mut row = run.into_active_model();
    let next = match &step.cursor {
        Some(_) => stage,
        None => after(stage),
    };
    row.stage = Set(next);
    row.cursor = Set(step.cursor);
    row.compared = Set(compared + i64::try_from(step.compared).unwrap_or_default());
    row.locked_until = Set((next != Stage::Done).then_some(now + LEASE));
    row.finished_at = Set((next == Stage::Done).then_some(now));
    row.error = Set(None);
    Ok(row.update(&app.db).await?)
}

/// Lets go of a comparison, so that it can be resumed at once.
///
/// # Errors
/// If the database fails.
pub async fn put_down(app: &App, id: Uuid) -> anyhow::Result<()> {
    give_back(app, id, "stopped").await
}

async fn give_back(app: &App, id: Uuid, why: &str) -> anyhow::Result<()> {
    reconciliation::Entity::update_many()
        .col_expr(
            Column::LockedUntil,
            Expr::value(Option::<DateTime<Utc>>::None),
        )
        .col_expr(Column::Error, Expr::value(why))
        .filter(Column::Id.eq(id))
        .exec(&app.db)
        .await?;
    Ok(())
}

/// Notes differences; the same one of a class once a comparison.
async fn note(
    app: &App,
    run: &reconciliation::Model,
    found: Vec<compare::Found>,
) -> anyhow::Result<()> {
    use sea_orm::sea_query::OnConflict;
    if found.is_empty() {
        return Ok(());
    }
    let rows = found.into_iter().map(|found| difference::ActiveModel {
        id: Set(Uuid::now_v7()),
        reconciliation_id: Set(run.id),
        class: Set(found.class),
        subject: Set(found.subject),
        ours: Set(found.ours),
        theirs: Set(found.theirs),
        mended_at: Set(None),
        error: Set(None),
    });
    let columns = [
        difference::Column::ReconciliationId,
        difference::Column::Class,
        difference::Column::Subject,
    ];
    let once = OnConflict::columns(columns).do_nothing().to_owned();
    let noted = difference::Entity::insert_many(rows)
        .on_conflict(once)
        .exec_without_returning(&app.db)
        .await;
    match noted {
        Ok(_) | Err(sea_orm::DbErr::RecordNotInserted) => Ok(()),
        Err(error) => Err(error.into()),
    }
}
