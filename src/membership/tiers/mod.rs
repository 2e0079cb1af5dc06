//! What an author has on sale, and its mirror at Stripe: a product a tier, a price an amount.

mod mirror;
mod prices;
mod refusal;

use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction,
    DbErr, EntityTrait, PaginatorTrait as _, QueryFilter, QueryOrder as _, QuerySelect as _,
};
use uuid::Uuid;

use crate::{
    app::App,
    db,
    entities::{Recurrence, price, site, tier},
    money::{self, Money},
};

pub use mirror::mirror;
use mirror::mirror_soon;
use prices::set_price;
pub use refusal::Refusal;

/// The most a tier may cost, in minor units; Stripe's own ceiling for most currencies.
const HIGHEST: i64 = 99_999_999;
/// About Stripe's lowest charge, in minor units of a currency with two decimals.
/// Source: <https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts>
const LOWEST: i64 = 50;

/// A tier about to go on sale. Amounts are minor units.
#[derive(Clone, Debug)]
pub struct NewTier {
    pub name: String,
    /// Plain text, a line a benefit.
    pub description: String,
    /// ISO 4217, in any case.
    pub currency: String,
    pub monthly: Option<i64>,
    pub yearly: Option<i64>,
    pub trial_days: Option<i32>,
}

/// New words and amounts for a tier. Patrons keep the price they came in with.
#[derive(Clone, Debug)]
pub struct TierChange {
    pub name: String,
    pub description: String,
    pub monthly: Option<i64>,
    pub yearly: Option<i64>,
    pub trial_days: Option<i32>,
}

/// A tier as it is sold now.
#[derive(Clone, Debug)]
pub struct OnSale {
    pub tier: tier::Model,
    pub monthly: Option<price::Model>,
    pub yearly: Option<price::Model>,
}

/// Puts a tier on sale. It is mirrored to Stripe right after, or at the latest when somebody wants it.
///
/// # Errors
/// A [`Refusal`] for words or amounts that cannot be; nothing is written then.
pub async fn create(app: &App, author: Uuid, new: NewTier) -> Result<tier::Model, Refusal> {
    let currency = money::parse_currency(&new.currency).map_err(|_| Refusal::UnknownCurrency)?;
    check(
        &new.name,
        &currency,
        [new.monthly, new.yearly],
        new.trial_days,
    )?;
    let now = app.clock.now();
    let tx = db::begin(&app.db).await?;
    let position = tier::Entity::find()
        .filter(tier::Column::AuthorId.eq(author))
        .count(&tx)
        .await?;
    let created = tier::ActiveModel {
        id: Set(Uuid::now_v7()),
        author_id: Set(author),
        name: Set(new.name.trim().to_owned()),
        description: Set(new.description.trim().to_owned()),
        currency: Set(currency.clone()),
        trial_days: Set(new.trial_days),
        position: Set(i32::try_from(position).unwrap_or(i32::MAX)),
        stripe_product_id: Set(None),
        created_at: Set(now),
        archived_at: Set(None),
    }
    .insert(&tx)
    .await?;
    for (recurrence, amount) in amounts(new.monthly, new.yearly) {
        let amount = amount.map(|amount| Money::new(amount, &currency));
        set_price(&tx, now, created.id, recurrence, amount).await?;
    }
    site::Entity::touch(&tx).await?;
    tx.commit().await?;
    mirror_soon(app, created.id).await;
    Ok(created)
}

/// Changes a tier's words and amounts. A changed amount is a new price; the old one is retired and
/// kept by those who have it.
///
/// # Errors
/// As [`create`], or if this author has no such tier.
pub async fn change(app: &App, author: Uuid, id: Uuid, to: TierChange) -> Result<(), Refusal> {
    let now = app.clock.now();
    let tx = db::begin(&app.db).await?;
    let old = owned(&tx, author, id).await?;
    check(
        &to.name,
        &old.currency,
        [to.monthly, to.yearly],
        to.trial_days,
    )?;
    for (recurrence, amount) in amounts(to.monthly, to.yearly) {
        let amount = amount.map(|amount| Money::new(amount, &old.currency));
        set_price(&tx, now, id, recurrence, amount).await?;
    }
    let renamed = old.name != to.name.trim();
    let product = old.stripe_product_id.clone();
    let mut row: tier::ActiveModel = old.into();
    row.name = Set(to.name.trim().to_owned());
    row.description = Set(to.description.trim().to_owned());
    row.trial_days = Set(to.trial_days);
    row.update(&tx).await?;
    site::Entity::touch(&tx).await?;
    tx.commit().await?;
    if let (true, Some(product)) = (renamed, product) {
        let key = format!("product-name:{id}:{}", Uuid::now_v7());
        let renaming = app.payments.update_product(&key, &product, to.name.trim());
        if let Err(error) = renaming.await {
            tracing::warn!(tier = %id, %error, "the product keeps its old name at Stripe");
        }
    }
    mirror_soon(app, id).await;
    Ok(())
}

/// Takes a tier off sale. Its patrons keep it.
///
/// # Errors
/// If this author has no such tier or the database fails.
pub async fn archive(app: &App, author: Uuid, id: Uuid) -> Result<(), Refusal> {
    let tx = db::begin(&app.db).await?;
    let mut row: tier::ActiveModel = owned(&tx, author, id).await?.into();
    row.archived_at = Set(Some(app.clock.now()));
    row.update(&tx).await?;
    site::Entity::touch(&tx).await?;
    tx.commit().await?;
    Ok(())
}

/// What an author has on sale now: two queries.
///
/// # Errors
/// If the database fails.
pub async fn on_sale(db: &impl ConnectionTrait, author: Uuid) -> Result<Vec<OnSale>, DbErr> {
    let tiers = tier::Entity::on_sale(author).all(db).await?;
    let prices = price::Entity::find()
        .filter(price::Column::TierId.is_in(tiers.iter().map(|tier| tier.id)))
        .filter(price::Column::RetiredAt.is_null())
        .all(db)
        .await?;
    let find = |tier: Uuid, recurrence: Recurrence| {
        let mut fitting = prices.iter();
        fitting
            .find(|price| price.tier_id == tier && price.recurrence == recurrence)
            .cloned()
    };
    Ok(tiers
        .into_iter()
        .map(|tier| OnSale {
            monthly: find(tier.id, Recurrence::Month),
            yearly: find(tier.id, Recurrence::Year),
            tier,
        })
        .collect())
}

/// The cheapest monthly amount an author has on sale, if any.
///
/// # Errors
/// If the database fails.
pub async fn cheapest_month(
    db: &impl ConnectionTrait,
    author: Uuid,
) -> Result<Option<Money>, DbErr> {
    let cheapest = price::Entity::find()
        .inner_join(tier::Entity)
        .filter(tier::Column::AuthorId.eq(author))
        .filter(tier::Column::ArchivedAt.is_null())
        .filter(price::Column::RetiredAt.is_null())
        .filter(price::Column::Recurrence.eq(Recurrence::Month))
        .order_by_asc(price::Column::Amount)
        .limit(1)
        .one(db)
        .await?;
    Ok(cheapest.map(|price| Money::new(price.amount, &price.currency)))
}

async fn owned(tx: &DatabaseTransaction, author: Uuid, id: Uuid) -> Result<tier::Model, Refusal> {
    tier::Entity::find_by_id(id)
        .filter(tier::Column::AuthorId.eq(author))
        .lock_exclusive()
        .one(tx)
        .await?
        .ok_or(Refusal::NoSuchTier)
}

fn amounts(monthly: Option<i64>, yearly: Option<i64>) -> [(Recurrence, Option<i64>); 2] {
    [(Recurrence::Month, monthly), (Recurrence::Year, yearly)]
}

fn check(
    name: &str,
    currency: &str,
    amounts: [Option<i64>; 2],
    trial_days: Option<i32>,
) -> Result<(), Refusal> {
    if name.trim().is_empty() {
        return Err(Refusal::NameMissing);
    }
    if amounts.iter().all(Option::is_none) {
        return Err(Refusal::NoAmount);
    }
    if !amounts
        .iter()
        .flatten()
        .all(|&amount| is_chargeable(amount, currency))
    {
        return Err(Refusal::AmountOutOfRange);
    }
    if trial_days.is_some_and(|days| !(1..=365).contains(&days)) {
        return Err(Refusal::TrialOutOfRange);
    }
    Ok(())
}

/// Whether Stripe would take this amount, as far as can be told without asking.
pub fn is_chargeable(amount: i64, currency: &str) -> bool {
    let lowest = match money::decimals(currency) {
        3 => LOWEST * 10,
        _ => LOWEST,
    };
    let whole = money::decimals(currency) != 3 || amount % 10 == 0;
    (lowest..=HIGHEST).contains(&amount) && whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_stay_within_what_stripe_takes() {
        for (amount, currency, expected) in [
            (50, "eur", true),
            (49, "eur", false),
            (-300, "eur", false),
            (100_000_000, "eur", false),
            (500, "jpy", true),
            (1_250, "kwd", true),
            (1_255, "kwd", false),
        ] {
            assert_eq!(
                is_chargeable(amount, currency),
                expected,
                "{amount} {currency}"
            );
        }
    }
}
