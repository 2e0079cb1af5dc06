//! Between whom something has changed, once it is applied.

use sea_orm::{
    ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter, QuerySelect as _,
};
use uuid::Uuid;

use super::{gather::Gathered, money::booked};
use crate::entities::{account, author, checkout, membership, price, tier, tip};

/// The author and the reader, where something between two was touched.
///
/// # Errors
/// If the database fails.
pub(super) async fn pair(
    tx: &DatabaseTransaction,
    gathered: &Gathered,
) -> Result<Option<(Uuid, Uuid)>, DbErr> {
    match gathered {
        Gathered::Subscription(fresh) => of_subscription(tx, &fresh.subscription.id).await,
        Gathered::Tip(fresh) => {
            let tip = tip::Entity::find()
                .select_only()
                .columns([tip::Column::AuthorId, tip::Column::AccountId])
                .filter(tip::Column::CheckoutId.eq(fresh.checkout_id))
                .into_tuple()
                .one(tx)
                .await?;
            match tip {
                Some(pair) => Ok(Some(pair)),
                None => of_change(tx, fresh.checkout_id).await,
            }
        }
        Gathered::Money(fresh) => {
            if let Some(payment) = booked(tx, fresh).await? {
                return Ok(Some((payment.author_id, payment.account_id)));
            }
            match fresh.bought.as_deref() {
                Some(Gathered::Subscription(bought)) => {
                    of_subscription(tx, &bought.subscription.id).await
                }
                _ => Ok(None),
            }
        }
        Gathered::Closed(_) | Gathered::Customer(_) | Gathered::Account(_) => Ok(None),
    }
}

async fn of_subscription(
    tx: &DatabaseTransaction,
    id: &str,
) -> Result<Option<(Uuid, Uuid)>, DbErr> {
    membership::Entity::by_subscription(id)
        .select_only()
        .columns([membership::Column::AuthorId, membership::Column::AccountId])
        .into_tuple()
        .one(tx)
        .await
}

/// Those of a checkout that changes a membership.
async fn of_change(tx: &DatabaseTransaction, id: Uuid) -> Result<Option<(Uuid, Uuid)>, DbErr> {
    let row = checkout::Entity::find_by_id(id).one(tx).await?;
    let row = row.filter(|row| row.kind == checkout::Kind::Change);
    Ok(row.and_then(|row| Some((row.author_id, row.account_id?))))
}

/// The reader's name and the author's, as far as they are known: by what is here already, or by the checkout, the
/// customer and the price.
///
/// # Errors
/// If the database fails.
pub(super) async fn names(
    tx: &DatabaseTransaction,
    gathered: &Gathered,
) -> Result<(Option<String>, Option<String>), DbErr> {
    let pair = pair(tx, gathered).await?;
    let checkout = match gathered {
        Gathered::Subscription(fresh) => fresh.checkout_id,
        Gathered::Tip(fresh) => Some(fresh.checkout_id),
        _ => None,
    };
    let checkout = match checkout {
        Some(id) => checkout::Entity::find_by_id(id).one(tx).await?,
        None => None,
    };
    let begun_by = checkout.as_ref().and_then(|row| row.account_id);
    let begun_for = checkout.as_ref().map(|row| row.author_id);
    let customer = match gathered {
        Gathered::Subscription(fresh) => Some(fresh.subscription.customer.id()),
        _ => None,
    };
    let reader = match (pair.map(|(_, account)| account).or(begun_by), customer) {
        (Some(id), _) => account::Entity::find_by_id(id).one(tx).await?,
        (None, Some(customer)) => {
            let column = account::Column::StripeCustomerId;
            let hers = account::Entity::find().filter(column.eq(customer));
            hers.one(tx).await?
        }
        (None, None) => None,
    };
    let author = match pair.map(|(author, _)| author).or(begun_for) {
        Some(id) => Some(id),
        None => sold_by(tx, gathered).await?,
    };
    let author = match author {
        Some(id) => author::Entity::find_by_id(id).one(tx).await?,
        None => None,
    };
    Ok((reader.map(|row| row.name), author.map(|row| row.name)))
}

/// Whose tier a subscription is for.
async fn sold_by(tx: &DatabaseTransaction, gathered: &Gathered) -> Result<Option<Uuid>, DbErr> {
    let Gathered::Subscription(fresh) = gathered else {
        return Ok(None);
    };
    let Some(sold) = fresh.subscription.price() else {
        return Ok(None);
    };
    let price = price::Entity::by_stripe(&sold.id)
        .find_also_related(tier::Entity)
        .one(tx)
        .await?;
    Ok(price.and_then(|(_, tier)| tier).map(|tier| tier.author_id))
}
