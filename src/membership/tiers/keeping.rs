//! A place that is kept for a membership while it changes to a tier: between the decision that there is one and
//! Stripe's word that she has it, nobody else is given it.

use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _,
    IntoActiveModel as _, JoinType, QueryFilter as _, QuerySelect as _, RelationDef,
    sea_query::OnConflict,
};
use uuid::Uuid;

use super::seats::{Counted, KEPT, held};
use crate::{
    app::App,
    db,
    entities::{
        kept_place::{Column, Entity, Model},
        membership,
    },
};

/// Keeps a place in the tier for the membership, whoever asks for it after. `false` if others have all of them.
/// A tier without a limit needs none.
///
/// # Errors
/// If the database fails.
pub async fn keep(app: &App, row: &membership::Model, tier: Uuid) -> Result<bool, DbErr> {
    let tx = db::begin(&app.db).await?;
    // The tier is locked: of two who come at once, the second counts what the first has written.
    let Some(seats) = held(app, &tx, tier, Some(row.account_id)).await? else {
        return Ok(true);
    };
    if seats.left() == 0 {
        return Ok(false);
    }
    let place = Model {
        membership_id: row.id,
        tier_id: tier,
        until: app.clock.now() + KEPT,
    };
    let again = OnConflict::column(Column::MembershipId)
        .update_columns([Column::TierId, Column::Until])
        .to_owned();
    Entity::insert(place.into_active_model().reset_all())
        .on_conflict(again)
        .exec_without_returning(&tx)
        .await?;
    tx.commit().await?;
    Ok(true)
}

/// She has it by now, or does not get it.
///
/// # Errors
/// If the database fails; then it is kept for a while.
pub async fn let_go(app: &App, membership: Uuid) -> Result<(), DbErr> {
    Entity::delete_by_id(membership)
        .exec(&app.db)
        .await
        .map(drop)
}

/// How many places of these tiers are kept, but for `but`.
pub(super) async fn kept(
    db: &impl ConnectionTrait,
    tiers: &[Uuid],
    but: Option<Uuid>,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<Counted, DbErr> {
    let whose: RelationDef = Entity::belongs_to(membership::Entity)
        .from(Column::MembershipId)
        .to(membership::Column::Id)
        .into();
    let mut counted = Entity::find()
        .select_only()
        .column(Column::TierId)
        .column_as(Column::MembershipId.count(), "number")
        .join(JoinType::InnerJoin, whose)
        .filter(Column::TierId.is_in(tiers.iter().copied()))
        .filter(Column::Until.gt(now));
    if let Some(but) = but {
        counted = counted.filter(membership::Column::AccountId.ne(but));
    }
    counted.group_by(Column::TierId).into_tuple().all(db).await
}
