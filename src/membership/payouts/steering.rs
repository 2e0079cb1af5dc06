//! Where the money of an author's readers goes: for what is sold next, and for memberships that run.

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, ConnectionTrait,
    DatabaseTransaction, DbErr, EntityTrait, IntoActiveModel as _, QueryFilter as _,
    QuerySelect as _,
};
use uuid::Uuid;

use super::{
    super::{errands, ledger},
    destination, locked, of,
};
use crate::{
    app::App,
    entities::{
        errand::Kind,
        membership::{self, State},
        payout_account,
    },
    payments::{self, Direct},
};

/// The memberships whose money will still come.
pub(super) const RUNNING: [State; 7] = [
    State::Pending,
    State::Trial,
    State::Active,
    State::Cancelling,
    State::Grace,
    State::Lapsed,
    State::Paused,
];

/// The owner has changed an author's share: what is sent on of running memberships follows.
///
/// # Errors
/// If the database fails.
pub async fn share_changed(
    tx: &DatabaseTransaction,
    now: DateTime<Utc>,
    author: Uuid,
) -> Result<(), DbErr> {
    let Some(row) = locked(tx, author).await? else {
        return Ok(());
    };
    let mut row = row.into_active_model();
    let version = row.version.take().unwrap_or_default();
    row.version = Set(version + 1);
    let row = row.update(tx).await?;
    if destination(&row).is_some() {
        follow(tx, now, &row).await?;
    }
    Ok(())
}

pub(super) async fn follow(
    tx: &DatabaseTransaction,
    now: DateTime<Utc>,
    row: &payout_account::Model,
) -> Result<(), DbErr> {
    let running: Vec<String> = membership::Entity::find()
        .select_only()
        .column(membership::Column::StripeSubscriptionId)
        .filter(membership::Column::AuthorId.eq(row.author_id))
        .filter(membership::Column::State.is_in(RUNNING))
        .into_tuple()
        .all(tx)
        .await?;
    for subscription in running {
        let key = format!("direct:{subscription}:{}", row.version);
        errands::enqueue(tx, now, Kind::PayDirectly, key, &subscription).await?;
    }
    Ok(())
}

/// A membership was seen for the first time: its Checkout may have begun before the author's account
/// became what it is.
///
/// # Errors
/// If the database fails.
pub(in crate::membership) async fn begun(
    tx: &DatabaseTransaction,
    now: DateTime<Utc>,
    row: &membership::Model,
) -> Result<(), DbErr> {
    let Some(account) = of(tx, row.author_id).await? else {
        return Ok(());
    };
    let subscription = &row.stripe_subscription_id;
    let key = format!("direct:{subscription}:{}:begun", account.version);
    errands::enqueue(tx, now, Kind::PayDirectly, key, subscription).await
}

/// Something was booked at Stripe by where the money was to go a moment ago: if that has changed
/// meanwhile, the membership follows once more.
///
/// # Errors
/// If the database fails.
pub(in crate::membership) async fn since(
    app: &App,
    row: &membership::Model,
    was: Option<&Direct>,
) -> Result<(), DbErr> {
    match direct(&app.db, row.author_id, app.clock.now())
        .await?
        .as_ref()
        == was
    {
        true => Ok(()),
        false => again(app, &row.stripe_subscription_id).await,
    }
}

/// A membership whose money was seen to go elsewhere than it should follows once more.
///
/// # Errors
/// If the database fails.
pub(in crate::membership) async fn again(app: &App, subscription: &str) -> Result<(), DbErr> {
    let key = format!("direct:{subscription}:{}", Uuid::now_v7());
    let (now, kind) = (app.clock.now(), Kind::PayDirectly);
    errands::enqueue(&app.db, now, kind, key, subscription).await
}

/// Lets the money of a subscription go where it should go now.
///
/// # Errors
/// A [`payments::Error`] if Stripe is away or refuses; else if the database fails.
pub(in crate::membership) async fn steer(
    app: &App,
    key: &str,
    subscription: &str,
) -> anyhow::Result<()> {
    let found = membership::Entity::by_subscription(subscription)
        .one(&app.db)
        .await?;
    let Some(row) = found.filter(|row| RUNNING.contains(&row.state)) else {
        return Ok(());
    };
    let wanted = direct(&app.db, row.author_id, app.clock.now()).await?;
    let to = wanted.as_ref().map_or_else(String::new, |direct| {
        format!("{}:{}", direct.destination, direct.kept_basis_points)
    });
    let key = format!("{key}:{to}");
    let there = app.payments.subscription(subscription).await?;
    if there.direct() != wanted || there.schedule.is_some() {
        app.payments.direct(&key, &there, wanted.as_ref()).await?;
    }
    if direct(&app.db, row.author_id, app.clock.now()).await? != wanted {
        return Err(payments::Error::Away("it has changed meanwhile".to_owned()).into());
    }
    Ok(())
}

/// Where the money of an author's readers goes, if not to the publication.
///
/// # Errors
/// If the database fails.
pub(in crate::membership) async fn direct(
    db: &impl ConnectionTrait,
    author: Uuid,
    now: DateTime<Utc>,
) -> Result<Option<Direct>, DbErr> {
    let row = of(db, author).await?;
    let Some(destination) = row.as_ref().and_then(destination) else {
        return Ok(None);
    };
    let share = ledger::share_at(db, author, now).await?;
    Ok((share > 0).then(|| Direct {
        destination: destination.to_owned(),
        kept_basis_points: ledger::WHOLE - share,
    }))
}
