//! Every subscription at Stripe against its membership here.

use sea_orm::{ActiveValue::Set, EntityTrait, sea_query::OnConflict};

use super::{
    Step, closer,
    compare::{Found, NONE},
    here::{Here, ON_ITS_WAY},
    note,
};
use crate::{
    app::App,
    entities::{difference::Class, reconciliation, reconciliation_seen},
    membership::sync::gives_nothing,
    payments::{List, Pace, Page, Subscription},
};

const LIST: List = List {
    path: "/subscriptions",
    filter: Some(("status", "all")),
    expand: &["data.latest_invoice", "data.schedule"],
};

pub(super) async fn compare(
    app: &App,
    pace: &Pace,
    run: &reconciliation::Model,
) -> anyhow::Result<Step> {
    pace.turn().await;
    let after = run.cursor.as_deref();
    let mut page: Page<Subscription> = app.payments.page(LIST, None, after).await?;
    let ids = page.data.iter().map(|there| there.id.as_str());
    seen(app, run, ids).await?;
    let owed = closer::look(app, pace, &mut page.data).await?;
    let here = Here::of(app, pace, &page.data, owed).await?;
    let found = page.data.iter().filter_map(|there| differs(&here, there));
    note(app, run, found.collect()).await?;
    let last = page.data.last().map(|there| there.id.clone());
    Ok(Step {
        compared: page.data.len(),
        cursor: last.filter(|_| page.has_more),
    })
}

/// How one membership still differs from its subscription, as both are now.
pub(super) async fn still(app: &App, pace: &Pace, id: &str) -> anyhow::Result<Option<Found>> {
    pace.turn().await;
    let there = [app.payments.subscription(id).await?];
    let owed = closer::owed(app, pace, &there[0]).await?;
    let here = Here::of(app, pace, &there, owed.into_iter().collect()).await?;
    let is_on_its_way =
        |line: &str| ON_ITS_WAY.contains(&line.split(' ').next().unwrap_or_default());
    let left = differs(&here, &there[0]);
    Ok(left.filter(|found| !found.ours.lines().all(is_on_its_way)))
}

fn differs(here: &Here, there: &Subscription) -> Option<Found> {
    let sold = there.price().map(|price| price.id.as_str());
    let row = here.row(there);
    match (row, sold.and_then(|id| here.sold(id))) {
        // Over, whatever it was moved to before.
        (Some(row), None) if gives_nothing(there) => {
            let differs = row.stripe_status != there.status;
            let told = |status: &str| format!("stripe_status {status}");
            let (ours, theirs) = (told(&row.stripe_status), told(&there.status));
            differs.then(|| Found::new(Class::StateDiffers, &there.id, ours, theirs))
        }
        // It was never sold here, and charges nothing any more.
        (None, None) if gives_nothing(there) => None,
        (_, None) if here.is_ours(there) => {
            let theirs = format!("price {}", sold.unwrap_or(NONE));
            let class = Class::UnknownPrice;
            Some(Found::new(class, &there.id, "price unknown", theirs))
        }
        (None, Some(_)) => {
            let theirs = format!("stripe_status {}", there.status);
            let class = Class::MissingHere;
            Some(Found::new(class, &there.id, "membership none", theirs))
        }
        (Some(row), Some(sold)) => {
            let sides = here.against(row, there, sold);
            sides.found(Class::StateDiffers, &there.id)
        }
        // Somebody else's business at the same Stripe account.
        (None | Some(_), None) => None,
    }
}

async fn seen(
    app: &App,
    run: &reconciliation::Model,
    ids: impl Iterator<Item = &str>,
) -> anyhow::Result<()> {
    use reconciliation_seen::Column;
    let rows: Vec<_> = ids
        .map(|id| reconciliation_seen::ActiveModel {
            reconciliation_id: Set(run.id),
            subject: Set(id.to_owned()),
        })
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    let columns = [Column::ReconciliationId, Column::Subject];
    let once = OnConflict::columns(columns).do_nothing().to_owned();
    let written = reconciliation_seen::Entity::insert_many(rows)
        .on_conflict(once)
        .exec_without_returning(&app.db)
        .await;
    match written {
        Ok(_) | Err(sea_orm::DbErr::RecordNotInserted) => Ok(()),
        Err(error) => Err(error.into()),
    }
}
