//! A tier's amounts: never changed, only followed by newer ones.

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait, DatabaseTransaction, DbErr, EntityTrait,
    QueryFilter,
};
use uuid::Uuid;

use crate::{
    entities::{Recurrence, price},
    money::Money,
};

/// Makes `amount` the current price, retiring another one; `None` takes the recurrence off sale.
pub(super) async fn set_price(
    tx: &DatabaseTransaction,
    now: DateTime<Utc>,
    tier: Uuid,
    recurrence: Recurrence,
    amount: Option<Money>,
) -> Result<(), DbErr> {
    let current = price::Entity::current(tier)
        .filter(price::Column::Recurrence.eq(recurrence))
        .one(tx)
        .await?;
    let wanted = amount.as_ref().map(|money| money.amount);
    if current.as_ref().map(|price| price.amount) == wanted {
        return Ok(());
    }
    if let Some(current) = current {
        let mut row: price::ActiveModel = current.into();
        row.retired_at = Set(Some(now));
        row.update(tx).await?;
    }
    let Some(Money { amount, currency }) = amount else {
        return Ok(());
    };
    let row = price::ActiveModel {
        id: Set(Uuid::now_v7()),
        tier_id: Set(tier),
        recurrence: Set(recurrence),
        amount: Set(amount),
        currency: Set(currency),
        stripe_price_id: Set(None),
        created_at: Set(now),
        retired_at: Set(None),
    };
    price::Entity::insert(row)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}
