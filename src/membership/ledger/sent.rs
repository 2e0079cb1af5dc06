//! When what was sent on was entered, and when it should have been: the first with the payment, each further one when
//! Stripe shows that it came to so much.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::{
    Parts,
    wrong::{Held, held, misdated},
};
use crate::entities::{
    ledger_entry::{self, Account},
    payment,
};

/// When what was sent on came from `before` to `after`; `None` where it never did. `course`: when it came to how much,
/// in the order of time.
pub(in super::super) fn reached(
    course: &[(DateTime<Utc>, i64)],
    before: i64,
    after: i64,
) -> Option<DateTime<Utc>> {
    let from = match before {
        0 => 0,
        _ => 1 + course.iter().position(|(_, sum)| *sum == before)?,
    };
    let then = course.get(from..)?.iter().find(|(_, sum)| *sum == after);
    then.map(|(at, _)| *at)
}

/// When each of a payment's groups about what was sent on should be entered, by its key. A group that moves nothing at
/// Stripe has no day there. Once one was taken back whole, what came after stands when that was found.
pub(super) fn days<'a>(
    payment: &payment::Model,
    course: &[(DateTime<Utc>, i64)],
    groups: &BTreeMap<&'a str, Held>,
) -> BTreeMap<&'a str, DateTime<Utc>> {
    let mut sent: Vec<(usize, &str, &Held)> = groups
        .iter()
        .filter_map(|(key, held)| Some((number(key)?, *key, held)))
        .collect();
    sent.sort_unstable_by_key(|(number, key, _)| (*number, *key));
    let mut days = BTreeMap::new();
    let mut before = 0;
    for (number, key, held) in sent {
        if held.is_empty() {
            break;
        }
        let after = before - at_stripe(held);
        let day = match number {
            0 => Some(payment.paid_at),
            _ if after == before => None,
            _ => reached(course, before, after),
        };
        days.extend(day.map(|day| (key, day)));
        before = after;
    }
    days
}

/// Whether one of the groups of these entries was taken back whole.
pub(in super::super) fn is_any_taken_back(entries: &[&ledger_entry::Model]) -> bool {
    by_group(entries)
        .values()
        .any(|group| held(group).is_empty())
}

/// When one of the groups about what was sent on stands, and when it should: of a payment's entries of that kind.
pub(in super::super) fn misplaced(
    payment: &payment::Model,
    entries: &[ledger_entry::Model],
    course: &[(DateTime<Utc>, i64)],
) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let entered = by_group(&entries.iter().collect::<Vec<_>>());
    let groups = entered.iter().map(|(key, group)| (*key, held(group)));
    let days = days(payment, course, &groups.collect());
    days.into_iter().find_map(|(key, day)| {
        let wrong = misdated(entered.get(key)?, day)?;
        Some((wrong, day))
    })
}

/// What was entered and what corrects it, by the key of the first.
pub(super) fn by_group<'a>(
    entries: &[&'a ledger_entry::Model],
) -> BTreeMap<&'a str, Vec<&'a ledger_entry::Model>> {
    let mut groups: BTreeMap<&str, Vec<&ledger_entry::Model>> = BTreeMap::new();
    for entry in entries {
        groups.entry(entry.about()).or_default().push(entry);
    }
    groups
}

/// Which of them it is: they are counted.
fn number(key: &str) -> Option<usize> {
    let counted = key.strip_prefix("transfer:")?;
    counted.rsplit_once(':')?.1.parse().ok()
}

fn at_stripe(held: &Held) -> i64 {
    let lines = held
        .iter()
        .filter(|((_, account, ..), _)| *account == Account::Stripe);
    lines.map(|(_, amount)| amount).sum()
}

/// Whose it is by the group itself.
pub(super) fn parts(held: &Held) -> Parts {
    let sum = |wanted: Account| -> i64 {
        let lines = held
            .iter()
            .filter(|((_, account, ..), _)| *account == wanted);
        -lines.map(|(_, amount)| amount).sum::<i64>()
    };
    Parts {
        author: sum(Account::Author),
        publication: sum(Account::Publication),
        tax: sum(Account::Tax),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_that_on_which_it_came_to_so_much() {
        let at = |second| DateTime::from_timestamp(second, 0).unwrap_or_default();
        let course = [(at(1), 270), (at(2), 170), (at(3), 0)];
        for (before, after, second) in [
            (0, 270, Some(1)),
            (270, 170, Some(2)),
            // Two at once.
            (270, 0, Some(3)),
            (170, 0, Some(3)),
            // Nothing that Stripe knows of.
            (270, 200, None),
            (200, 170, None),
            (170, 270, None),
        ] {
            assert_eq!(
                reached(&course, before, after),
                second.map(at),
                "{before} {after}"
            );
        }
    }
}
