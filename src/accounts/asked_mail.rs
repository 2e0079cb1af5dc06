//! No form here is a bomb: an address nobody has proven gets at most three mails a day, whichever forms
//! ask for them and whichever process answers. Counted in rows, by a hash of the address.

use chrono::{DateTime, Duration, Utc};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait as _, QueryFilter,
    sea_query::{Expr, OnConflict},
};
use sha2::Sha256;

use super::Address;
use crate::{app::App, entities::asked_mail};

/// How many mails a day.
const MOST: i32 = 3;

/// Counts one mail to `address`, which nobody has proven. Whether it may be written: three may within any
/// 24 hours. Whoever asked is told the same either way.
///
/// # Errors
/// If the database fails.
pub async fn may_write(
    app: &App,
    tx: &impl ConnectionTrait,
    address: &Address,
) -> Result<bool, DbErr> {
    use asked_mail::Column;
    let now = app.clock.now();
    let yesterday = now - Duration::hours(24);
    let hash = hash(&app.key, address);
    for slot in 0..MOST {
        let row = asked_mail::ActiveModel {
            address_hash: Set(hash.clone()),
            slot: Set(slot),
            at: Set(now),
        };
        let is_free = Expr::col((asked_mail::Entity, Column::At)).lte(yesterday);
        let again = OnConflict::columns([Column::AddressHash, Column::Slot])
            .update_column(Column::At)
            .action_and_where(is_free)
            .to_owned();
        let taken = asked_mail::Entity::insert(row)
            .on_conflict(again)
            .exec_without_returning(tx)
            .await?;
        if taken > 0 {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Forgets what counts no more.
pub(super) async fn sweep(tx: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<(), DbErr> {
    asked_mail::Entity::delete_many()
        .filter(asked_mail::Column::At.lte(now - Duration::hours(24)))
        .exec(tx)
        .await
        .map(drop)
}

fn hash(key: &[u8], address: &Address) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
        return String::new();
    };
    mac.update(b"asked-mail:");
    mac.update(address.mailbox().as_bytes());
    hex::encode(&mac.finalize().into_bytes()[..16])
}
