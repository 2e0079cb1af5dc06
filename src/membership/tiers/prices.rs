//! A tier's amounts: never changed, only followed by newer ones.

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait, DatabaseTransaction, DbErr, EntityTrait,
    IntoActiveModel as _, QueryFilter, sea_query::OnConflict,
};
use uuid::Uuid;

use super::{HIGHEST_CHOSEN, Refusal};
use crate::{
    app::App,
    entities::{Recurrence, price},
    money::Money,
};

/// Makes these the current prices: those that are not among them are retired, those that stay are
/// left as they are.
pub(super) async fn set_prices(
    tx: &DatabaseTransaction,
    now: DateTime<Utc>,
    tier: Uuid,
    wanted: Vec<(Recurrence, Money)>,
) -> Result<(), DbErr> {
    let current = price::Entity::current(tier).all(tx).await?;
    let is = |price: &price::Model, (every, money): &(Recurrence, Money)| {
        price.recurrence == *every
            && price.amount == money.amount
            && price.currency == money.currency
    };
    let (kept, gone): (Vec<_>, Vec<_>) = current
        .into_iter()
        .partition(|price| wanted.iter().any(|wish| is(price, wish)));
    for price in gone {
        let mut row: price::ActiveModel = price.into();
        row.retired_at = Set(Some(now));
        row.update(tx).await?;
    }
    for wish in wanted {
        if !kept.iter().any(|price| is(price, &wish)) {
            let row = new_price(tier, wish.0, wish.1, now).into_active_model();
            price::Entity::insert(row.reset_all())
                .exec_without_returning(tx)
                .await?;
        }
    }
    Ok(())
}

fn new_price(tier: Uuid, recurrence: Recurrence, money: Money, now: DateTime<Utc>) -> price::Model {
    price::Model {
        id: Uuid::now_v7(),
        tier_id: tier,
        recurrence,
        amount: money.amount,
        currency: money.currency,
        stripe_price_id: None,
        is_chosen: false,
        created_at: now,
        retired_at: None,
    }
}

/// The price of an amount a reader chose above `floor`. All who choose the same amount share it.
///
/// # Errors
/// If it is less than the floor, or more than anybody gives by intent.
pub async fn chosen(app: &App, floor: &price::Model, amount: i64) -> Result<price::Model, Refusal> {
    if amount < floor.amount {
        return Err(Refusal::BelowFloor);
    }
    if amount == floor.amount {
        return Ok(floor.clone());
    }
    if !super::is_chargeable(amount, &floor.currency) || amount > HIGHEST_CHOSEN {
        return Err(Refusal::AmountOutOfRange);
    }
    let money = Money::new(amount, &floor.currency);
    let fresh = price::Model {
        is_chosen: true,
        ..new_price(floor.tier_id, floor.recurrence, money, app.clock.now())
    };
    price::Entity::insert(fresh.into_active_model().reset_all())
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(&app.db)
        .await?;
    let known = price::Entity::find()
        .filter(price::Column::TierId.eq(floor.tier_id))
        .filter(price::Column::Recurrence.eq(floor.recurrence))
        .filter(price::Column::Currency.eq(floor.currency.as_str()))
        .filter(price::Column::Amount.eq(amount))
        .filter(price::Column::IsChosen.eq(true));
    known.one(&app.db).await?.ok_or(Refusal::NoSuchTier)
}
