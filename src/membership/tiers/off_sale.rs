//! What an author has taken off sale, and its way back.

use std::collections::HashMap;

use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction,
    DbErr, EntityTrait, QueryFilter, QuerySelect as _,
};
use serde_json::json;
use uuid::Uuid;

use super::{Refusal, mirror::mirror_soon, noted, order::keep_order, owned, seats::Counted};
use crate::{
    app::App,
    db,
    entities::{author, checkout, site, supporter, tier},
};

/// A tier that is no longer sold.
#[derive(Clone, Debug)]
pub struct OffSale {
    pub tier: tier::Model,
    /// How many have it still, by the roll.
    pub patrons: i64,
}

/// What an author has taken off sale: two queries, or one where there is none.
///
/// # Errors
/// If the database fails.
pub async fn off_sale(db: &impl ConnectionTrait, author: Uuid) -> Result<Vec<OffSale>, DbErr> {
    use supporter::Column;
    let tiers = tier::Entity::of(author).filter(tier::Column::ArchivedAt.is_not_null());
    let tiers = tiers.all(db).await?;
    if tiers.is_empty() {
        return Ok(Vec::new());
    }
    let counted: Counted = supporter::Entity::of(author)
        .select_only()
        .column(Column::TierId)
        .column_as(Column::AccountId.count(), "number")
        .filter(Column::TierId.is_in(tiers.iter().map(|tier| tier.id)))
        .filter(Column::IsPatron.eq(true))
        .group_by(Column::TierId)
        .into_tuple()
        .all(db)
        .await?;
    let counted: HashMap<Uuid, i64> = counted.into_iter().collect();
    let told = |tier: tier::Model| OffSale {
        patrons: counted.get(&tier.id).copied().unwrap_or_default(),
        tier,
    };
    Ok(tiers.into_iter().map(told).collect())
}

/// The sessions at Stripe in which the tier could still be paid for.
pub(super) async fn open_checkouts(
    tx: &DatabaseTransaction,
    tier: Uuid,
) -> Result<Vec<String>, DbErr> {
    let open = checkout::Entity::find()
        .filter(checkout::Column::TierId.eq(tier))
        .filter(checkout::Column::State.eq(checkout::State::Open))
        .all(tx)
        .await?;
    let open = open.into_iter();
    Ok(open.filter_map(|row| row.stripe_session_id).collect())
}

/// Puts a tier on sale again, as the last and at the prices it had. Stripe has kept its product and prices, for
/// taking it off sale changes nothing there; what Stripe was never told is told now. If the tier is on sale
/// already, nothing changes.
///
/// # Errors
/// If this author has no such tier or the database fails.
pub async fn restore(app: &App, author: Uuid, id: Uuid, by: Option<Uuid>) -> Result<(), Refusal> {
    let now = app.clock.now();
    let tx = db::begin(&app.db).await?;
    // The lock under which two changes of the order follow one another.
    let locked = author::Entity::find_by_id(author).lock_exclusive();
    locked.one(&tx).await?;
    let tier = owned(&tx, author, id).await?;
    if tier.archived_at.is_none() {
        return Ok(());
    }
    let mut row: tier::ActiveModel = tier.into();
    row.archived_at = Set(None);
    row.update(&tx).await?;
    let mut all = tier::Entity::of(author).all(&tx).await?;
    all.sort_by_key(|tier| tier.id == id);
    keep_order(&tx, all).await?;
    noted::done(&tx, now, by, "tier_restore", (author, id), json!({})).await?;
    site::Entity::touch(&tx).await?;
    tx.commit().await?;
    mirror_soon(app, id).await;
    Ok(())
}
