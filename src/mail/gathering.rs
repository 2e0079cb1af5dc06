//! Mail to many waits until all its letters are written: a fan-out and its delivery at once would only take
//! turns at the same database. What somebody waits for goes meanwhile.

use chrono::{DateTime, Duration, Utc};
use sea_orm::{DatabaseConnection, DbErr, QuerySelect as _};

use crate::entities::notice;

/// The priority of mail to many: behind receipts and whatever else somebody waits for.
pub const TO_MANY: i32 = 10;
/// How long it waits for the rest of a notice that has come out. Whatever keeps a fan-out from ending keeps
/// no letter for longer than that.
const PATIENCE: Duration = Duration::seconds(30);

/// Below which priority mail may go now.
pub(super) async fn below(db: &DatabaseConnection, now: DateTime<Utc>) -> Result<i32, DbErr> {
    let written = notice::Entity::being_written(now - PATIENCE, now)
        .select_only()
        .column(notice::Column::Id)
        .into_tuple::<uuid::Uuid>()
        .one(db)
        .await?;
    Ok(match written {
        Some(_) => TO_MANY,
        None => i32::MAX,
    })
}
