//! The groups of a payment that are not what the rules make them, and how that is told.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike as _, Utc};
use uuid::Uuid;

use super::{
    rules::{Due, Facts, Moved, due},
    sent,
};
use crate::{
    entities::{
        ledger_entry::{self, Account, Kind},
        payment,
    },
    money::Money,
};

/// Kind, account, author, payment, currency.
pub(super) type Whose = (Kind, Account, Uuid, Uuid, String);

/// Who has what of a group and its corrections. Minor units, none of them zero.
pub(super) type Held = BTreeMap<Whose, i64>;

/// A group that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct Wrong {
    pub key: String,
    pub kept: Held,
    /// `None` if there should be no such group.
    pub due: Option<Due>,
    pub held: Held,
    /// In which month it stands and should not.
    pub misdated: Option<DateTime<Utc>>,
}

/// The groups of a payment that are not as they should be. What was sent on is booked cumulatively: of such a
/// group only whose it is can be wrong, and when it was.
pub(in super::super) fn wrong(facts: &Facts<'_>, kept: &[ledger_entry::Model]) -> Vec<Wrong> {
    let entered = sent::by_group(&kept.iter().collect::<Vec<_>>());
    let groups: BTreeMap<&str, Held> = entered
        .iter()
        .map(|(key, entries)| (*key, held(entries)))
        .collect();
    let mut due = match facts.moved {
        Some(moved) => due(facts, moved),
        None => due(facts, &believed(&groups, kept)),
    };
    let mut days = sent::days(facts.payment, facts.sent, &groups);
    let mut wrong = Vec::new();
    for (key, kept) in groups {
        let sent = days
            .remove(key)
            .filter(|_| is_sent_on(facts.payment, &kept));
        let due = due.remove(key).or(sent.map(|at| Due {
            kind: Kind::Transfer,
            currency: facts.payment.currency.clone(),
            at,
            parts: sent::parts(&kept),
        }));
        // Where the books are believed in what moved, they are in when it did.
        let is_known = facts.moved.is_some() || !is_moved(key);
        let dated = due.as_ref().filter(|_| is_known);
        let misdated = dated.and_then(|due| misdated(&entered[key], due.at));
        let is_right = match (&due, key.starts_with("transfer:")) {
            (None, true) => is_sent_on(facts.payment, &kept),
            (Some(due), _) => kept == due.held(facts.payment),
            (None, false) => kept.is_empty(),
        };
        if !is_right || misdated.is_some() {
            let mut group = Wrong::new(facts.payment, key.to_owned(), kept, due);
            group.misdated = misdated;
            wrong.push(group);
        }
    }
    let missing = due.into_iter();
    wrong.extend(missing.map(|(key, due)| Wrong::new(facts.payment, key, Held::new(), Some(due))));
    wrong
}

impl Wrong {
    fn new(payment: &payment::Model, key: String, kept: Held, due: Option<Due>) -> Self {
        let held = due.as_ref().map(|due| due.held(payment));
        Self {
            key,
            kept,
            due,
            held: held.unwrap_or_default(),
            misdated: None,
        }
    }

    /// How it stands, and how it should, in words for whoever looks into it.
    pub fn told(&self, payment: &payment::Model) -> (String, String) {
        let tell = |held: &Held| {
            if held.is_empty() {
                return format!("{} not entered", self.key);
            }
            let parts = held
                .iter()
                .map(|((_, account, author, of, currency), amount)| {
                    let whose = match (*author == payment.author_id, *of == payment.id) {
                        (true, true) => "",
                        (false, _) => " of another author",
                        (true, false) => " of another payment",
                    };
                    let (word, amount) = match account {
                        Account::Stripe => ("moved", *amount),
                        Account::Author => ("author", -amount),
                        Account::Publication => ("publication", -amount),
                        Account::Tax => ("tax", -amount),
                    };
                    format!("{word} {}{whose}", Money::new(amount, currency).coded())
                });
            format!("{} {}", self.key, parts.collect::<Vec<_>>().join(", "))
        };
        let at = |at: Option<DateTime<Utc>>| {
            let on = at.filter(|_| self.misdated.is_some());
            on.map_or_else(String::new, |at| format!(", on {}", at.date_naive()))
        };
        let due = self.due.as_ref().map(|due| due.at);
        (
            format!("{}{}", tell(&self.kept), at(self.misdated)),
            format!("{}{}", tell(&self.held), at(due)),
        )
    }
}

impl Due {
    fn held(&self, payment: &payment::Model) -> Held {
        let lines = self.parts.lines();
        let whose = |account| {
            let (author, currency) = (payment.author_id, self.currency.clone());
            (self.kind, account, author, payment.id, currency)
        };
        lines
            .map(|(account, amount)| (whose(account), amount))
            .collect()
    }
}

/// The moment at which a group was first entered, where that is in another month than `due` and what was entered there
/// has not been taken back. A statement is a month: within it the moment changes no sum. Corrections of an amount stand
/// in the month in which they were made, so that no month that is over comes to something else.
pub(in super::super) fn misdated(
    group: &[&ledger_entry::Model],
    due: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    let mut first = group.iter().filter(|entry| entry.corrects.is_none());
    let stray = first.find(|entry| {
        let there = group.iter().filter(|one| month(one.at) == month(entry.at));
        month(entry.at) != month(due) && !held(&there.copied().collect::<Vec<_>>()).is_empty()
    });
    stray.map(|entry| entry.at)
}

/// The month of a statement.
pub(super) fn month(at: DateTime<Utc>) -> (i32, u32) {
    (at.year(), at.month())
}

pub(super) fn held(entries: &[&ledger_entry::Model]) -> Held {
    let mut held = Held::new();
    for entry in entries {
        let whose = (
            entry.kind,
            entry.account,
            entry.author_id,
            entry.payment_id,
            entry.currency.clone(),
        );
        *held.entry(whose).or_default() += entry.amount;
    }
    held.retain(|_, amount| *amount != 0);
    held
}

/// Whether a group is about money sent on to this payment's author, and adds up to nothing.
fn is_sent_on(payment: &payment::Model, kept: &Held) -> bool {
    let is_ours = |(kind, _, author, of, currency): &Whose| {
        (*kind, *author, *of) == (Kind::Transfer, payment.author_id, payment.id)
            && *currency == payment.currency
    };
    kept.keys().all(is_ours) && kept.values().sum::<i64>() == 0
}

fn is_moved(key: &str) -> bool {
    key.starts_with("fee:") || key.starts_with("dispute:")
}

/// What moved at Stripe, by the books themselves. A payment has one fee, and each dispute its own.
fn believed(groups: &BTreeMap<&str, Held>, kept: &[ledger_entry::Model]) -> Vec<Moved> {
    let is_disputes = |key: &str| {
        let dispute = key.replacen("fee:", "dispute:", 1);
        groups.contains_key(dispute.as_str())
    };
    let mut has_fee = false;
    let mut moved = Vec::new();
    for (key, held) in groups {
        let is_fee = key.starts_with("fee:") && !is_disputes(key);
        let is_second = is_fee && has_fee && !held.is_empty();
        has_fee |= is_fee && !held.is_empty();
        if is_second || !is_moved(key) {
            continue;
        }
        let at_stripe = held.iter();
        let at_stripe = at_stripe.filter(|((_, account, ..), _)| *account == Account::Stripe);
        let first = kept.iter().find(|entry| entry.about() == *key);
        if let Some(first) = first {
            moved.push(Moved {
                key: (*key).to_owned(),
                amount: at_stripe.map(|(_, amount)| amount).sum(),
                currency: first.currency.clone(),
                at: first.at,
            });
        }
    }
    moved
}
