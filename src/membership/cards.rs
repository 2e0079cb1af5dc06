//! Cards that run out: their payers are told in the month printed on them, once a card.

use anyhow::Context as _;
use chrono::{Days, Months};
use sea_orm::{ConnectionTrait, DbErr, EntityTrait};
use serde_json::json;
use uuid::Uuid;

use super::errands;
use crate::{
    app::App,
    db,
    entities::{
        account, author,
        errand::Kind,
        membership::{self, State},
        payment,
    },
    mail::Letter,
    payments::Method,
};

/// Has the card that paid looked at again when its last month begins.
///
/// # Errors
/// If the database fails.
pub(super) async fn watch(
    db: &impl ConnectionTrait,
    payment: &payment::Model,
    method: &Method,
) -> Result<(), DbErr> {
    let (Some(id), Some(expires)) = (payment.membership_id, method.expires_at()) else {
        return Ok(());
    };
    let Some(at) = expires.checked_sub_months(Months::new(1)) else {
        return Ok(());
    };
    let key = format!("card:{id}:{}", expires.date_naive());
    errands::enqueue(db, at, Kind::WarnOfCard, key, &id.to_string()).await
}

/// Tells the payer of a membership, unless another card pays by now or nothing more will be charged.
///
/// # Errors
/// A [`crate::payments::Error`] if Stripe is away; else if the database fails.
pub(super) async fn warn(app: &App, membership: &str) -> anyhow::Result<()> {
    let id: Uuid = membership.parse().context("not a membership's id")?;
    let found = membership::Entity::find_by_id(id).one(&app.db).await?;
    let goes_on = |row: &membership::Model| {
        matches!(row.state, State::Active | State::Trial | State::Grace) && row.cancel_at.is_none()
    };
    let Some(row) = found.filter(goes_on) else {
        return Ok(());
    };
    let method = app.payments.paying(&row.stripe_subscription_id).await?;
    let Some((method, expires)) = method.and_then(|one| one.expires_at().map(|at| (one, at)))
    else {
        return Ok(());
    };
    let now = app.clock.now();
    if expires > now + Months::new(1) {
        return Ok(());
    }
    let tx = db::begin(&app.db).await?;
    let account = account::Entity::find_by_id(row.account_id).one(&tx).await?;
    let author = author::Entity::find_by_id(row.author_id).one(&tx).await?;
    let (account, author) = account.zip(author).context("a membership of nobody")?;
    let card = method.id.as_deref().unwrap_or(membership);
    let letter = Letter {
        key: format!("card_expiring:{card}:{}", expires.date_naive()),
        kind: "card_expiring",
        to: &account,
        values: json!({
            "last4": method.last4(),
            "last_day": expires - Days::new(1),
            "authors": author.name,
            "mend_url": app.config.link(&format!("/account/memberships/{id}/card")),
        }),
    };
    app.outbox.enqueue(&tx, now, letter).await?;
    tx.commit().await?;
    app.work.notify_one();
    Ok(())
}
