//! What an author has on sale, and its mirror at Stripe: a product a tier, a price an amount.

mod amounts;
mod cheapest;
mod keeping;
mod mirror;
mod noted;
mod off_sale;
mod order;
mod prices;
mod refusal;
mod seats;

use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction,
    DbErr, EntityTrait, PaginatorTrait as _, QueryFilter, QueryOrder as _, QuerySelect as _,
};
use serde_json::json;
use uuid::Uuid;

use crate::{
    app::App,
    db,
    entities::{Recurrence, errand, price, site, tier},
    membership::errands,
    money,
};

pub use amounts::{Amounts, HIGHEST_CHOSEN, is_chargeable};
use amounts::{check, own, words};
pub use cheapest::{cheapest_month, cheapest_open_month, cheapest_open_of};
pub use keeping::{keep, let_go};
pub use mirror::mirror;
use mirror::mirror_soon;
use off_sale::open_checkouts;
pub use off_sale::{OffSale, off_sale, restore};
pub use order::{Way, shift};
pub use prices::chosen;
use prices::set_prices;
pub use refusal::Refusal;
pub use seats::{KEPT, Places, Seats, held, seats};

/// A tier about to go on sale. Amounts are minor units.
#[derive(Clone, Debug, Default)]
pub struct NewTier {
    pub name: String,
    /// Plain text, a line a benefit.
    pub description: String,
    /// ISO 4217, in any case.
    pub currency: String,
    pub monthly: Option<i64>,
    pub yearly: Option<i64>,
    /// In other currencies.
    pub others: Vec<Amounts>,
    /// Whether a reader may give more.
    pub is_open_ended: bool,
    pub trial_days: Option<i32>,
    /// How many can have it at once; `None`: as many as want it.
    pub seats: Option<i32>,
    /// Who does so; `None` for a command.
    pub by: Option<Uuid>,
}

/// New words and amounts for a tier. Patrons keep the price they came in with.
#[derive(Clone, Debug, Default)]
pub struct TierChange {
    pub name: String,
    pub description: String,
    pub monthly: Option<i64>,
    pub yearly: Option<i64>,
    /// In other currencies.
    pub others: Vec<Amounts>,
    /// Whether a reader may give more.
    pub is_open_ended: bool,
    pub trial_days: Option<i32>,
    /// How many can have it at once; `None`: as many as want it.
    pub seats: Option<i32>,
    /// Who does so; `None` for a command.
    pub by: Option<Uuid>,
}

/// A tier as it is sold now.
#[derive(Clone, Debug)]
pub struct OnSale {
    pub tier: tier::Model,
    pub monthly: Option<price::Model>,
    pub yearly: Option<price::Model>,
    /// Its prices in other currencies.
    pub others: Vec<price::Model>,
}

impl OnSale {
    /// All it is sold at.
    pub fn prices(&self) -> impl Iterator<Item = &price::Model> {
        let own = self.monthly.iter().chain(&self.yearly);
        own.chain(&self.others)
    }

    /// What it costs by the month or the year in a currency, if it is sold so.
    pub fn price(&self, every: Recurrence, currency: &str) -> Option<&price::Model> {
        self.prices()
            .find(|price| price.recurrence == every && price.currency == currency)
    }
}

/// Puts a tier on sale. It is mirrored to Stripe right after, or at the latest when somebody wants it.
///
/// # Errors
/// A [`Refusal`] for words or amounts that cannot be; nothing is written then.
pub async fn create(app: &App, author: Uuid, new: NewTier) -> Result<tier::Model, Refusal> {
    let currency = money::parse_currency(&new.currency).map_err(|_| Refusal::UnknownCurrency)?;
    let own = own(&currency, new.monthly, new.yearly);
    let (name, description) = words(&new.name, &new.description)?;
    let prices = check(own, new.others, (new.trial_days, new.seats))?;
    let now = app.clock.now();
    let tx = db::begin(&app.db).await?;
    let position = tier::Entity::find()
        .filter(tier::Column::AuthorId.eq(author))
        .count(&tx)
        .await?;
    let created = tier::ActiveModel {
        id: Set(Uuid::now_v7()),
        author_id: Set(author),
        name: Set(name),
        description: Set(description),
        currency: Set(currency),
        is_open_ended: Set(new.is_open_ended),
        trial_days: Set(new.trial_days),
        seats: Set(new.seats),
        position: Set(i32::try_from(position).unwrap_or(i32::MAX)),
        stripe_product_id: Set(None),
        created_at: Set(now),
        archived_at: Set(None),
    }
    .insert(&tx)
    .await?;
    noted::added(&tx, now, new.by, &created, &prices).await?;
    set_prices(&tx, now, created.id, prices).await?;
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
    let own = own(&old.currency, to.monthly, to.yearly);
    let (name, description) = words(&to.name, &to.description)?;
    let prices = check(own, to.others, (to.trial_days, to.seats))?;
    let before = noted::prices(&tx, id).await?;
    let renamed = old.name != name;
    let product = old.stripe_product_id.clone();
    let mut row: tier::ActiveModel = old.clone().into();
    row.name = Set(name.clone());
    row.description = Set(description);
    row.trial_days = Set(to.trial_days);
    row.seats = Set(to.seats);
    row.is_open_ended = Set(to.is_open_ended);
    let changed = row.update(&tx).await?;
    noted::changed(&tx, now, to.by, (&old, &before), (&changed, &prices)).await?;
    set_prices(&tx, now, id, prices).await?;
    site::Entity::touch(&tx).await?;
    tx.commit().await?;
    if let (true, Some(product)) = (renamed, product) {
        let key = format!("product-name:{id}:{}", Uuid::now_v7());
        let renaming = app.payments.update_product(&key, &product, &name);
        if let Err(error) = renaming.await {
            tracing::warn!(tier = %id, %error, "the product keeps its old name at Stripe");
        }
    }
    mirror_soon(app, id).await;
    Ok(())
}

/// Takes a tier off sale. Its patrons keep it; whoever stands in Checkout with it cannot pay for it any more, unless
/// she was quicker.
///
/// # Errors
/// If this author has no such tier or the database fails.
pub async fn archive(app: &App, author: Uuid, id: Uuid, by: Option<Uuid>) -> Result<(), Refusal> {
    let now = app.clock.now();
    let tx = db::begin(&app.db).await?;
    let tier = owned(&tx, author, id).await?;
    if tier.archived_at.is_some() {
        return Ok(());
    }
    let mut row: tier::ActiveModel = tier.into();
    row.archived_at = Set(Some(now));
    row.update(&tx).await?;
    for session in open_checkouts(&tx, id).await? {
        let key = format!("expire:{session}");
        errands::enqueue(&tx, now, errand::Kind::ExpireSession, key, &session).await?;
    }
    noted::done(&tx, now, by, "tier_archive", (author, id), json!({})).await?;
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
        .filter(price::Column::IsChosen.eq(false))
        .order_by_asc(price::Column::Currency)
        .all(db)
        .await?;
    let of = |tier: &tier::Model| {
        let hers = prices.iter().filter(|price| price.tier_id == tier.id);
        hers.cloned()
            .partition::<Vec<_>, _>(|price| price.currency == tier.currency)
    };
    Ok(tiers
        .into_iter()
        .map(|tier| {
            let (own, others) = of(&tier);
            let find = |every| own.iter().find(|price| price.recurrence == every).cloned();
            OnSale {
                monthly: find(Recurrence::Month),
                yearly: find(Recurrence::Year),
                others,
                tier,
            }
        })
        .collect())
}

async fn owned(tx: &DatabaseTransaction, author: Uuid, id: Uuid) -> Result<tier::Model, Refusal> {
    tier::Entity::find_by_id(id)
        .filter(tier::Column::AuthorId.eq(author))
        .lock_exclusive()
        .one(tx)
        .await?
        .ok_or(Refusal::NoSuchTier)
}
