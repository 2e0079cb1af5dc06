//! The sender at a stop: the relay refuses the publication itself, so no mail would pass. It is asked again
//! from time to time, or when the owner presses; no mail and no address suffers from it.

use chrono::{DateTime, Duration, Utc};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, DatabaseConnection, DbErr, EntityTrait, QueryFilter,
    sea_query::{Expr, OnConflict},
};

use super::mailer::Mailer;
use crate::entities::mail_stop::{ActiveModel, Column, Entity, Model};

/// How long until the relay is asked again, the first time and at most.
const FIRST: Duration = Duration::minutes(1);
const LAST: Duration = Duration::hours(1);

/// Stops all mail, if it does not stand already.
pub(super) async fn stop(
    db: &DatabaseConnection,
    now: DateTime<Utc>,
    why: &str,
) -> Result<(), DbErr> {
    let row = ActiveModel {
        id: Set(1),
        since: Set(now),
        why: Set(why.to_owned()),
        probes: Set(0),
        probe_at: Set(now + FIRST),
    };
    let once = OnConflict::column(Column::Id).do_nothing().to_owned();
    let insert = Entity::insert(row).on_conflict(once);
    if insert.exec_without_returning(db).await? > 0 {
        tracing::error!(
            why,
            "the relay refuses us: no mail is sent until it lets us in"
        );
    }
    Ok(())
}

/// Whether mail goes. Where it stands and it is time, asks the relay first.
pub(super) async fn is_lifted(
    db: &DatabaseConnection,
    now: DateTime<Utc>,
    mailer: &Mailer,
) -> Result<bool, DbErr> {
    let Some(stop) = Entity::standing().one(db).await? else {
        return Ok(true);
    };
    if now < stop.probe_at || !takes_on(db, now, &stop).await? {
        return Ok(false);
    }
    match mailer.probe().await {
        Ok(()) => {
            Entity::delete_by_id(1).exec(db).await?;
            tracing::info!("the relay lets us in again: mail goes on");
            Ok(true)
        }
        Err(error) => {
            let why = error.to_string();
            tracing::warn!(why, "the relay still refuses us");
            let said = Entity::update_many().col_expr(Column::Why, Expr::value(why));
            said.exec(db).await?;
            Ok(false)
        }
    }
}

/// Puts the next question off, unless another worker is asking already.
async fn takes_on(
    db: &DatabaseConnection,
    now: DateTime<Utc>,
    stop: &Model,
) -> Result<bool, DbErr> {
    let doublings = u32::try_from(stop.probes.clamp(0, 10)).unwrap_or_default();
    let wait = (FIRST * 2_i32.pow(doublings)).min(LAST);
    let taken = Entity::update_many()
        .col_expr(Column::ProbeAt, Expr::value(now + wait))
        .col_expr(Column::Probes, Expr::value(stop.probes.saturating_add(1)))
        .filter(Column::ProbeAt.eq(stop.probe_at))
        .exec(db)
        .await?;
    Ok(taken.rows_affected > 0)
}

/// Has the relay asked at once. Returns whether mail stood.
///
/// # Errors
/// If the database fails.
pub async fn press(db: &impl sea_orm::ConnectionTrait, now: DateTime<Utc>) -> Result<bool, DbErr> {
    let pressed = Entity::update_many()
        .col_expr(Column::ProbeAt, Expr::value(now))
        .col_expr(Column::Probes, Expr::value(0))
        .exec(db)
        .await?;
    Ok(pressed.rows_affected > 0)
}
