//! Paying what a membership owes, and ending one whose debt nobody needs to pay any more.

use axum::{
    extract::State,
    response::{IntoResponse as _, Redirect, Response},
};
use sea_orm::EntityTrait as _;
use uuid::Uuid;

use super::{
    doubling::{Beside, is_doubled},
    mine::own,
    standing::{Support, standing_of},
    sync,
};
use crate::{
    accounts::{Reader, flash},
    app::App,
    entities::{author, membership},
    payments,
    web::{Error, Path, Result},
};

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
/// will do and a bank can ask for her word; to the one for the card where nothing is owed. What is on its way is not
/// paid again. Beside another with the same author nothing is paid: that would make two. One that has ended owes
/// nothing, and the way on is to come back.
pub async fn pay(State(app): State<App>, reader: Reader, Path(id): Path<Uuid>) -> Result<Response> {
    let row = own(&app, &reader, id).await?;
    if is_over(&app, &row) {
        return come_back(&app, &row).await;
    }
    if let Some(beside) = in_the_way(&app, &row).await? {
        return Ok(flash(&app, "/account", beside.instead_of_paying()));
    }
    let subscription = &row.stripe_subscription_id;
    let subscription = app.payments.subscription(subscription).await?;
    if subscription.is_over() {
        // Nobody has told us yet.
        sync::subscription(&app, &subscription.id).await?;
        return come_back(&app, &row).await;
    }
    if sync::paying_since(&app, &subscription).await?.is_some() {
        // Stripe's page would take no second payment, and she may not know of the first.
        sync::subscription(&app, &subscription.id).await?;
        return Ok(flash(&app, "/account", "flash-owed-on-its-way"));
    }
    let owed = subscription.invoice().filter(|invoice| invoice.is_open());
    match owed.and_then(|invoice| invoice.hosted_invoice_url.as_deref()) {
        Some(url) => Ok(Redirect::to(url).into_response()),
        None => card(State(app), reader, Path(id)).await,
    }
}

/// `POST /account/memberships/{id}/end`: one whose payment failed ends now and owes nothing, where another with the
/// same author stands in its place.
pub async fn end(State(app): State<App>, reader: Reader, Path(id): Path<Uuid>) -> Result<Response> {
    let row = own(&app, &reader, id).await?;
    if in_the_way(&app, &row).await?.is_none() {
        return Ok(flash(&app, "/account", "flash-not-owed"));
    }
    let subscription = &row.stripe_subscription_id;
    let key = format!("end:{id}");
    match app.payments.cancel_now(&key, subscription).await {
        // It has ended there already.
        Ok(()) | Err(payments::Error::Refused(_) | payments::Error::NotFound) => {}
        Err(error) => return Err(error.into()),
    }
    app.payments.forgive(subscription).await?;
    sync::subscription(&app, subscription).await?;
    Ok(flash(&app, "/account", "flash-ended-owed"))
}

fn is_over(app: &App, row: &membership::Model) -> bool {
    let (now, grace) = (app.clock.now(), app.config.membership.grace_days);
    let standing = standing_of(std::slice::from_ref(row), &[], &[], now, grace);
    matches!(
        standing.support,
        Support::Former | Support::Helped | Support::None
    )
}

/// To where she can support the author again.
async fn come_back(app: &App, row: &membership::Model) -> Result<Response> {
    let author = author::Entity::find_by_id(row.author_id).one(&app.db);
    let author = author.await?.ok_or(Error::NotFound)?;
    let support = format!("/authors/{}/support", author.slug);
    Ok(flash(app, &support, "flash-owes-nothing"))
}

/// What stands in the way of paying what it owes; `None` also where it owes nothing.
async fn in_the_way(app: &App, row: &membership::Model) -> Result<Option<Beside>> {
    let (now, grace) = (app.clock.now(), app.config.membership.grace_days);
    let standing = standing_of(std::slice::from_ref(row), &[], &[], now, grace);
    match standing.support {
        Support::Grace | Support::Lapsed => Ok(is_doubled(&app.db, row, now, grace).await?),
        _ => Ok(None),
    }
}
