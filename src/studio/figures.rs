//! The numbers of a dashboard: pure functions of an author's rows and the clock, right to the cent.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Datelike as _, Duration, NaiveDate, Utc};
use serde::Serialize;
use uuid::Uuid;

use crate::{
    entities::{
        Recurrence,
        membership::{self, State},
        tip,
    },
    membership::{Standing, standing_of},
    money::Money,
};

/// What an author's dashboard says. Amounts are minor units by currency.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Figures {
    /// Accounts that are patrons now, by membership or by a tip in its term.
    pub patrons: usize,
    /// Accounts that support the author for the first time since this calendar month (UTC) began.
    pub new: usize,
    /// Accounts that are no patrons now and whose access ended in this calendar month (UTC).
    pub lost: usize,
    /// What memberships in force bring a month; see `recurring`.
    pub recurring: Vec<Money>,
    /// Tips this calendar month (UTC).
    pub tips_this_month: Vec<Money>,
    /// Tips ever, without refunded ones.
    pub tips: Vec<Money>,
}

/// Computes them.
pub fn figures(
    memberships: &[membership::Model],
    tips: &[tip::Model],
    now: DateTime<Utc>,
    grace_days: u32,
) -> Figures {
    let month = month_of(now);
    let mut figures = Figures {
        recurring: recurring(memberships, now, grace_days),
        tips: total(tips, |_| true),
        tips_this_month: total(tips, |tip| tip.paid_at >= month),
        ..Figures::default()
    };
    for (rows, tips) in by_account(memberships, tips).values() {
        let standing = standing_of(rows, tips, now, grace_days);
        let began = rows.iter().filter_map(|row| row.started_at);
        let began = began.chain(tips.iter().map(|tip| tip.paid_at)).min();
        if began.is_some_and(|began| began >= month && began <= now) {
            figures.new += 1;
        }
        if standing.is_patron() {
            figures.patrons += 1;
        } else if last_end(rows, tips, grace_days).is_some_and(|end| end >= month && end <= now) {
            figures.lost += 1;
        }
    }
    figures
}

/// Monthly recurring revenue: monthly amounts in force, plus a twelfth of the yearly ones. The yearly
/// amounts of a currency are added up first and divided once, half a minor unit rounding up. Trials
/// bring nothing yet.
pub fn recurring(
    memberships: &[membership::Model],
    now: DateTime<Utc>,
    grace_days: u32,
) -> Vec<Money> {
    let mut sums: BTreeMap<&str, (i64, i64)> = BTreeMap::new();
    for row in memberships.iter().filter(|row| row.state != State::Trial) {
        let standing = standing_of(std::slice::from_ref(row), &[], now, grace_days);
        if standing.is_patron() {
            let (monthly, yearly) = sums.entry(&row.currency).or_default();
            match row.recurrence {
                Recurrence::Month => *monthly += row.amount,
                Recurrence::Year => *yearly += row.amount,
            }
        }
    }
    sums.into_iter()
        .map(|(currency, (monthly, yearly))| Money::new(monthly + (yearly + 6) / 12, currency))
        .collect()
}

/// The rows of each account together.
pub(super) fn by_account(
    memberships: &[membership::Model],
    tips: &[tip::Model],
) -> HashMap<Uuid, (Vec<membership::Model>, Vec<tip::Model>)> {
    let mut accounts: HashMap<Uuid, (Vec<_>, Vec<_>)> = HashMap::new();
    for row in memberships {
        accounts
            .entry(row.account_id)
            .or_default()
            .0
            .push(row.clone());
    }
    for tip in tips {
        accounts
            .entry(tip.account_id)
            .or_default()
            .1
            .push(tip.clone());
    }
    accounts
}

/// When the last access these rows ever gave ended.
fn last_end(
    rows: &[membership::Model],
    tips: &[tip::Model],
    grace_days: u32,
) -> Option<DateTime<Utc>> {
    let grace = Duration::days(i64::from(grace_days));
    let was_patron = rows.iter().filter(|row| row.started_at.is_some());
    let ends = was_patron.filter_map(|row| match row.state {
        State::Cancelling => row.cancel_at,
        State::Grace => row.past_due_since.map(|failed| failed + grace),
        State::Lapsed | State::Paused | State::Suspended => Some(row.updated_at),
        _ => row.ended_at,
    });
    ends.chain(tips.iter().filter_map(|tip| tip.patron_until))
        .max()
}

/// What tips come to, by currency.
fn total(tips: &[tip::Model], wanted: impl Fn(&tip::Model) -> bool) -> Vec<Money> {
    let mut sums: BTreeMap<&str, i64> = BTreeMap::new();
    let paid = tips.iter().filter(|tip| tip.state == tip::State::Paid);
    for tip in paid.filter(|tip| wanted(tip)) {
        *sums.entry(&tip.currency).or_default() += tip.amount;
    }
    sums.into_iter()
        .map(|(currency, amount)| Money::new(amount, currency))
        .collect()
}

/// The instant this calendar month began.
fn month_of(now: DateTime<Utc>) -> DateTime<Utc> {
    let first = NaiveDate::from_ymd_opt(now.year(), now.month(), 1);
    first
        .and_then(|day| day.and_hms_opt(0, 0, 0))
        .map_or(now, |start| start.and_utc())
}

/// The best standing of an account, for lists.
pub(super) fn standing_among(
    rows: &(Vec<membership::Model>, Vec<tip::Model>),
    now: DateTime<Utc>,
    grace_days: u32,
) -> Standing {
    standing_of(&rows.0, &rows.1, now, grace_days)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("a time")
    }

    fn row(amount: i64, recurrence: Recurrence, currency: &str, state: State) -> membership::Model {
        membership::Model {
            id: Uuid::now_v7(),
            account_id: Uuid::now_v7(),
            author_id: Uuid::nil(),
            tier_id: Uuid::nil(),
            price_id: Uuid::nil(),
            checkout_id: None,
            article_id: None,
            state,
            amount,
            currency: currency.to_owned(),
            recurrence,
            stripe_subscription_id: Uuid::now_v7().to_string(),
            stripe_customer_id: String::new(),
            stripe_status: String::new(),
            current_period_start: None,
            current_period_end: None,
            cancel_at: None,
            past_due_since: None,
            next_attempt_at: None,
            started_at: Some(at("2026-10-05T00:00:00Z")),
            ended_at: None,
            collection_paused: None,
            paused_at: None,
            cancel_reason: None,
            cancel_words: None,
            next_price_id: None,
            next_at: None,
            is_current: true,
            flag: None,
            generation: 0,
            created_at: at("2026-10-05T00:00:00Z"),
            updated_at: at("2026-10-05T00:00:00Z"),
        }
    }

    #[test]
    fn revenue_is_right_to_the_cent_in_each_currency() {
        let now = at("2026-11-20T12:00:00Z");
        let rows = [
            row(300, Recurrence::Month, "eur", State::Active),
            row(1000, Recurrence::Year, "eur", State::Active),
            row(1000, Recurrence::Year, "eur", State::Active),
            row(500, Recurrence::Month, "jpy", State::Active),
            row(700, Recurrence::Month, "eur", State::Trial),
            row(700, Recurrence::Month, "eur", State::Ended),
        ];
        // 2000 / 12 = 166.67, not twice 83.33.
        let expected = [Money::new(467, "eur"), Money::new(500, "jpy")];
        assert_eq!(recurring(&rows, now, 14), expected);
    }

    #[test]
    fn people_are_counted_once_and_by_the_calendar_month() {
        let now = at("2026-11-20T12:00:00Z");
        let old = row(300, Recurrence::Month, "eur", State::Active);
        let mut newcomer = row(300, Recurrence::Month, "eur", State::Active);
        newcomer.started_at = Some(at("2026-11-01T00:00:00Z"));
        let mut twice = old.clone();
        twice.id = Uuid::now_v7();
        let mut gone = row(300, Recurrence::Month, "eur", State::Ended);
        gone.ended_at = Some(at("2026-11-02T00:00:00Z"));
        let mut gone_before = row(300, Recurrence::Month, "eur", State::Ended);
        gone_before.ended_at = Some(at("2026-10-31T23:59:59Z"));
        let mut leaving = row(300, Recurrence::Month, "eur", State::Cancelling);
        leaving.cancel_at = Some(at("2026-11-10T00:00:00Z"));
        let rows = [old, newcomer, twice, gone, gone_before, leaving];
        let figures = figures(&rows, &[], now, 14);
        assert_eq!((figures.patrons, figures.new, figures.lost), (2, 1, 2));
    }
}
