//! What was owed by a membership that ended for it, and was paid all the same.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _};
use uuid::Uuid;

use crate::entities::{
    membership::{self, Stopped},
    payment,
};

/// Of those that ended because nothing was paid, the ones whose debt was paid after all.
///
/// # Errors
/// If the database fails.
pub(super) async fn paid_late(
    db: &impl ConnectionTrait,
    rows: &[membership::Model],
) -> Result<HashSet<Uuid>, DbErr> {
    let unpaid = |row: &&membership::Model| row.stopped_why == Some(Stopped::Unpaid);
    let ended: HashMap<Uuid, Option<DateTime<Utc>>> = rows
        .iter()
        .filter(unpaid)
        .map(|row| (row.id, row.ended_at))
        .collect();
    if ended.is_empty() {
        return Ok(HashSet::new());
    }
    let paid = payment::Entity::find()
        .filter(payment::Column::MembershipId.is_in(ended.keys().copied()))
        .filter(payment::Column::StripeInvoiceId.is_not_null())
        .all(db)
        .await?;
    let is_after = |id: &Uuid, at| matches!(ended.get(id), Some(Some(end)) if at > *end);
    Ok(paid
        .into_iter()
        .filter_map(|row| row.membership_id.filter(|id| is_after(id, row.paid_at)))
        .collect())
}
