//! Between whom something has changed, once it is applied.

use sea_orm::{
    ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter, QuerySelect as _,
};
use uuid::Uuid;

use super::{gather::Gathered, money::booked};
use crate::entities::{membership, tip};

/// The author and the reader, where something between two was touched.
///
/// # Errors
/// If the database fails.
pub(super) async fn pair(
    tx: &DatabaseTransaction,
    gathered: &Gathered,
) -> Result<Option<(Uuid, Uuid)>, DbErr> {
    match gathered {
        Gathered::Subscription(fresh) => {
            membership::Entity::by_subscription(&fresh.subscription.id)
                .select_only()
                .columns([membership::Column::AuthorId, membership::Column::AccountId])
                .into_tuple()
                .one(tx)
                .await
        }
        Gathered::Tip(fresh) => {
            tip::Entity::find()
                .select_only()
                .columns([tip::Column::AuthorId, tip::Column::AccountId])
                .filter(tip::Column::CheckoutId.eq(fresh.checkout_id))
                .into_tuple()
                .one(tx)
                .await
        }
        Gathered::Money(fresh) => {
            let payment = booked(tx, fresh).await?;
            Ok(payment.map(|payment| (payment.author_id, payment.account_id)))
        }
        Gathered::Closed(_) | Gathered::Customer(_) | Gathered::Account(_) => Ok(None),
    }
}
