//! Memberships for a time without a renewal: bought for somebody else, or given by the house.

mod buying;
mod choosing;
mod claim_page;
mod claiming;
mod due;
mod given;
mod letters;
mod mine;

use chrono::{DateTime, Duration, Months, Utc};
use sea_orm::{ColumnTrait as _, DbErr, EntityTrait as _, QueryFilter as _};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::tiers::OnSale;
use crate::{
    app::App,
    entities::{Recurrence, checkout, grant},
    money::Money,
};

pub(super) use buying::order;
pub use buying::{Flaw, NewGift, Wanted};
pub(super) use choosing::begin;
pub use choosing::show;
pub use claim_page::{claim, open, send_again};
pub use claiming::accept;
pub use due::work;
pub use given::{Given, NewGiven, Refused, end_early, give, keep, listed};
pub(super) use letters::{bought, taken_back};
pub(super) use mine::mine;

/// The terms a gift can have, in months.
pub const TERMS: [i32; 3] = [3, 6, 12];
/// How long before its end she hears of it, in days.
const NOTICE: Duration = Duration::days(7);

/// What has been done of what comes due by the clock. Each is done once, in this order.
const SENT: i32 = 1;
const BEGUN: i32 = 2;
const WARNED: i32 = 3;
const ENDED: i32 = 4;

/// What a term costs: months at the month's price, or the price of a year for twelve if there is one.
pub fn cost(sold: &OnSale, months: i32, currency: &str) -> Option<Money> {
    let year = sold.price(Recurrence::Year, currency);
    let amount = match (months, year) {
        (12, Some(year)) => year.amount,
        _ => {
            let month = sold.price(Recurrence::Month, currency)?;
            month.amount.checked_mul(i64::from(months))?
        }
    };
    TERMS
        .contains(&months)
        .then(|| Money::new(amount, currency))
}

/// The claim link's token: reckoned from the key, so that the buyer can see it again though only its
/// hash is kept.
fn token(app: &App, id: Uuid) -> String {
    use hmac::{Hmac, KeyInit as _, Mac as _};
    let mac = Hmac::<Sha256>::new_from_slice(&app.key).map(|mut mac| {
        mac.update(b"gift:");
        mac.update(id.as_bytes());
        hex::encode(mac.finalize().into_bytes())
    });
    mac.unwrap_or_default()
}

fn hashed(token: &str) -> String {
    hex::encode(Sha256::digest(token.as_bytes()))
}

/// Where the gift can be claimed.
pub(super) fn link(app: &App, id: Uuid) -> String {
    app.config.link(&format!("/gifts/{}", token(app, id)))
}

/// When a term that begins then ends.
fn end_of(row: &grant::Model, begin: DateTime<Utc>) -> Option<DateTime<Utc>> {
    match row.months.and_then(|months| u32::try_from(months).ok()) {
        Some(months) => begin.checked_add_months(Months::new(months)),
        None => row.ends_at,
    }
}

/// When the next thing about it is due.
pub(super) fn next_due(row: &grant::Model) -> Option<DateTime<Utc>> {
    let ready_at = row.ready_at.filter(|_| row.revoked_at.is_none())?;
    match (row.account_id, row.stage) {
        (None, ..SENT) => row
            .recipient_email
            .as_ref()
            .map(|_| row.send_at.unwrap_or(ready_at)),
        (None, _) => None,
        (Some(_), ..BEGUN) => row.starts_at,
        (Some(_), ..WARNED) => row.ends_at.map(|end| end - NOTICE),
        (Some(_), ..ENDED) => row.ends_at,
        (Some(_), _) => None,
    }
}

/// The link of the gift a checkout has paid for; `None` while the money is on its way.
///
/// # Errors
/// If the database fails.
pub(super) async fn link_of(app: &App, row: &checkout::Model) -> Result<Option<String>, DbErr> {
    let found = grant::Entity::find()
        .filter(grant::Column::CheckoutId.eq(row.id))
        .filter(grant::Column::ReadyAt.is_not_null())
        .filter(grant::Column::RevokedAt.is_null())
        .one(&app.db)
        .await?;
    Ok(found.map(|grant| link(app, grant.id)))
}
