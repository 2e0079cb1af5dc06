//! Sending a reader to Stripe Checkout: our row first, then the session, then the way there.

use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter,
    QuerySelect as _, sea_query::Expr,
};
use uuid::Uuid;

use super::{standing, tiers};
use crate::{
    app::App,
    entities::{
        Recurrence, account, author,
        checkout::{self, Kind, State},
        membership, price, tier,
    },
    money::Money,
    payments::{self, NewCheckout, Sale},
    web,
};

/// The most a tip may be, in minor units.
const HIGHEST_TIP: i64 = 1_000_000;

/// What somebody wants to give.
#[derive(Clone, Debug)]
pub enum Wish {
    Tier {
        tier: Uuid,
        every: Recurrence,
    },
    Tip {
        amount: Money,
        /// What she says with it; plain text.
        message: Option<String>,
    },
}

/// Who gives, and what moved her.
#[derive(Clone, Debug)]
pub struct Giver<'a> {
    /// `None` for a stranger: her account is made from the paid session.
    pub account: Option<&'a account::Model>,
    pub language: &'a str,
    pub article_id: Option<Uuid>,
}

/// A checkout that has begun.
#[derive(Clone, Debug)]
pub struct Begun {
    pub checkout_id: Uuid,
    /// Where to send her: Stripe's page.
    pub url: String,
}

/// Why a checkout cannot begin.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    #[error("not on sale")]
    NotOnSale,
    #[error("the amount is too small or too large")]
    AmountOutOfRange,
    #[error("already a patron")]
    AlreadyPatron,
    #[error(transparent)]
    Stripe(#[from] payments::Error),
    #[error(transparent)]
    Failed(#[from] anyhow::Error),
}

impl From<DbErr> for Refusal {
    fn from(error: DbErr) -> Self {
        Self::Failed(error.into())
    }
}

impl From<Refusal> for web::Error {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NotOnSale => Self::BadRequest("membership-not-on-sale"),
            Refusal::AmountOutOfRange => Self::BadRequest("membership-amount-out-of-range"),
            Refusal::AlreadyPatron => Self::BadRequest("membership-already-patron"),
            Refusal::Stripe(error) => error.into(),
            Refusal::Failed(error) => match error.downcast::<payments::Error>() {
                Ok(error) => error.into(),
                Err(error) => error.into(),
            },
        }
    }
}

/// What a wish comes to, once looked up.
struct Order {
    kind: Kind,
    amount: Money,
    tier_id: Option<Uuid>,
    price_id: Option<Uuid>,
    sale: Sale,
    message: Option<String>,
}

/// Begins a checkout. The row is written before Stripe is asked, so a paid session is never a stranger
/// to us.
///
/// # Errors
/// A [`Refusal`]; nothing was charged.
pub async fn begin(
    app: &App,
    author: &author::Model,
    giver: Giver<'_>,
    wish: Wish,
) -> Result<Begun, Refusal> {
    let order = match wish {
        Wish::Tier { tier, every } => subscription(app, author, &giver, tier, every).await?,
        Wish::Tip { amount, message } => tip(app, author, amount, message).await?,
    };
    let customer = match giver.account {
        Some(account) => Some(customer(app, account).await?),
        None => None,
    };
    let id = Uuid::now_v7();
    let row = checkout::ActiveModel {
        id: Set(id),
        account_id: Set(giver.account.map(|account| account.id)),
        author_id: Set(author.id),
        tier_id: Set(order.tier_id),
        price_id: Set(order.price_id),
        article_id: Set(giver.article_id),
        kind: Set(order.kind),
        amount: Set(order.amount.amount),
        currency: Set(order.amount.currency),
        language: Set(giver.language.to_owned()),
        state: Set(State::Open),
        stripe_session_id: Set(None),
        stripe_customer_id: Set(customer.clone()),
        created_at: Set(app.clock.now()),
        completed_at: Set(None),
        message: Set(order.message),
    };
    checkout::Entity::insert(row)
        .exec_without_returning(&app.db)
        .await?;
    let session = app
        .payments
        .create_checkout(&NewCheckout {
            checkout_id: id,
            sale: order.sale,
            customer,
            success_url: app
                .config
                .link("/support/thanks?session_id={CHECKOUT_SESSION_ID}"),
            cancel_url: app
                .config
                .link(&format!("/support/cancelled?checkout={id}")),
        })
        .await?;
    checkout::Entity::update_many()
        .col_expr(checkout::Column::StripeSessionId, Expr::value(session.id))
        .filter(checkout::Column::Id.eq(id))
        .exec(&app.db)
        .await?;
    let url = session
        .url
        .ok_or_else(|| payments::Error::Away("a session without a page".to_owned()))?;
    Ok(Begun {
        checkout_id: id,
        url,
    })
}

async fn subscription(
    app: &App,
    author: &author::Model,
    giver: &Giver<'_>,
    tier: Uuid,
    every: Recurrence,
) -> Result<Order, Refusal> {
    let (now, grace) = (app.clock.now(), app.config.membership.grace_days);
    let tier = tier::Entity::on_sale(author.id)
        .filter(tier::Column::Id.eq(tier))
        .one(&app.db)
        .await?
        .ok_or(Refusal::NotOnSale)?;
    if let Some(account) = giver.account {
        let standing = standing(&app.db, account.id, author.id, now, grace).await?;
        if standing.is_patron() && standing.membership_id.is_some() {
            return Err(Refusal::AlreadyPatron);
        }
    }
    let trial_days = match giver.account {
        Some(account) if has_tried(&app.db, account.id, author.id).await? => None,
        _ => tier.trial_days,
    };
    tiers::mirror(app, tier.id).await?;
    let price = price::Entity::current(tier.id)
        .filter(price::Column::Recurrence.eq(every))
        .one(&app.db)
        .await?
        .ok_or(Refusal::NotOnSale)?;
    let stripe_price = price.stripe_price_id.ok_or(Refusal::NotOnSale)?;
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
    })
}

/// Whether a reader was a patron of this author before: a trial is for the first time.
///
/// # Errors
/// If the database fails.
pub(super) async fn has_tried(
    db: &impl ConnectionTrait,
    account: Uuid,
    author: Uuid,
) -> Result<bool, DbErr> {
    let begun = membership::Entity::between(account, author)
        .filter(membership::Column::StartedAt.is_not_null())
        .limit(1);
    Ok(begun.one(db).await?.is_some())
}

async fn tip(
    app: &App,
    author: &author::Model,
    amount: Money,
    message: Option<String>,
) -> Result<Order, Refusal> {
    if !tiers::is_chargeable(amount.amount, &amount.currency) || amount.amount > HIGHEST_TIP {
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
    })
}

/// The account's one customer at Stripe, made on first need; found by our id, never by address.
///
/// # Errors
/// If Stripe or the database is away.
pub async fn customer(app: &App, account: &account::Model) -> Result<String, Refusal> {
    if let Some(customer) = &account.stripe_customer_id {
        return Ok(customer.clone());
    }
    let email = account.email.as_deref();
    let customer = app
        .payments
        .create_customer(account.id, email, &account.name)
        .await?;
    account::Entity::update_many()
        .col_expr(
            account::Column::StripeCustomerId,
            Expr::value(customer.clone()),
        )
        .filter(account::Column::Id.eq(account.id))
        .filter(account::Column::StripeCustomerId.is_null())
        .exec(&app.db)
        .await?;
    let row = account::Entity::find_by_id(account.id).one(&app.db).await?;
    Ok(row
        .and_then(|row| row.stripe_customer_id)
        .unwrap_or(customer))
}
