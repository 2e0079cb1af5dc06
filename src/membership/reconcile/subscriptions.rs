//! Every subscription at Stripe against its membership here.

use std::collections::{BTreeSet, HashMap};

use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QuerySelect as _,
    sea_query::OnConflict,
};
use uuid::Uuid;

use super::{
    Step,
    compare::{self, Found},
    note,
};
use crate::{
    app::App,
    entities::{
        account, checkout, difference::Class, membership, price, reconciliation,
        reconciliation_seen,
    },
    membership::{payouts, sync::gives_nothing},
    payments::{Direct, List, Pace, Page, Subscription},
};

const LIST: List = List {
    path: "/subscriptions",
    filter: Some(("status", "all")),
    expand: &["data.latest_invoice"],
};

pub(super) async fn compare(
    app: &App,
    pace: &Pace,
    run: &reconciliation::Model,
) -> anyhow::Result<Step> {
    pace.turn().await;
    let after = run.cursor.as_deref();
    let page: Page<Subscription> = app.payments.page(LIST, None, after).await?;
    let ids = || page.data.iter().map(|there| there.id.as_str());
    seen(app, run, ids()).await?;
    let rows = membership::Entity::find()
        .filter(membership::Column::StripeSubscriptionId.is_in(ids()))
        .all(&app.db)
        .await?;
    let rows: HashMap<&str, &membership::Model> = rows
        .iter()
        .map(|row| (row.stripe_subscription_id.as_str(), row))
        .collect();
    let sold = page.data.iter().filter_map(|there| there.price());
    let prices = price::Entity::find()
        .filter(price::Column::StripePriceId.is_in(sold.map(|price| price.id.as_str())))
        .all(&app.db)
        .await?;
    let direct = wanted(app, &rows).await?;
    let begun = begun_here(app, &page.data).await?;
    let payers = payers_here(app, &page.data).await?;
    let mut found = Vec::new();
    for there in &page.data {
        let id = there.price().map(|price| price.id.as_str());
        let price = prices
            .iter()
            .find(|price| price.stripe_price_id.as_deref() == id);
        let is_ours = rows.contains_key(there.id.as_str())
            || is_begun(&begun, there)
            || payers.contains(there.customer.id());
        found.extend(match (rows.get(there.id.as_str()), price) {
            // Over, whatever it was moved to before.
            (Some(row), None) if gives_nothing(there) => {
                let differs = row.stripe_status != there.status;
                let (class, ours) = (Class::StateDiffers, &row.stripe_status);
                differs.then(|| Found::new(class, &there.id, ours, &there.status))
            }
            (_, None) if is_ours => {
                let sold = id.unwrap_or("no price");
                Some(Found::new(Class::UnknownPrice, &there.id, "unknown", sold))
            }
            (None, Some(_)) => Some(Found::new(
                Class::MissingHere,
                &there.id,
                "nothing",
                &there.status,
            )),
            (Some(row), Some(price)) => {
                let price = Some(price).filter(|price| price.id == row.price_id);
                let wanted = direct.get(&row.author_id).and_then(Option::as_ref);
                compare::membership(row, price, there, wanted)
                    .map(|(ours, theirs)| Found::new(Class::StateDiffers, &there.id, ours, theirs))
            }
            // Somebody else's business at the same Stripe account.
            (None | Some(_), None) => None,
        });
    }
    note(app, run, found).await?;
    let last = page.data.last().map(|there| there.id.clone());
    Ok(Step {
        compared: page.data.len(),
        cursor: last.filter(|_| page.has_more),
    })
}

/// Where the money of these memberships should go, by author.
async fn wanted(
    app: &App,
    rows: &HashMap<&str, &membership::Model>,
) -> anyhow::Result<HashMap<Uuid, Option<Direct>>> {
    let authors: BTreeSet<Uuid> = rows.values().map(|row| row.author_id).collect();
    let mut wanted = HashMap::new();
    for author in authors {
        let direct = payouts::direct(&app.db, author, app.clock.now()).await?;
        wanted.insert(author, direct);
    }
    Ok(wanted)
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

fn checkout_of(there: &Subscription) -> Option<Uuid> {
    there.metadata.get("plaudit_checkout")?.parse().ok()
}

/// Which of our checkouts these subscriptions say they were begun by.
async fn begun_here(app: &App, there: &[Subscription]) -> anyhow::Result<Vec<Uuid>> {
    let rows = checkout::Entity::find()
        .filter(checkout::Column::Id.is_in(there.iter().filter_map(checkout_of)))
        .all(&app.db)
        .await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Which of their customers are ours.
async fn payers_here(app: &App, there: &[Subscription]) -> anyhow::Result<BTreeSet<String>> {
    let column = account::Column::StripeCustomerId;
    let known = account::Entity::find()
        .select_only()
        .column(column)
        .filter(column.is_in(there.iter().map(|there| there.customer.id())))
        .into_tuple()
        .all(&app.db)
        .await?;
    Ok(known.into_iter().collect())
}

fn is_begun(begun: &[Uuid], there: &Subscription) -> bool {
    checkout_of(there).is_some_and(|id| begun.contains(&id))
}
