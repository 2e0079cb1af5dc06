//! What a wish comes to, once looked up.

use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect as _};
use uuid::Uuid;

use super::{Giver, NewChange, Refusal};
use crate::{
    app::App,
    entities::{Recurrence, author, checkout, checkout::Kind, grant, membership, price, tier},
    membership::{gifts, gifts::NewGift, standing, tiers},
    money::Money,
    payments::Sale,
};

/// What a wish comes to, once looked up.
pub(super) struct Order {
    pub kind: Kind,
    pub amount: Money,
    pub tier_id: Option<Uuid>,
    pub price_id: Option<Uuid>,
    pub sale: Sale,
    pub message: Option<String>,
    /// What is given to somebody else, its checkout still to be named.
    pub grant: Option<grant::Model>,
    /// The membership that is to change.
    pub membership_id: Option<Uuid>,
}

pub(super) async fn wanted_tier(
    app: &App,
    author: &author::Model,
    tier: Uuid,
) -> Result<tier::Model, Refusal> {
    tier::Entity::on_sale(author.id)
        .filter(tier::Column::Id.eq(tier))
        .one(&app.db)
        .await?
        .ok_or(Refusal::NotOnSale)
}

/// The price on sale, or that of the amount she chose where the tier leaves it to her.
pub(super) async fn wanted_price(
    app: &App,
    tier: &tier::Model,
    every: Recurrence,
    currency: Option<String>,
    amount: Option<i64>,
) -> Result<price::Model, Refusal> {
    let currency = currency.unwrap_or_else(|| tier.currency.clone());
    let price = price::Entity::current(tier.id)
        .filter(price::Column::Recurrence.eq(every))
        .filter(price::Column::Currency.eq(currency))
        .one(&app.db)
        .await?
        .ok_or(Refusal::NotOnSale)?;
    match amount {
        Some(amount) if tier.is_open_ended => Ok(tiers::chosen(app, &price, amount).await?),
        Some(amount) if amount != price.amount => Err(Refusal::AmountOutOfRange),
        _ => Ok(price),
    }
}

pub(super) async fn subscription(
    app: &App,
    author: &author::Model,
    giver: &Giver<'_>,
    tier: &tier::Model,
    price: price::Model,
) -> Result<Order, Refusal> {
    let (now, grace) = (app.clock.now(), app.config.membership.grace_days);
    if let Some(account) = giver.account {
        let standing = standing(&app.db, account.id, author.id, now, grace).await?;
        let has_one = standing.is_patron() && standing.membership_id.is_some();
        if has_one || is_on_its_way(&app.db, account.id, author.id).await? {
            return Err(Refusal::AlreadyPatron);
        }
    }
    let trial_days = match giver.account {
        Some(account) if has_tried(&app.db, account.id, author.id).await? => None,
        _ => tier.trial_days,
    };
    tiers::mirror(app, tier.id).await?;
    let known = price::Entity::find_by_id(price.id).one(&app.db).await?;
    let stripe_price = known.and_then(|price| price.stripe_price_id);
    let stripe_price = stripe_price.ok_or(Refusal::NotOnSale)?;
    Ok(Order {
        kind: Kind::Subscription,
        amount: Money::new(price.amount, &price.currency),
        tier_id: Some(tier.id),
        price_id: Some(price.id),
        sale: Sale::Subscription {
            price: stripe_price,
            trial_days: trial_days.and_then(|days| u32::try_from(days).ok()),
        },
        message: None,
        grant: None,
        membership_id: None,
    })
}

/// Whether she has left a Checkout and her bank has not paid yet, or pays what a membership owes.
///
/// # Errors
/// If the database fails.
pub(in crate::membership) async fn is_on_its_way(
    db: &impl ConnectionTrait,
    account: Uuid,
    author: Uuid,
) -> Result<bool, DbErr> {
    let between = || membership::Entity::between(account, author);
    let paying = between().filter(membership::Column::PayingSince.is_not_null());
    if paying.one(db).await?.is_some() {
        return Ok(true);
    }
    let waiting = between()
        .filter(membership::Column::State.eq(membership::State::Pending))
        .all(db)
        .await?;
    let left = checkout::Entity::find()
        .filter(checkout::Column::Id.is_in(waiting.iter().filter_map(|row| row.checkout_id)))
        .filter(checkout::Column::State.eq(checkout::State::Completed));
    Ok(left.one(db).await?.is_some())
}

/// Whether a reader was a patron of this author before: a trial is for the first time.
///
/// # Errors
/// If the database fails.
pub(in crate::membership) async fn has_tried(
    db: &impl ConnectionTrait,
    account: Uuid,
    author: Uuid,
) -> Result<bool, DbErr> {
    let begun = membership::Entity::between(account, author)
        .filter(membership::Column::StartedAt.is_not_null())
        .limit(1);
    Ok(begun.one(db).await?.is_some())
}

pub(super) async fn tip(
    app: &App,
    author: &author::Model,
    amount: Money,
    message: Option<String>,
) -> Result<Order, Refusal> {
    if !tiers::is_chargeable(amount.amount, &amount.currency)
        || amount.amount > tiers::HIGHEST_CHOSEN
    {
        return Err(Refusal::AmountOutOfRange);
    }
    let words = app.templates.words();
    let mut args = fluent_bundle::FluentArgs::new();
    args.set("author", author.name.clone());
    let language = &app.config.publication.language;
    let name = words.say(language, "membership-tip-name", &args);
    Ok(Order {
        kind: Kind::Tip,
        tier_id: None,
        price_id: None,
        sale: Sale::Tip {
            amount: amount.clone(),
            name: name.unwrap_or_else(|| author.name.clone()),
        },
        amount,
        message,
        grant: None,
        membership_id: None,
    })
}

pub(super) async fn gift(
    app: &App,
    author: &author::Model,
    gift: &NewGift,
    language: &str,
) -> Result<Order, Refusal> {
    let (grant, name) = gifts::order(app, author, gift, language).await?;
    let amount = gift.cost.clone();
    Ok(Order {
        kind: Kind::Gift,
        tier_id: Some(gift.tier),
        price_id: None,
        sale: Sale::Tip {
            amount: amount.clone(),
            name,
        },
        amount,
        message: None,
        grant: Some(grant),
        membership_id: None,
    })
}

/// What a change costs for the rest of the paid time. `price` has its place kept where she has none in that tier yet.
pub(super) fn change(change: NewChange) -> Result<Order, Refusal> {
    let amount = change.amount;
    if !tiers::is_chargeable(amount.amount, &amount.currency) {
        return Err(Refusal::AmountOutOfRange);
    }
    Ok(Order {
        kind: Kind::Change,
        tier_id: change.needs_place.then_some(change.tier),
        price_id: Some(change.price),
        sale: Sale::Tip {
            amount: amount.clone(),
            name: change.name,
        },
        amount,
        message: None,
        grant: None,
        membership_id: Some(change.membership),
    })
}
