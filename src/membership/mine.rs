//! What a reader does with her own memberships, and her receipts.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder as _};
use serde::Serialize;
use uuid::Uuid;

use super::standing::standing_of;
use crate::{
    accounts::Reader,
    app::App,
    entities::{Recurrence, author, membership, payment, price, tier},
    web::{Error, Result},
};

/// One membership as her account page shows it.
#[derive(Debug, Serialize)]
pub struct Mine {
    id: Uuid,
    author_name: String,
    author_slug: String,
    tier_name: String,
    amount: i64,
    currency: String,
    recurrence: Recurrence,
    /// Nothing is collected: access ends, or has ended, with the paid time.
    rests: bool,
    /// An end is booked.
    leaves: bool,
    /// Besides an older one with the same author, which is the one that counts.
    is_second: bool,
    /// Nothing was charged yet; `next_payment` is when it will be.
    is_trial: bool,
    /// When Stripe tries again to charge what failed.
    next_attempt: Option<chrono::DateTime<chrono::Utc>>,
    /// `patron`, `leaving`, `grace`, `pending`, `lapsed`, `paused`, `former` or `none`.
    standing: &'static str,
    since: Option<chrono::DateTime<chrono::Utc>>,
    until: Option<chrono::DateTime<chrono::Utc>>,
    next_payment: Option<chrono::DateTime<chrono::Utc>>,
    next: Option<Next>,
}

/// What a membership is to become.
#[derive(Debug, Serialize)]
struct Next {
    tier_name: String,
    amount: i64,
    currency: String,
    recurrence: Recurrence,
    at: chrono::DateTime<chrono::Utc>,
}

/// One payment as her account page lists it.
#[derive(Debug, Serialize)]
pub struct Paid {
    number: i64,
    author_name: String,
    amount: i64,
    refunded: i64,
    currency: String,
    paid_at: chrono::DateTime<chrono::Utc>,
}

/// Her memberships, those in force first.
///
/// # Errors
/// If the database fails.
pub async fn memberships(app: &App, account: Uuid) -> Result<Vec<Mine>, DbErr> {
    let rows = membership::Entity::find()
        .filter(membership::Column::AccountId.eq(account))
        .order_by_desc(membership::Column::CreatedAt)
        .all(&app.db)
        .await?;
    let authors = names(&app.db, rows.iter().map(|row| row.author_id)).await?;
    let tiers = tier::Entity::find()
        .filter(tier::Column::Id.is_in(rows.iter().map(|row| row.tier_id)))
        .all(&app.db)
        .await?;
    let coming = price::Entity::find()
        .filter(price::Column::Id.is_in(rows.iter().filter_map(|row| row.next_price_id)))
        .find_also_related(tier::Entity)
        .all(&app.db)
        .await?;
    let next = |row: &membership::Model| {
        let mut coming = coming.iter();
        let (price, tier) = coming.find(|(price, _)| Some(price.id) == row.next_price_id)?;
        Some(Next {
            tier_name: tier.as_ref()?.name.clone(),
            amount: price.amount,
            currency: price.currency.clone(),
            recurrence: price.recurrence,
            at: row.next_at?,
        })
    };
    let now = app.clock.now();
    let mut mine: Vec<Mine> = rows
        .iter()
        .filter_map(|row| {
            let grace = app.config.membership.grace_days;
            let standing = standing_of(std::slice::from_ref(row), &[], &[], now, grace);
            let author = authors.iter().find(|author| author.id == row.author_id)?;
            let tier = tiers.iter().find(|tier| tier.id == row.tier_id)?;
            let renews = matches!(
                row.state,
                membership::State::Active | membership::State::Trial
            );
            Some(Mine {
                id: row.id,
                author_name: author.name.clone(),
                author_slug: author.slug.clone(),
                tier_name: tier.name.clone(),
                amount: row.amount,
                currency: row.currency.clone(),
                recurrence: row.recurrence,
                leaves: row.cancel_at.is_some(),
                is_second: row.flag.as_deref() == Some(membership::DUPLICATE),
                is_trial: row.state == membership::State::Trial,
                next_attempt: row.next_attempt_at.filter(|at| *at > now),
                rests: row.collection_paused.is_some(),
                standing: standing.support.word(),
                since: standing.since,
                until: standing.until,
                next_payment: row
                    .current_period_end
                    .filter(|_| renews && row.collection_paused.is_none()),
                next: next(row),
            })
        })
        .collect();
    mine.sort_by_key(|mine| matches!(mine.standing, "former" | "none"));
    Ok(mine)
}

/// Her payments, newest first.
///
/// # Errors
/// If the database fails.
pub async fn payments(app: &App, account: Uuid) -> Result<Vec<Paid>, DbErr> {
    let rows = payment::Entity::find()
        .filter(payment::Column::AccountId.eq(account))
        .order_by_desc(payment::Column::Number)
        .all(&app.db)
        .await?;
    let authors = names(&app.db, rows.iter().map(|row| row.author_id)).await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            let author = authors.iter().find(|author| author.id == row.author_id)?;
            Some(Paid {
                number: row.number,
                author_name: author.name.clone(),
                amount: row.amount,
                refunded: row.refunded,
                currency: row.currency,
                paid_at: row.paid_at,
            })
        })
        .collect())
}

async fn names(
    db: &impl ConnectionTrait,
    ids: impl Iterator<Item = Uuid>,
) -> Result<Vec<author::Model>, DbErr> {
    let authors = author::Entity::find().filter(author::Column::Id.is_in(ids));
    authors.all(db).await
}

/// `GET|POST /account/memberships/{id}/card`: to Stripe's page where the card is changed.
pub async fn card(
    State(app): State<App>,
    reader: Reader,
    Path(id): Path<Uuid>,
) -> Result<Response> {
    let row = own(&app, &reader, id).await?;
    let back = app.config.link("/account");
    let url = app.payments.portal(&row.stripe_customer_id, &back).await?;
    Ok(Redirect::to(&url).into_response())
}

/// `GET|POST /account/memberships/{id}/pay`: to Stripe's page of the invoice that is not paid, where any card
/// will do and a bank can ask for her word; to the one for the card where nothing is owed.
pub async fn pay(State(app): State<App>, reader: Reader, Path(id): Path<Uuid>) -> Result<Response> {
    let row = own(&app, &reader, id).await?;
    let subscription = &row.stripe_subscription_id;
    let subscription = app.payments.subscription(subscription).await?;
    let owed = subscription.invoice().filter(|invoice| invoice.is_open());
    match owed.and_then(|invoice| invoice.hosted_invoice_url.as_deref()) {
        Some(url) => Ok(Redirect::to(url).into_response()),
        None => card(State(app), reader, Path(id)).await,
    }
}

/// Her own membership; that of another is not there.
pub(super) async fn own(app: &App, reader: &Reader, id: Uuid) -> Result<membership::Model> {
    membership::Entity::find_by_id(id)
        .filter(membership::Column::AccountId.eq(reader.account.id))
        .one(&app.db)
        .await?
        .ok_or(Error::NotFound)
}
