//! `plaudit reconcile`: everything here against everything at Stripe.

use anyhow::{Context as _, anyhow};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};

use super::{Failure, out::say};
use crate::{
    app::App,
    entities::{difference, reconciliation},
    membership::reconcile::{self, Report, Told},
};

#[derive(Args)]
pub(super) struct Reconcile {
    /// Mend what differs.
    #[arg(long)]
    fix: bool,
    /// Leave out payments, refunds, disputes and events older than this: 36h, 30d, 12w.
    #[arg(long, value_name = "DURATION", value_parser = humantime::parse_duration)]
    since: Option<std::time::Duration>,
    /// As a JSON object.
    #[arg(long)]
    json: bool,
}

/// Compares, shows how far it is, and says what was found.
pub(super) async fn run(app: &App, options: &Reconcile) -> Result<(), Failure> {
    if !app.payments.is_configured() {
        return Err(
            anyhow!("there is no Stripe key to compare with: set stripe.secret_key").into(),
        );
    }
    let id = unfinished_or_new(app, options).await?;
    let bar = ProgressBar::new_spinner();
    let style = ProgressStyle::with_template("{spinner} {msg} ({elapsed})");
    bar.set_style(style.context("the progress bar")?);
    let show = |progress: reconcile::Progress| {
        let compared = progress.compared;
        bar.set_message(format!("{:?}: {compared} compared", progress.stage));
        bar.tick();
    };
    let finished = tokio::select! {
        finished = reconcile::resume(app, id, show) => finished,
        _ = tokio::signal::ctrl_c() => {
            reconcile::put_down(app, id).await?;
            Err(anyhow!("stopped; the same command goes on where it was"))
        }
    };
    bar.finish_and_clear();
    if !finished.context("comparing broke off; the same command goes on where it was")? {
        return Err(anyhow!("another comparison is running; try again in two minutes").into());
    }
    let report = reconcile::report(app, id).await?;
    let report = report.context("the comparison is gone")?;
    let told = reconcile::told(app, "en", &report.differences).await?;
    match options.json {
        true => say!("{}", as_json(&report, &told))?,
        false => say!("{}", as_text(app, &report, &told).trim_end())?,
    }
    Ok(())
}

/// A comparison of the same kind that broke off, or a new one.
async fn unfinished_or_new(app: &App, options: &Reconcile) -> anyhow::Result<uuid::Uuid> {
    let last = reconciliation::Entity::latest().one(&app.db).await?;
    let unfinished = last.filter(|run| {
        let is_same = run.is_mending == options.fix && options.since.is_none();
        run.finished_at.is_none() && run.since.is_none() && is_same
    });
    match unfinished {
        Some(run) => Ok(run.id),
        None => {
            let since = options.since.map(chrono::Duration::from_std).transpose()?;
            reconcile::begin(app, options.fix, since).await
        }
    }
}

fn as_text(app: &App, report: &Report, told: &[Told]) -> String {
    let run = &report.run;
    let seconds = run
        .finished_at
        .map_or(0, |end| (end - run.started_at).num_seconds());
    let mut text = format!("compared {} objects in {seconds} s\n", run.compared);
    if report.differences.is_empty() {
        text.push_str("nothing differs\n");
    }
    for (class, (found, mended)) in report.counts() {
        let word = class.word().replace('_', " ");
        text.push_str(&format!("{word}: {found}"));
        if run.is_mending {
            text.push_str(&format!(", mended {mended}"));
        }
        text.push('\n');
        let rows = report.differences.iter().zip(told);
        for (row, told) in rows.filter(|(row, _)| row.class == class) {
            let (ours, theirs) = (Told::line(&told.ours), Told::line(&told.theirs));
            text.push_str(&format!("  {}  ", row.subject));
            if let Some(name) = &told.name {
                text.push_str(&format!("{name}:  "));
            }
            text.push_str(&format!("here {ours}  there {theirs}"));
            if let Some(error) = &row.error {
                text.push_str(&format!("  not mended: {error}"));
            }
            text.push('\n');
        }
        let left = found - mended;
        if let Some(key) = reconcile::to_do(class, run.is_mending).filter(|_| left > 0) {
            let words = app.templates.words().plain("en", key);
            text.push_str(&format!("  for you to do: {words}\n"));
        } else if left > 0 && !run.is_mending {
            text.push_str("  the same with --fix mends this\n");
        }
    }
    text
}

fn as_json(report: &Report, told: &[Told]) -> Value {
    let run = &report.run;
    let counts = report.counts().into_iter().map(|(class, (found, mended))| {
        let count = json!({ "found": found, "mended": mended });
        (class.word().to_owned(), count)
    });
    json!({
        "id": run.id,
        "started_at": run.started_at,
        "finished_at": run.finished_at,
        "since": run.since,
        "fix": run.is_mending,
        "compared": run.compared,
        "counts": serde_json::Map::from_iter(counts),
        "differences": report.differences.iter().zip(told).map(row).collect::<Vec<_>>(),
    })
}

fn row((row, told): (&difference::Model, &Told)) -> Value {
    json!({
        "class": row.class,
        "subject": row.subject,
        "name": told.name,
        "ours": as_kept(&row.ours),
        "theirs": as_kept(&row.theirs),
        "mended_at": row.mended_at,
        "error": row.error,
    })
}

/// Columns by their names, moments and days as ISO 8601 writes them: for programs.
fn as_kept(side: &str) -> String {
    side.lines().collect::<Vec<_>>().join(", ")
}
