//! Bringing a membership to the state its subscription has at Stripe.

use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait,
    QueryFilter, QuerySelect as _, sea_query::OnConflict,
};
use uuid::Uuid;

use super::{
    Ending,
    gather::FreshSubscription,
    letters::{self, Story},
    payer, receipts,
    state::{is_in_force, state_of},
};
use crate::{
    app::App,
    entities::{
        account, author,
        membership::{self, State},
        price, site, tier,
    },
    membership::in_force,
};

/// The flag of a second membership in force between the same two.
const DUPLICATE: &str = "duplicate";

/// Applies a fresh subscription as part of a transaction.
pub(super) async fn subscription(
    app: &App,
    tx: &DatabaseTransaction,
    fresh: &FreshSubscription,
) -> anyhow::Result<Ending> {
    let Some(state) = state_of(&fresh.subscription) else {
        let status = &fresh.subscription.status;
        return Ok(Ending::Parked(format!("unknown status “{status}”")));
    };
    let context = match context(app, tx, fresh).await? {
        Ok(context) => context,
        Err(ending) => return Ok(ending),
    };
    let found = membership::Entity::by_subscription(&fresh.subscription.id)
        .lock_exclusive()
        .one(tx)
        .await?;
    if found.as_ref().map(|row| row.generation) != fresh.generation {
        return Ok(Ending::Again);
    }
    let others = others_in_force(app, tx, &context, &fresh.subscription.id).await?;
    let row = next(app, fresh, &context, found.as_ref(), state);
    let row = with_flag(row, fresh, &others);
    if !write(tx, found.as_ref(), &row).await? {
        return Ok(Ending::Again);
    }
    let story = Story {
        app,
        account: &context.account,
        author: &context.author,
        tier: Some(&context.tier),
    };
    tell(tx, &story, found.as_ref(), &row, &others).await?;
    for invoice in &fresh.invoices {
        receipts::invoice(tx, &story, &row, invoice).await?;
    }
    if is_in_force(found.as_ref().map(|row| row.state)) != is_in_force(Some(row.state)) {
        site::Entity::touch(tx).await?;
    }
    Ok(Ending::Done)
}

/// Who and what a membership is between.
struct Context {
    account: account::Model,
    author: author::Model,
    tier: tier::Model,
    price: price::Model,
    checkout_id: Option<Uuid>,
    article_id: Option<Uuid>,
}

/// Looks up, and locks in this order, the checkout and the account. While a stranger is still in the
/// Checkout there is nobody yet to have a membership, and nothing to do.
async fn context(
    app: &App,
    tx: &DatabaseTransaction,
    fresh: &FreshSubscription,
) -> anyhow::Result<Result<Context, Ending>> {
    let Some(sold) = fresh.subscription.price() else {
        let ending = Ending::Parked("a subscription without a price".to_owned());
        return Ok(Err(ending));
    };
    let price = price::Entity::find()
        .filter(price::Column::StripePriceId.eq(sold.id.as_str()))
        .find_also_related(tier::Entity)
        .one(tx)
        .await?;
    let Some((price, Some(tier))) = price else {
        let ending = Ending::Parked(format!("unknown price {}", sold.id));
        return Ok(Err(ending));
    };
    let customer = fresh.subscription.customer.id();
    let session = fresh.session.as_ref();
    let payer = match fresh.checkout_id {
        Some(id) => payer::of_checkout(app, tx, id, session, Some(customer)).await?,
        None => None,
    };
    let (account, article_id) = match payer {
        Some((account, checkout)) => (Some(account), checkout.article_id),
        None => (account_of_row(tx, &fresh.subscription.id).await?, None),
    };
    let author = author::Entity::find_by_id(tier.author_id).one(tx).await?;
    let (Some(account), Some(author)) = (account, author) else {
        return Ok(Err(Ending::Done));
    };
    Ok(Ok(Context {
        account,
        author,
        tier,
        price,
        checkout_id: fresh.checkout_id,
        article_id,
    }))
}

async fn account_of_row(
    tx: &DatabaseTransaction,
    subscription: &str,
) -> anyhow::Result<Option<account::Model>> {
    let row = membership::Entity::by_subscription(subscription)
        .one(tx)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let account = account::Entity::find_by_id(row.account_id).lock_exclusive();
    Ok(account.one(tx).await?)
}

/// The membership's next row.
fn next(
    app: &App,
    fresh: &FreshSubscription,
    context: &Context,
    found: Option<&membership::Model>,
    state: State,
) -> membership::Model {
    let now = app.clock.now();
    let subscription = &fresh.subscription;
    let state = match found.map(|row| row.state) {
        // Only a new subscription brings these back.
        Some(over @ (State::Ended | State::Failed)) => over,
        Some(State::Suspended) if state != State::Ended => State::Suspended,
        _ => state,
    };
    let began = fresh.invoices.iter().any(|invoice| invoice.is_paid()) || is_in_force(Some(state));
    let started_at = found
        .and_then(|row| row.started_at)
        .or_else(|| began.then(|| subscription.start_date.unwrap_or(now)));
    let unpaid = subscription.invoice().filter(|invoice| !invoice.is_paid());
    let is_failing = matches!(state, State::Grace | State::Lapsed);
    let (period_start, period_end) = subscription.period();
    let ended_at = subscription.ended_at.or(subscription.canceled_at);
    membership::Model {
        id: found.map_or_else(Uuid::now_v7, |row| row.id),
        account_id: context.account.id,
        author_id: context.author.id,
        tier_id: context.tier.id,
        price_id: context.price.id,
        checkout_id: found.map_or(context.checkout_id, |row| row.checkout_id),
        article_id: found.map_or(context.article_id, |row| row.article_id),
        state,
        amount: context.price.amount,
        currency: context.price.currency.clone(),
        recurrence: context.price.recurrence,
        stripe_subscription_id: subscription.id.clone(),
        stripe_customer_id: subscription.customer.id().to_owned(),
        stripe_status: subscription.status.clone(),
        current_period_start: period_start,
        current_period_end: period_end,
        cancel_at: subscription.booked_end(),
        past_due_since: is_failing.then(|| {
            let known = found.and_then(|row| row.past_due_since);
            let billed = unpaid.and_then(|invoice| invoice.created);
            known.or(billed).unwrap_or(now)
        }),
        next_attempt_at: unpaid
            .filter(|_| is_failing)
            .and_then(|invoice| invoice.next_payment_attempt),
        started_at,
        ended_at: match state {
            State::Ended | State::Failed => ended_at.or(Some(now)),
            _ => None,
        },
        flag: found.and_then(|row| row.flag.clone()),
        generation: found.map_or(0, |row| row.generation + 1),
        created_at: found.map_or(now, |row| row.created_at),
        updated_at: now,
    }
}

/// The other memberships in force between the same two.
async fn others_in_force(
    app: &App,
    tx: &DatabaseTransaction,
    context: &Context,
    subscription: &str,
) -> anyhow::Result<Vec<membership::Model>> {
    let grace = app.config.membership.grace_days;
    let others = membership::Entity::between(context.account.id, context.author.id)
        .filter(membership::Column::StripeSubscriptionId.ne(subscription))
        .filter(in_force(app.clock.now(), grace))
        .all(tx)
        .await?;
    Ok(others)
}

/// Of two in force the older is kept; the newer is flagged for a person to look at.
fn with_flag(
    mut row: membership::Model,
    fresh: &FreshSubscription,
    others: &[membership::Model],
) -> membership::Model {
    let is_newer = |other: &membership::Model| {
        let mine = (fresh.subscription.start_date, &row.stripe_subscription_id);
        (other.started_at, &other.stripe_subscription_id) < mine
    };
    if is_in_force(Some(row.state)) && others.iter().any(is_newer) {
        row.flag = Some(DUPLICATE.to_owned());
    }
    row
}

/// Inserts or updates. `false` if another sync was quicker.
async fn write(
    tx: &DatabaseTransaction,
    found: Option<&membership::Model>,
    row: &membership::Model,
) -> anyhow::Result<bool> {
    let all: membership::ActiveModel = row.clone().into();
    let all = all.reset_all();
    match found {
        Some(_) => {
            all.update(tx).await?;
            Ok(true)
        }
        None => {
            let column = membership::Column::StripeSubscriptionId;
            let once = OnConflict::column(column).do_nothing().to_owned();
            let written = membership::Entity::insert(all)
                .on_conflict(once)
                .exec_without_returning(tx)
                .await?;
            Ok(written > 0)
        }
    }
}

/// What the reader and the owner hear of the change, once each.
async fn tell(
    tx: &DatabaseTransaction,
    story: &Story<'_>,
    before: Option<&membership::Model>,
    row: &membership::Model,
    others: &[membership::Model],
) -> anyhow::Result<()> {
    let was_in_force = before.is_some_and(|row| row.started_at.is_some());
    if is_in_force(Some(row.state)) && !was_in_force && others.is_empty() {
        letters::welcome(tx, story, row).await?;
    }
    if row.flag.as_deref() == Some(DUPLICATE) {
        letters::duplicate(tx, story, row).await?;
    }
    for older in others.iter().filter(|_| row.flag.is_none()) {
        if is_in_force(Some(row.state)) && older.flag.is_none() {
            let mut flagged: membership::ActiveModel = older.clone().into();
            flagged.flag = Set(Some(DUPLICATE.to_owned()));
            flagged.generation = Set(older.generation + 1);
            let flagged = flagged.update(tx).await?;
            letters::duplicate(tx, story, &flagged).await?;
        }
    }
    match (row.state, row.cancel_at) {
        (State::Cancelling, Some(end)) => letters::cancellation(tx, story, row, end).await?,
        (State::Ended | State::Lapsed, _) if row.started_at.is_some() => {
            letters::ended(tx, story, row).await?;
        }
        _ => {}
    }
    Ok(())
}
