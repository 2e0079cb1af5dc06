//! The ledger: append-only, in minor units, balanced to zero in each group. Every payment, refund, dispute
//! and fee is one group, divided between author and publication by the share that held when the
//! payment was made. A group that was found wrong is corrected by further ones.

mod correcting;
mod parts;
mod rules;
mod sent;
mod wrong;

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, DbErr,
    EntityTrait, QueryFilter, QuerySelect as _, sea_query::OnConflict,
};
use uuid::Uuid;

pub(super) use correcting::{correct, entries};
pub use parts::{Parts, WHOLE};
pub(super) use rules::{Facts, Moved, payment_key};
pub(super) use sent::{is_any_taken_back, misplaced, reached};
pub(super) use wrong::{misdated, wrong};

use crate::entities::{
    author_share,
    ledger_entry::{self, Account, Column, Kind},
    payment,
};

/// One thing that happened to a payment's money.
#[derive(Clone, Debug)]
pub struct Group<'a> {
    /// Unique: `payment:in_…`, `refund:re_…`, `dispute:txn_…`, `fee:txn_…`.
    pub key: String,
    pub kind: Kind,
    pub payment: &'a payment::Model,
    pub currency: &'a str,
    pub at: DateTime<Utc>,
    pub parts: Parts,
}

/// Books a group, once by its key: where any line of it stands, the others are a matter of correcting.
///
/// # Errors
/// If the database fails.
pub async fn book(tx: &DatabaseTransaction, group: Group<'_>) -> Result<(), DbErr> {
    let same = ledger_entry::Entity::find().filter(Column::GroupKey.eq(group.key.as_str()));
    if same.limit(1).one(tx).await?.is_some() {
        return Ok(());
    }
    let lines = group.parts.lines();
    let entries: Vec<_> = lines
        .map(|(account, amount)| ledger_entry::ActiveModel {
            id: Set(Uuid::now_v7()),
            group_key: Set(group.key.clone()),
            corrects: Set(None),
            kind: Set(group.kind),
            account: Set(account),
            author_id: Set(group.payment.author_id),
            payment_id: Set(group.payment.id),
            amount: Set(amount),
            currency: Set(group.currency.to_owned()),
            at: Set(group.at),
        })
        .collect();
    if entries.is_empty() {
        return Ok(());
    }
    let columns = [Column::GroupKey, Column::Account];
    let once = OnConflict::columns(columns).do_nothing().to_owned();
    let booked = ledger_entry::Entity::insert_many(entries)
        .on_conflict(once)
        .exec_without_returning(tx)
        .await;
    match booked {
        Ok(_) | Err(DbErr::RecordNotInserted) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Books the opposite of a group that turned out not to have happened.
///
/// # Errors
/// If the database fails.
pub async fn take_back(tx: &DatabaseTransaction, of: &str, group: Group<'_>) -> Result<(), DbErr> {
    let entries = ledger_entry::Entity::find()
        .filter(about([of]))
        .all(tx)
        .await?;
    let sum = |account: Account| -> i64 {
        let of = entries.iter().filter(|entry| entry.account == account);
        of.map(|entry| entry.amount).sum()
    };
    let parts = Parts {
        author: sum(Account::Author),
        publication: sum(Account::Publication),
        tax: sum(Account::Tax),
    };
    book(tx, Group { parts, ..group }).await
}

/// The entries of these groups, their corrections among them.
pub(super) fn about<'a>(keys: impl IntoIterator<Item = &'a str> + Clone) -> Condition {
    Condition::any()
        .add(Column::GroupKey.is_in(keys.clone()))
        .add(Column::Corrects.is_in(keys))
}

/// The author's part at a time, in basis points.
///
/// # Errors
/// If the database fails.
pub async fn share_at(
    db: &impl ConnectionTrait,
    author: Uuid,
    at: DateTime<Utc>,
) -> Result<i32, DbErr> {
    let latest = author_share::Entity::of(author)
        .filter(author_share::Column::Since.lte(at))
        .limit(1)
        .one(db)
        .await?;
    Ok(latest.map_or(WHOLE, |share| share.basis_points))
}
