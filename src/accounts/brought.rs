//! People who are known by an address alone, since something of theirs was brought here. Nobody signs in as one of
//! them and comments' mails pass them by until the address is proven by a link, as everybody's is.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait,
    IntoActiveModel as _, QueryFilter, QueryOrder as _,
};
use uuid::Uuid;

use super::{Address, profile::named};
use crate::{
    entities::{Role, account},
    render::LANGUAGES,
};

/// Values a condition, rows an INSERT.
const CHUNK: usize = 500;

/// Somebody who is brought.
#[derive(Clone, Debug)]
pub struct Brought {
    pub address: Address,
    /// What she went by; what stands before the address's `@` where that cannot be a name.
    pub name: String,
    /// What is none of ours becomes the publication's.
    pub language: String,
}

/// By address, the account that it leads to: the one that has proven it, else the oldest nobody has claimed.
///
/// # Errors
/// If the database fails.
pub async fn by_address(
    db: &impl ConnectionTrait,
    addresses: &HashSet<String>,
) -> Result<HashMap<String, account::Model>, DbErr> {
    let addresses: Vec<&String> = addresses.iter().collect();
    let mut found = HashMap::new();
    for chunk in addresses.chunks(CHUNK) {
        let some = chunk.iter().map(|address| address.as_str());
        let unclaimed = account::Entity::find()
            .filter(account::Column::ContactEmail.is_in(some.clone()))
            .filter(account::Column::Email.is_null())
            .filter(account::Column::DeletedAt.is_null())
            .order_by_desc(account::Column::CreatedAt)
            .order_by_desc(account::Column::Id)
            .all(db)
            .await?;
        let claimed = account::Entity::find()
            .filter(account::Column::Email.is_in(some))
            .filter(account::Column::DeletedAt.is_null())
            .all(db)
            .await?;
        // What comes later stands over what came before.
        for row in unclaimed.into_iter().chain(claimed) {
            if let Some(address) = row.address() {
                found.insert(address.to_owned(), row);
            }
        }
    }
    Ok(found)
}

/// Makes an account for each, as part of the caller's act, and says which by address. Whoever proves the address
/// has it.
///
/// # Errors
/// If the database fails.
pub async fn bring(
    tx: &DatabaseTransaction,
    now: DateTime<Utc>,
    language: &str,
    people: Vec<Brought>,
) -> Result<HashMap<String, account::Model>, DbErr> {
    let rows: Vec<account::Model> = people
        .into_iter()
        .map(|one| unclaimed(now, language, one))
        .collect();
    for chunk in rows.chunks(CHUNK) {
        let chunk = chunk.iter().cloned();
        let chunk = chunk.map(|row| row.into_active_model().reset_all());
        account::Entity::insert_many(chunk)
            .exec_without_returning(tx)
            .await?;
    }
    let by_address = rows
        .into_iter()
        .filter_map(|row| Some((row.contact_email.clone()?, row)));
    Ok(by_address.collect())
}

fn unclaimed(now: DateTime<Utc>, language: &str, one: Brought) -> account::Model {
    let is_ours = LANGUAGES.contains(&one.language.as_str());
    account::Model {
        id: Uuid::now_v7(),
        email: None,
        contact_email: Some(one.address.as_str().to_owned()),
        billing_email: None,
        name: named(&one.name).unwrap_or_else(|_| one.address.local_part().to_owned()),
        role: Role::Reader,
        language: match is_ours {
            true => one.language,
            false => language.to_owned(),
        },
        password_hash: None,
        stripe_customer_id: None,
        created_at: now,
        deleted_at: None,
    }
}
