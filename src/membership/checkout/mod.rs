//! Sending a reader to Stripe Checkout: our row first, then the session, then the way there.

mod order;
mod refusal;

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait,
    QueryFilter, sea_query::Expr,
};
use uuid::Uuid;

use crate::{
    app::App,
    db,
    entities::{
        Recurrence, account, author,
        checkout::{self, State},
        grant,
    },
    membership::{gifts::NewGift, payouts, tiers},
    money::Money,
    payments::{self, CheckoutSession, NewCheckout},
    web::{Action, Error, Network},
};

pub(super) use order::{has_tried, is_on_its_way};
pub use refusal::Refusal;

/// What somebody wants to give.
#[derive(Clone, Debug)]
pub enum Wish {
    Tier {
        tier: Uuid,
        every: Recurrence,
        /// ISO 4217, lower case; the tier's own where nothing is said.
        currency: Option<String>,
        /// What she chose to give, in minor units, where the tier leaves it to her.
        amount: Option<i64>,
    },
    Tip {
        amount: Money,
        /// What she says with it; plain text.
        message: Option<String>,
    },
    /// A membership for somebody else.
    Gift(NewGift),
    /// Another tier for what is left of the paid time.
    Change(NewChange),
}

/// A change of tier that is paid before it is made.
#[derive(Clone, Debug)]
pub struct NewChange {
    pub membership: Uuid,
    pub tier: Uuid,
    pub price: Uuid,
    pub amount: Money,
    /// What is bought, as Stripe's page says it.
    pub name: String,
    /// Whether she has no place in the tier yet.
    pub needs_place: bool,
}

/// Who gives, and what moved her.
#[derive(Clone, Debug)]
pub struct Giver<'a> {
    /// `None` for a stranger: her account is made from the paid session.
    pub account: Option<&'a account::Model>,
    /// Where she asks from; `None` where the house does so, which is not counted.
    pub network: Option<&'a Network>,
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
        Wish::Tier {
            tier,
            every,
            currency,
            amount,
        } => {
            let tier = order::wanted_tier(app, author, tier).await?;
            let price = order::wanted_price(app, &tier, every, currency, amount).await?;
            order::subscription(app, author, &giver, &tier, price).await?
        }
        Wish::Tip { amount, message } => order::tip(app, author, amount, message).await?,
        Wish::Gift(gift) => order::gift(app, author, &gift, giver.language).await?,
        Wish::Change(change) => order::change(change)?,
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
        membership_id: Set(order.membership_id),
    };
    let tx = db::begin(&app.db).await?;
    let closes_at = match order.tier_id {
        Some(tier) => place(app, &tx, tier, &giver).await?,
        None => None,
    };
    count(app, &giver, order.grant.as_ref()).map_err(Refusal::TooOften)?;
    checkout::Entity::insert(row)
        .exec_without_returning(&tx)
        .await?;
    if let Some(mut grant) = order.grant {
        grant.checkout_id = Some(id);
        let grant: grant::ActiveModel = grant.into();
        grant::Entity::insert(grant.reset_all())
            .exec_without_returning(&tx)
            .await?;
    }
    tx.commit().await?;
    let new = NewCheckout {
        checkout_id: id,
        sale: order.sale,
        customer,
        closes_at,
        direct: payouts::direct(&app.db, author.id, app.clock.now()).await?,
        success_url: app
            .config
            .link("/support/thanks?session_id={CHECKOUT_SESSION_ID}"),
        cancel_url: app
            .config
            .link(&format!("/support/cancelled?checkout={id}")),
    };
    let session = open(app, new).await.map_err(Refusal::of_session)?;
    checkout::Entity::update_many()
        .col_expr(
            checkout::Column::StripeSessionId,
            Expr::value(session.id.clone()),
        )
        .filter(checkout::Column::Id.eq(id))
        .exec(&app.db)
        .await?;
    if let Some(tier) = order.tier_id {
        still_sold(app, author, tier, &session.id).await?;
    }
    let url = session
        .url
        .ok_or_else(|| payments::Error::Away("a session without a page".to_owned()))?;
    Ok(Begun {
        checkout_id: id,
        url,
    })
}

/// Whoever took the tier off sale while the session was being opened has closed every other one, and not this.
async fn still_sold(
    app: &App,
    author: &author::Model,
    tier: Uuid,
    session: &str,
) -> Result<(), Refusal> {
    match order::wanted_tier(app, author, tier).await {
        Err(Refusal::NotOnSale) => {
            let key = format!("expire:{session}");
            app.payments.expire_session(&key, session).await?;
            Err(Refusal::NotOnSale)
        }
        sold => sold.map(drop),
    }
}

/// Many people can share a network, and nobody knows which of them a stranger is: so a network goes to Checkout
/// often, and one account, or to one address with a gift, seldom. Whoever mistypes goes nowhere.
fn count(app: &App, giver: &Giver<'_>, gift: Option<&grant::Model>) -> Result<(), Error> {
    let Some(network) = giver.network else {
        return Ok(());
    };
    app.limits.check(Action::Checkout, &network.0)?;
    if let Some(account) = giver.account {
        let by = account.id.to_string();
        app.limits.check(Action::CheckoutBy, &by)?;
    }
    match gift.and_then(|gift| gift.recipient_email.as_ref()) {
        Some(address) => app.limits.check(Action::CheckoutBy, address),
        None => Ok(()),
    }
}

/// Sees that there is a place left in the tier. Returns when the Checkout has to be over: where places are few, one
/// is kept only for so long.
async fn place(
    app: &App,
    tx: &DatabaseTransaction,
    tier: Uuid,
    giver: &Giver<'_>,
) -> Result<Option<DateTime<Utc>>, Refusal> {
    let but = giver.account.map(|account| account.id);
    let Some(seats) = tiers::held(app, tx, tier, but).await? else {
        return Ok(None);
    };
    if seats.left() > 0 {
        return Ok(Some(app.clock.now() + tiers::KEPT));
    }
    Err(match seats.all_taken() {
        true => Refusal::Full,
        false => Refusal::BeingPaidFor,
    })
}

/// Opens the session. Where the author's own account cannot be paid any more and we have not heard of it,
/// the money goes to the publication.
async fn open(app: &App, mut new: NewCheckout) -> Result<CheckoutSession, payments::Error> {
    match app.payments.create_checkout(&new).await {
        Err(payments::Error::Refused(why)) if new.direct.take().is_some() => {
            tracing::warn!(why, "a checkout could not go to the author's own account");
            app.payments.create_checkout(&new).await
        }
        result => result,
    }
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
