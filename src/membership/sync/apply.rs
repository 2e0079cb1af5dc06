//! Bringing a membership to the state its subscription has at Stripe.

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait, DatabaseTransaction, EntityTrait, QuerySelect as _, sea_query::OnConflict,
};
use uuid::Uuid;

use super::{
    Ending,
    gather::FreshSubscription,
    letters::{self, Story},
    money::{self, Condition},
    next::{Basis, next},
    payer, place, receipts,
    state::{gives_nothing, is_in_force, state_of},
    telling,
};
use crate::{
    app::App,
    entities::{
        account, author, errand,
        membership::{self, State},
        price, site, tier,
    },
    membership::{errands, payouts},
    payments::Subscription,
};

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
    let known = match fresh.misnamed {
        Some(id) => membership::Entity::find_by_id(id),
        None => membership::Entity::by_subscription(&fresh.subscription.id),
    };
    let found = known.lock_exclusive().one(tx).await?;
    if found.as_ref().map(|row| row.generation) != fresh.generation {
        return Ok(Ending::Again);
    }
    let mut condition = match &found {
        Some(row) => {
            let (period_start, _) = fresh.subscription.period();
            money::condition(tx, row.id, period_start).await?
        }
        None => Condition::default(),
    };
    condition.rests_by_wish = fresh.subscription.rests_by_wish();
    let now = app.clock.now();
    let mut row = next(now, &context.basis(fresh), found.as_ref(), state, condition);
    let others = place::others(app, tx, &row).await?;
    place::take(app, tx, &mut row, condition, &others).await?;
    if !write(tx, found.as_ref(), &row).await? {
        return Ok(Ending::Again);
    }
    place::give_way(tx, &row, &others).await?;
    let story = Story {
        app,
        account: &context.account,
        author: &context.author,
        tier: Some(&context.tier),
    };
    if found.is_none() {
        payouts::begun(tx, now, &row).await?;
    }
    let was_in_force = found.as_ref().is_some_and(|row| row.started_at.is_some());
    if is_in_force(Some(row.state)) && !was_in_force && others.in_force.is_empty() {
        letters::welcome(tx, &story, &row).await?;
        letters::patron_for_author(tx, &story, &row).await?;
    }
    place::tell(tx, &story, &row, &others).await?;
    let has_other = !others.in_force.is_empty();
    telling::tell(tx, &story, found.as_ref(), &row, fresh, has_other).await?;
    for invoice in &fresh.invoices {
        receipts::invoice(tx, &story, &row, invoice, fresh, has_other).await?;
    }
    let is_over = fresh.subscription.is_over();
    let is_in_vain = row.state == State::Failed && fresh.subscription.status != "incomplete";
    if (row.state == State::Suspended || is_in_vain) && !is_over {
        // Nobody is charged for what they cannot have, or for a second try besides the first.
        let key = format!("suspend:{}", row.stripe_subscription_id);
        let kind = errand::Kind::CancelSubscription;
        errands::enqueue(tx, now, kind, key, &row.stripe_subscription_id).await?;
    }
    if is_over && fresh.invoices.iter().any(|one| !one.is_settled()) {
        // It gives nothing any more, and takes nothing; once more where a debit for it has come to nothing.
        let key = format!("forgive:{}", row.stripe_subscription_id);
        let kind = errand::Kind::ForgiveDebt;
        errands::enqueue_again(tx, now, kind, key, &row.stripe_subscription_id).await?;
    }
    let waited = found.as_ref().and_then(|row| row.unconfirmed_price_id);
    let is_confirmed = waited == Some(row.price_id);
    if let (true, Some(schedule)) = (is_confirmed, &fresh.subscription.schedule) {
        // What she had booked for later before is over with the change she has confirmed.
        let kind = errand::Kind::ReleaseSchedule;
        let key = format!("release:{}", schedule.id());
        errands::enqueue(tx, now, kind, key, schedule.id()).await?;
    }
    if is_in_force(found.as_ref().map(|row| row.state)) != is_in_force(Some(row.state)) {
        site::Entity::touch(tx).await?;
    }
    Ok(Ending::Done)
}

/// Who and what a membership is between.
pub(super) struct Context {
    pub account: account::Model,
    pub author: author::Model,
    pub tier: tier::Model,
    pub price: price::Model,
    pub checkout_id: Option<Uuid>,
    pub article_id: Option<Uuid>,
    /// What it is to cost instead, and from when on.
    pub coming: Option<(price::Model, DateTime<Utc>)>,
    /// What it is to cost once she has confirmed it, and until when she can.
    pub unconfirmed: Option<(price::Model, DateTime<Utc>)>,
}

impl Context {
    fn basis<'a>(&'a self, fresh: &'a FreshSubscription) -> Basis<'a> {
        Basis {
            subscription: &fresh.subscription,
            invoices: &fresh.invoices,
            owed_since: fresh.owed_since,
            has_failed: fresh.has_failed,
            account_id: self.account.id,
            author_id: self.author.id,
            tier_id: self.tier.id,
            price: &self.price,
            checkout_id: self.checkout_id,
            article_id: self.article_id,
            coming: self.coming.as_ref().map(|(price, at)| (price, *at)),
            unconfirmed: self.unconfirmed.as_ref().map(|(price, at)| (price, *at)),
            paying_since: fresh.paying_since(),
        }
    }
}

/// Looks up, and locks in this order, the checkout and the account. While a stranger is still in the
/// Checkout there is nobody yet to have a membership, and nothing to do.
async fn context(
    app: &App,
    tx: &DatabaseTransaction,
    fresh: &FreshSubscription,
) -> anyhow::Result<Result<Context, Ending>> {
    let (price, tier) = match sold_as(tx, &fresh.subscription).await? {
        Ok(sold) => sold,
        // What is over is over, whatever it was moved to meanwhile: the row says what it was.
        Err(why) => match last_sold_as(tx, &fresh.subscription).await? {
            Some(sold) if gives_nothing(&fresh.subscription) => sold,
            _ => return Ok(Err(Ending::Parked(why))),
        },
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
        coming: {
            let next = fresh.subscription.coming();
            ours(tx, next).await?
        },
        unconfirmed: {
            let waits = fresh.subscription.unconfirmed();
            ours(tx, waits.map(|waits| (waits.price, waits.until))).await?
        },
    }))
}

/// Our price of this id at Stripe, with the moment beside it.
async fn ours(
    tx: &DatabaseTransaction,
    there: Option<(&str, DateTime<Utc>)>,
) -> anyhow::Result<Option<(price::Model, DateTime<Utc>)>> {
    let Some((price, at)) = there else {
        return Ok(None);
    };
    let price = price::Entity::by_stripe(price).one(tx).await?;
    Ok(price.map(|price| (price, at)))
}

/// Which of our prices a subscription has; why not, if it has none of them.
async fn sold_as(
    tx: &DatabaseTransaction,
    subscription: &Subscription,
) -> anyhow::Result<Result<(price::Model, tier::Model), String>> {
    let Some(sold) = subscription.price() else {
        return Ok(Err("a subscription without a price".to_owned()));
    };
    let price = price::Entity::by_stripe(&sold.id)
        .find_also_related(tier::Entity)
        .one(tx)
        .await?;
    let Some((price, Some(tier))) = price else {
        return Ok(Err(format!("unknown price {}", sold.id)));
    };
    let asked = (price.amount, price.currency.as_str());
    if !sold.costs(asked) {
        let (amount, currency) = asked;
        let why = format!("price {} is not the {amount} {currency} we sold", sold.id);
        return Ok(Err(why));
    }
    Ok(Ok((price, tier)))
}

/// What its membership here was sold as, if there is one.
async fn last_sold_as(
    tx: &DatabaseTransaction,
    subscription: &Subscription,
) -> anyhow::Result<Option<(price::Model, tier::Model)>> {
    let row = membership::Entity::by_subscription(&subscription.id)
        .one(tx)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let price = price::Entity::find_by_id(row.price_id).find_also_related(tier::Entity);
    let price = price.one(tx).await?;
    Ok(price.and_then(|(price, tier)| Some((price, tier?))))
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
