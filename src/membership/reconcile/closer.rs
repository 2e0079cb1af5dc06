//! What a list of subscriptions does not show: the terms of discounts, which lie deeper than a list is expanded, and of
//! those that are not paid since when they owe, and whether the money is on its way.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect as _};

use crate::{
    app::App,
    entities::membership,
    membership::sync::{gives_nothing, is_failing, owed_since, paying_since},
    payments::{self, Pace, Subscription},
};

/// Since when subscriptions owe, by their ids; of those that are not paid.
pub(super) type Owed = HashMap<String, DateTime<Utc>>;

/// Looks up what is missing of those that are memberships here.
pub(super) async fn look(app: &App, pace: &Pace, all: &mut [Subscription]) -> anyhow::Result<Owed> {
    let ids = all.iter().map(|there| there.id.as_str());
    let known: HashSet<String> = membership::Entity::find()
        .select_only()
        .column(membership::Column::StripeSubscriptionId)
        .filter(membership::Column::StripeSubscriptionId.is_in(ids))
        .into_tuple()
        .all(&app.db)
        .await?
        .into_iter()
        .collect();
    let mut owed = Owed::new();
    for there in all.iter_mut().filter(|there| known.contains(&there.id)) {
        if there.is_discounted() && !gives_nothing(there) {
            pace.turn().await;
            match app.payments.subscription(&there.id).await {
                Ok(whole) => *there = whole,
                Err(payments::Error::NotFound) => {}
                Err(error) => return Err(error.into()),
            }
        }
        owed.extend(self::owed(app, pace, there).await?);
    }
    Ok(owed)
}

/// One of them, where it is not paid.
pub(super) async fn owed(
    app: &App,
    pace: &Pace,
    there: &Subscription,
) -> Result<Option<(String, DateTime<Utc>)>, payments::Error> {
    if !is_failing(there) {
        return Ok(None);
    }
    pace.turn().await;
    let since = owed_since(app, there).await?;
    Ok(since.map(|since| (there.id.clone(), since)))
}

/// Since when money is on its way for those that owe, by their ids: an invoice does not show whether its payment is.
pub(super) async fn paying(
    app: &App,
    pace: &Pace,
    there: &[Subscription],
    rows: &HashMap<String, membership::Model>,
) -> anyhow::Result<HashMap<String, DateTime<Utc>>> {
    let mut paying = HashMap::new();
    let ours = there.iter().filter(|there| rows.contains_key(&there.id));
    for owing in ours.filter(|there| is_failing(there)) {
        // One call for the payment of the invoice, one for where it stands.
        pace.turn().await;
        pace.turn().await;
        let since = paying_since(app, owing).await?;
        paying.extend(since.map(|since| (owing.id.clone(), since)));
    }
    Ok(paying)
}
