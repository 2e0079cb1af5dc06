//! Correcting: a group that is wrong stays as it is; its opposite is booked, and then what is right.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait,
    QueryFilter,
};
use uuid::Uuid;

use super::{
    about,
    rules::Facts,
    wrong::{Held, Whose, Wrong, held, month, wrong},
};
use crate::entities::ledger_entry::{self, Account, Column};

/// Everything the ledger has of these payments.
///
/// # Errors
/// If the database fails.
pub(in super::super) async fn entries(
    db: &impl ConnectionTrait,
    payments: &[Uuid],
) -> Result<Vec<ledger_entry::Model>, DbErr> {
    let of = Column::PaymentId.is_in(payments.iter().copied());
    ledger_entry::Entity::find().filter(of).all(db).await
}

/// Corrects every group of a payment that is not as it should be. The caller has locked the payment, and enters
/// what was sent on afterwards.
///
/// # Errors
/// If the database fails.
pub(in super::super) async fn correct(
    tx: &DatabaseTransaction,
    now: DateTime<Utc>,
    facts: &Facts<'_>,
) -> Result<(), DbErr> {
    let own = entries(tx, &[facts.payment.id]).await?;
    let suspects = wrong(facts, &own);
    // Lines of a group may say that they are of another payment.
    let strays = ledger_entry::Entity::find()
        .filter(about(suspects.iter().map(|group| group.key.as_str())))
        .filter(Column::PaymentId.ne(facts.payment.id))
        .all(tx)
        .await?;
    let all = [own, strays].concat();
    let lines: Vec<_> = wrong(facts, &all)
        .iter()
        .flat_map(|group| lines(now, group, &all))
        .collect();
    if lines.is_empty() {
        return Ok(());
    }
    ledger_entry::Entity::insert_many(lines)
        .exec_without_returning(tx)
        .await
        .map(drop)
}

/// The entries that take a wrong group back, and those that are right. What was never entered is entered as it
/// should have been.
fn lines(
    now: DateTime<Utc>,
    wrong: &Wrong,
    all: &[ledger_entry::Model],
) -> Vec<ledger_entry::ActiveModel> {
    let key = &wrong.key;
    let same = all.iter().filter(|entry| entry.about() == key);
    let groups: BTreeSet<&str> = same.map(|entry| entry.group_key.as_str()).collect();
    if let (true, Some(due)) = (groups.is_empty(), &wrong.due) {
        return group(key, None, due.at, &wrong.held);
    }
    let mut number = groups.len();
    let mut lines = Vec::new();
    let mut take_back = |at, kept: &Held| {
        for held in opposites(kept) {
            let name = format!("{key}:{number}:taken_back");
            lines.extend(group(&name, Some(key), at, &held));
            number += 1;
        }
    };
    let mut at = now;
    match wrong.due.as_ref().filter(|_| wrong.misdated.is_some()) {
        // What stands in a month that is not its own is taken back there, and entered in its own.
        Some(due) => {
            at = due.at;
            let mut months: BTreeMap<_, Vec<&ledger_entry::Model>> = BTreeMap::new();
            for entry in all.iter().filter(|entry| entry.about() == key) {
                months.entry(month(entry.at)).or_default().push(entry);
            }
            for entries in months.values() {
                take_back(entries[0].at, &held(entries));
            }
        }
        None => take_back(now, &wrong.kept),
    }
    let name = format!("{key}:{number}:corrected");
    lines.extend(group(&name, Some(key), at, &wrong.held));
    lines
}

/// What is held, with its signs turned, in as few groups as there can be: one has one line for each account.
fn opposites(kept: &Held) -> Vec<Held> {
    let mut seen: BTreeMap<Account, usize> = BTreeMap::new();
    let mut groups: Vec<Held> = Vec::new();
    for (whose, amount) in kept {
        let at = seen.entry(whose.1).or_default();
        if groups.len() <= *at {
            groups.push(Held::new());
        }
        groups[*at].insert(whose.clone(), -amount);
        *at += 1;
    }
    groups
}

fn group(
    key: &str,
    corrects: Option<&str>,
    at: DateTime<Utc>,
    held: &Held,
) -> Vec<ledger_entry::ActiveModel> {
    let line = |(whose, amount): (&Whose, &i64)| {
        let (kind, account, author_id, payment_id, currency) = whose.clone();
        ledger_entry::ActiveModel {
            id: Set(Uuid::now_v7()),
            group_key: Set(key.to_owned()),
            corrects: Set(corrects.map(str::to_owned)),
            kind: Set(kind),
            account: Set(account),
            author_id: Set(author_id),
            payment_id: Set(payment_id),
            amount: Set(*amount),
            currency: Set(currency),
            at: Set(at),
        }
    };
    held.iter().map(line).collect()
}
