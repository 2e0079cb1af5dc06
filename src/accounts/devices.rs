//! Where somebody signs in from. A browser or a network she has not come from before is told of, once.

use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, DatabaseTransaction, EntityTrait, PaginatorTrait as _,
    QueryFilter as _, sea_query::OnConflict,
};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::profile::device;
use crate::{
    app::App,
    entities::{
        account,
        known_device::{self, Column},
    },
    mail::Letter,
};

/// Notes where an account is signed in from, as part of that act. The first place of an account is no news.
///
/// # Errors
/// If the database fails or the letter cannot be written.
pub(super) async fn note(
    app: &App,
    tx: &DatabaseTransaction,
    account: Uuid,
    network: &str,
    user_agent: &str,
) -> anyhow::Result<()> {
    let now = app.clock.now();
    let device = device(user_agent);
    let hash = hash(&app.key, account, device.as_deref(), network);
    let row = known_device::ActiveModel {
        account_id: Set(account),
        device_hash: Set(hash.clone()),
        first_seen_at: Set(now),
    };
    let once = OnConflict::columns([Column::AccountId, Column::DeviceHash])
        .do_nothing()
        .to_owned();
    let is_new = known_device::Entity::insert(row)
        .on_conflict(once)
        .exec_without_returning(tx)
        .await?
        > 0;
    let known = known_device::Entity::find().filter(Column::AccountId.eq(account));
    if !is_new || known.count(tx).await? == 1 {
        return Ok(());
    }
    let Some(account) = account::Entity::find_by_id(account).one(tx).await? else {
        return Ok(());
    };
    let letter = Letter {
        key: format!("new_sign_in:{hash}"),
        kind: "new_sign_in",
        to: &account,
        values: json!({
            "device": device,
            "at": now,
            "account_url": app.config.link("/account#signing-in"),
        }),
    };
    app.outbox.enqueue(tx, now, letter).await.map(drop)
}

/// Nobody can tell from it who was where, nor try all networks without the key.
fn hash(key: &[u8], account: Uuid, device: Option<&str>, network: &str) -> String {
    let mut hash = Sha256::new();
    for part in [
        key,
        account.as_bytes(),
        device.unwrap_or_default().as_bytes(),
        around(network).as_bytes(),
    ] {
        hash.update(part.len().to_be_bytes());
        hash.update(part);
    }
    hex::encode(hash.finalize())
}

/// The wider network: the first half of an IPv4 address, the first two groups of an IPv6 one. A telephone gets
/// a new address every day, from the same provider.
fn around(network: &str) -> String {
    let sign = if network.contains(':') { ':' } else { '.' };
    network.split(sign).take(2).collect::<Vec<_>>().join(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_a_browser_and_the_wider_network_of_one_person() {
        let (ann, bob) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let at = |account, device, network| hash(b"key", account, Some(device), network);
        let home = at(ann, "Firefox, Linux", "192.0.2.7");
        assert_eq!(at(ann, "Firefox, Linux", "192.0.99.1"), home);
        for other in [
            at(bob, "Firefox, Linux", "192.0.2.7"),
            at(ann, "Safari, iPhone", "192.0.2.7"),
            at(ann, "Firefox, Linux", "198.51.100.1"),
            at(ann, "Firefox, Linux", "2001:db8::/64"),
        ] {
            assert_ne!(other, home);
        }
    }
}
