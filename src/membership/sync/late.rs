//! Money for a membership that had ended before it was paid: on its way already, or quicker than we.

use sea_orm::DatabaseTransaction;

use super::{gather::FreshSubscription, letters::Story};
use crate::{
    entities::{membership, payment},
    membership::owners::{self, Alert},
    money::Money,
};

/// Tells the owner of such a payment, which is booked and gives nothing; of any other it does nothing.
///
/// # Errors
/// If the database fails or the letter cannot be written.
pub(super) async fn tell(
    tx: &DatabaseTransaction,
    story: &Story<'_>,
    row: &membership::Model,
    payment: &payment::Model,
    fresh: &FreshSubscription,
) -> anyhow::Result<()> {
    let ended = row.ended_at.filter(|_| fresh.subscription.is_over());
    if ended.is_none_or(|ended| payment.paid_at <= ended) {
        return Ok(());
    }
    let paid = Money::new(payment.amount, &payment.currency).coded();
    let alert = Alert {
        key: &format!("paid_in_vain:{}", payment.id),
        kind: "paid-in-vain",
        name: &story.account.name,
        author: Some(&story.author.name),
        detail: &format!("{}: {paid}", story.author.name),
    };
    owners::tell_of_payment(story.app, tx, alert, payment.number).await
}
