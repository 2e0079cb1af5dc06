//! Events that never arrived, and customers nobody here belongs to.

use std::collections::HashSet;

use chrono::Duration;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect as _};
use serde_json::Value;
use uuid::Uuid;

use super::{Step, compare::Found, note};
use crate::{
    app::App,
    entities::{account, difference::Class, reconciliation, stripe_event},
    payments::{Customer, List, Pace, Page},
};

/// How long Stripe keeps events. <https://docs.stripe.com/api/events>
const KEPT: Duration = Duration::days(30);

const EVENTS: List = List {
    path: "/events",
    filter: Some(("delivery_success", "false")),
    expand: &[],
};
const CUSTOMERS: List = List {
    path: "/customers",
    filter: None,
    expand: &[],
};

/// Events that Stripe could not deliver and that are not in the inbox.
pub(super) async fn events(
    app: &App,
    pace: &Pace,
    run: &reconciliation::Model,
) -> anyhow::Result<Step> {
    pace.turn().await;
    let oldest = app.clock.now() - KEPT;
    let since = run.since.map_or(oldest, |since| since.max(oldest));
    let after = run.cursor.as_deref();
    let page: Page<Value> = app
        .payments
        .page(EVENTS, Some(since.timestamp()), after)
        .await?;
    let ids = || page.data.iter().filter_map(|event| event["id"].as_str());
    let known: HashSet<String> = stripe_event::Entity::find()
        .select_only()
        .column(stripe_event::Column::Id)
        .filter(stripe_event::Column::Id.is_in(ids()))
        .into_tuple()
        .all(&app.db)
        .await?
        .into_iter()
        .collect();
    let missed = page.data.iter().filter(|event| {
        let kind = event["type"].as_str().unwrap_or_default();
        let id = event["id"].as_str().unwrap_or_default();
        super::super::webhook::is_known(kind) && !known.contains(id)
    });
    let found = missed.map(|event| {
        let id = event["id"].as_str().unwrap_or_default();
        let kind = event["type"].as_str().unwrap_or_default();
        Found::new(
            Class::UndeliveredEvent,
            id,
            "event none",
            format!("event {kind}"),
        )
    });
    note(app, run, found.collect()).await?;
    let last = ids().next_back().map(str::to_owned);
    Ok(Step {
        compared: page.data.len(),
        cursor: last.filter(|_| page.has_more),
    })
}

/// Customers made for accounts that are gone, or that have another customer.
pub(super) async fn customers(
    app: &App,
    pace: &Pace,
    run: &reconciliation::Model,
) -> anyhow::Result<Step> {
    pace.turn().await;
    let after = run.cursor.as_deref();
    let page: Page<Customer> = app.payments.page(CUSTOMERS, None, after).await?;
    let account_of =
        |there: &Customer| -> Option<Uuid> { there.metadata.get("plaudit_account")?.parse().ok() };
    let accounts = account::Entity::find()
        .filter(account::Column::Id.is_in(page.data.iter().filter_map(account_of)))
        .all(&app.db)
        .await?;
    let mut found = Vec::new();
    for there in &page.data {
        let Some(id) = account_of(there) else {
            continue;
        };
        let here = accounts.iter().find(|account| account.id == id);
        let theirs = format!("account_id {id}");
        match here.map(|account| account.stripe_customer_id.as_deref()) {
            None => found.push(Found::new(
                Class::OrphanCustomer,
                &there.id,
                "account_id none",
                theirs,
            )),
            Some(Some(other)) if other != there.id => {
                let (class, ours) = (Class::OrphanCustomer, format!("stripe_customer_id {other}"));
                found.push(Found::new(class, &there.id, ours, theirs));
            }
            Some(_) => {}
        }
    }
    note(app, run, found).await?;
    let last = page.data.last().map(|there| there.id.clone());
    Ok(Step {
        compared: page.data.len(),
        cursor: last.filter(|_| page.has_more),
    })
}
