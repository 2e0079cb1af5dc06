//! A change of tier that a bank account pays. A debit takes days to arrive or to be refused, and Stripe's pending
//! updates know no debits: so what is left of the paid time is paid by itself, in a Checkout, where a card will do
//! too. Her tier stays as it is until the money is there, and whatever becomes of the debit.
//! Source: <https://docs.stripe.com/billing/subscriptions/pending-updates>

use anyhow::Context as _;
use fluent_bundle::FluentArgs;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _,
};
use uuid::Uuid;

use super::{choices::Hers, outcome::Refusal, reckoning::Offer};
use crate::{
    accounts::Reader,
    app::App,
    entities::{
        account, author,
        checkout::{self, Column, Kind, State},
        errand, membership, payment, price,
    },
    membership::{
        checkout::{Begun, Giver, NewChange, Wish, begin as begin_checkout},
        errands,
        owners::{self, Alert},
        sync,
    },
    money::Money,
    payments::{self, Subscription},
    web::Network,
};

/// Whether a debit would pay for a change now.
pub(super) async fn pays(app: &App, subscription: &Subscription) -> Result<bool, payments::Error> {
    let method = app.payments.paying(&subscription.id).await?;
    Ok(method.is_some_and(|method| method.is_delayed()))
}

/// The changes of these memberships whose money is on its way.
///
/// # Errors
/// If the database fails.
pub(in crate::membership) async fn on_their_way(
    db: &impl ConnectionTrait,
    memberships: impl IntoIterator<Item = Uuid>,
) -> Result<Vec<checkout::Model>, DbErr> {
    checkout::Entity::find()
        .filter(Column::MembershipId.is_in(memberships))
        .filter(Column::State.eq(State::Pending))
        .all(db)
        .await
}

/// To where it is paid. Pressed twice it is the same page; what she chose before and did not pay can be paid no more.
pub(super) async fn begin(
    app: &App,
    (reader, network): (&Reader, &Network),
    hers: &Hers,
    offer: &Offer,
) -> Result<Begun, Refusal> {
    let choice = &offer.choice;
    let open = checkout::Entity::find()
        .filter(Column::MembershipId.eq(hers.row.id))
        .filter(Column::State.eq(State::Open))
        .all(&app.db)
        .await?;
    for before in open {
        let Some(session) = &before.stripe_session_id else {
            continue;
        };
        if (before.price_id, before.amount) == (Some(choice.price_id), offer.amount) {
            let session = app.payments.checkout_session(session).await?;
            if let (Some("open"), Some(url)) = (session.status.as_deref(), session.url) {
                let checkout_id = before.id;
                return Ok(Begun { checkout_id, url });
            }
            continue;
        }
        let (now, key) = (app.clock.now(), format!("expire:{session}"));
        let kind = errand::Kind::ExpireSession;
        errands::enqueue(&app.db, now, kind, key, session).await?;
        app.work.notify_one();
    }
    let language = reader.visitor.language(app);
    let giver = Giver {
        account: Some(&reader.account),
        network: Some(network),
        language,
        article_id: None,
    };
    let mut args = FluentArgs::new();
    args.set("tier", choice.tier_name.clone());
    args.set("author", hers.author.name.clone());
    let words = app.templates.words();
    let name = words.say(language, "membership-change-name", &args);
    let wish = Wish::Change(NewChange {
        membership: hers.row.id,
        tier: choice.tier_id,
        price: choice.price_id,
        amount: Money::new(offer.amount, &choice.currency),
        name: name.unwrap_or_else(|| choice.tier_name.clone()),
        needs_place: choice.needs_place(),
    });
    Ok(begin_checkout(app, &hers.author, giver, wish).await?)
}

/// Makes a change that is paid, as the thanks page does where it is quicker than the errand; the errand sees to it
/// where this fails.
pub(in crate::membership) async fn made(app: &App, checkout: &checkout::Model) {
    if (checkout.kind, checkout.state) != (Kind::Change, State::Completed) {
        return;
    }
    let id = checkout.id.to_string();
    if let Err(error) = make(app, &key(checkout.id), &id).await {
        let error = format!("{error:#}");
        tracing::warn!(checkout = id, error, "a paid change is not made yet");
    }
}

/// The key under which a paid change is made, once.
pub(in crate::membership) fn key(checkout: Uuid) -> String {
    format!("make_change:{checkout}")
}

/// Makes a paid change; `subject` is the checkout's id. An end that was booked before she paid is taken back with it,
/// one that was booked since is not.
///
/// # Errors
/// A [`payments::Error`] if Stripe is away or refuses; else if the database fails.
pub(in crate::membership) async fn make(app: &App, key: &str, subject: &str) -> anyhow::Result<()> {
    let checkout = checkout::Entity::find_by_id(subject.parse::<Uuid>()?);
    let checkout = checkout.one(&app.db).await?.context("no such checkout")?;
    let (Some(row), Some(price)) = (checkout.membership_id, checkout.price_id) else {
        anyhow::bail!("a change of nothing");
    };
    let row = membership::Entity::find_by_id(row).one(&app.db).await?;
    let row = row.context("no such membership")?;
    let price = price::Entity::find_by_id(price).one(&app.db).await?;
    let price = price.and_then(|price| price.stripe_price_id);
    let price = price.context("a price that Stripe does not know")?;
    let fresh = app
        .payments
        .subscription(&row.stripe_subscription_id)
        .await?;
    if sync::gives_nothing(&fresh) {
        return in_vain(app, &app.db, &checkout).await;
    }
    if fresh.price().is_none_or(|sold| sold.id != price) {
        let booked = fresh.canceled_at;
        let stays = booked.is_none_or(|booked| booked <= checkout.created_at);
        app.payments.change_paid(key, &fresh, &price, stays).await?;
    }
    // What was booked for later is over with this.
    app.payments.let_be(&fresh).await?;
    sync::subscription(app, &fresh.id).await
}

/// Tells the owner of money for a change that cannot be made, or was made already.
///
/// # Errors
/// If the database fails or the letter cannot be written.
pub(in crate::membership) async fn in_vain(
    app: &App,
    db: &impl ConnectionTrait,
    checkout: &checkout::Model,
) -> anyhow::Result<()> {
    let author = author::Entity::find_by_id(checkout.author_id)
        .one(db)
        .await?;
    let payer = match checkout.account_id {
        Some(id) => account::Entity::find_by_id(id).one(db).await?,
        None => None,
    };
    let paid = Money::new(checkout.amount, &checkout.currency).coded();
    let author = author.map(|author| author.name).unwrap_or_default();
    let alert = Alert {
        key: &format!("change_in_vain:{}", checkout.id),
        kind: "change-in-vain",
        name: &payer.map(|payer| payer.name).unwrap_or_default(),
        author: Some(&author),
        detail: &format!("{author}: {paid}"),
    };
    let booked = payment::Entity::find()
        .filter(payment::Column::MembershipId.eq(checkout.membership_id))
        .filter(payment::Column::StripeInvoiceId.is_null())
        .filter(payment::Column::Amount.eq(checkout.amount))
        .order_by_desc(payment::Column::Number)
        .one(db)
        .await?;
    match booked {
        Some(payment) => owners::tell_of_payment(app, db, alert, payment.number).await,
        None => owners::tell(app, db, alert).await,
    }
}
