//! What stands on the roll of one reader, and what moved: pure functions of rows and clock.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Duration, Utc};
use uuid::Uuid;

use crate::{
    entities::{
        Recurrence, grant,
        membership::{self, State},
        movement::{self, Kind},
        supporter, tip,
    },
    membership::standing::{Standing, Support, standing_of},
};

/// Everything there is between one reader and one author.
#[derive(Debug, Default)]
pub(super) struct Rows {
    pub memberships: Vec<membership::Model>,
    pub tips: Vec<tip::Model>,
    pub grants: Vec<grant::Model>,
    pub movements: Vec<movement::Model>,
}

/// A reader on the roll, and what is not kept there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub row: supporter::Model,
    /// What she gave last, where she gives nothing now: in twelve months, minor units.
    pub gave: i64,
    /// When the last access she ever had ended.
    pub went: Option<DateTime<Utc>>,
    /// Whether she ever was a patron.
    pub has_been: bool,
    pub article_id: Option<Uuid>,
}

/// `None` for somebody who never came near to supporting.
pub(super) fn entry(
    author: Uuid,
    account: Uuid,
    rows: &Rows,
    now: DateTime<Utc>,
    grace_days: u32,
) -> Option<Entry> {
    let standing = standing_of(&rows.memberships, &rows.tips, &rows.grants, now, grace_days);
    let began = rows.memberships.iter().filter_map(|row| row.started_at);
    let granted = rows.grants.iter().filter_map(|grant| grant.starts_at);
    let granted = granted.filter(|begin| *begin <= now);
    let began = began.chain(granted.clone());
    let began = began.chain(rows.tips.iter().map(|tip| tip.paid_at)).min();
    let asked = rows.memberships.iter().map(|row| row.created_at).min();
    let first_at = began.or(asked)?;
    let row = of_standing(&rows.memberships, &standing);
    let tip = rows.tips.iter().max_by_key(|tip| tip.paid_at);
    // What she holds by a grant costs her nothing, whatever she once gave.
    let gave_once = tip.filter(|_| standing.support != Support::Granted);
    let yearly = match row {
        Some(row) if standing.is_patron() => yearly(row),
        _ => 0,
    };
    let first = rows.memberships.iter().min_by_key(|row| row.created_at);
    let moved = first.and_then(|row| row.article_id);
    let last = rows
        .memberships
        .iter()
        .filter(|row| row.started_at.is_some());
    let gave = last.max_by_key(|row| row.started_at);
    Some(Entry {
        gave: gave.map_or(0, worth),
        went: last_end(rows, grace_days),
        has_been: rows.memberships.iter().any(|row| row.started_at.is_some())
            || rows.tips.iter().any(|tip| tip.patron_until.is_some())
            || granted.count() > 0,
        article_id: moved.or(tip.and_then(|tip| tip.article_id)),
        row: supporter::Model {
            author_id: author,
            account_id: account,
            is_patron: standing.is_patron(),
            standing: standing.support.word().to_owned(),
            tier_id: standing.tier_id,
            amount: row
                .map(|row| row.amount)
                .or(gave_once.map(|tip| tip.amount)),
            currency: row
                .map(|row| row.currency.clone())
                .or_else(|| gave_once.map(|tip| tip.currency.clone())),
            recurrence: row.map(|row| row.recurrence),
            yearly,
            first_at,
            since: standing.since,
            until: standing.until,
            reckoned_at: Some(now),
        },
    })
}

fn of_standing<'a>(
    memberships: &'a [membership::Model],
    standing: &Standing,
) -> Option<&'a membership::Model> {
    let id = standing.membership_id?;
    memberships.iter().find(|row| row.id == id)
}

/// What a membership in force brings in twelve months. A trial, and one that is not collected for,
/// bring nothing.
fn yearly(row: &membership::Model) -> i64 {
    let is_trial = row.state == State::Trial || row.stripe_status == "trialing";
    let is_void = row.collection_paused.as_deref() == Some(membership::VOID);
    match is_trial || is_void {
        true => 0,
        false => worth(row),
    }
}

fn worth(row: &membership::Model) -> i64 {
    match row.recurrence {
        Recurrence::Month => row.amount * 12,
        Recurrence::Year => row.amount,
    }
}

/// When the last access these rows ever gave ended.
fn last_end(rows: &Rows, grace_days: u32) -> Option<DateTime<Utc>> {
    let grace = Duration::days(i64::from(grace_days));
    let was_patron = rows.memberships.iter();
    let was_patron = was_patron.filter(|row| row.started_at.is_some());
    let ends = was_patron.filter_map(|row| match row.state {
        State::Cancelling => row.cancel_at,
        State::Grace => row.past_due_since.map(|failed| failed + grace),
        State::Lapsed | State::Paused | State::Suspended => Some(row.updated_at),
        _ => row.ended_at,
    });
    let granted = rows.grants.iter();
    ends.chain(rows.tips.iter().filter_map(|tip| tip.patron_until))
        .chain(granted.filter_map(|grant| grant.revoked_at.or(grant.ends_at).min(grant.ends_at)))
        .max()
}

/// What has moved since `before`, oldest first.
pub(super) fn movements(
    before: &[movement::Model],
    entry: &Entry,
    now: DateTime<Utc>,
) -> Vec<movement::Model> {
    let row = &entry.row;
    let (patrons, is_patron) = (sum(before), i32::from(row.is_patron));
    if before.is_empty() && !row.is_patron && entry.has_been {
        // She came and went before anybody looked.
        let currency = row.currency.clone().filter(|_| entry.gave > 0);
        let kind = |kind| if entry.gave > 0 { kind } else { Kind::None };
        let came = row.first_at.min(now);
        let went = entry.went.unwrap_or(now).clamp(came, now);
        return vec![
            moved(
                entry,
                came,
                kind(Kind::New),
                1,
                (currency.clone(), entry.gave),
            ),
            moved(entry, went, kind(Kind::Churn), -1, (currency, -entry.gave)),
        ];
    }
    let last = before.iter().map(|row| row.at).max();
    let at = match is_patron - patrons {
        1.. if before.is_empty() => row.since.unwrap_or(now),
        ..=-1 => entry.went.unwrap_or(now),
        _ => now,
    };
    let at = at.min(now).max(last.unwrap_or(at.min(now)));
    let had = by_currency(before);
    let gives = row.currency.as_deref().filter(|_| row.yearly > 0);
    let currencies: BTreeSet<&str> = had.keys().copied().chain(gives).collect();
    let had_any: i64 = had.values().sum();
    let has_paid = before.iter().any(|row| row.yearly > 0);
    let mut patrons = is_patron - patrons;
    let mut moves = Vec::new();
    for currency in currencies {
        let then = had.get(currency).copied().unwrap_or_default();
        let by = if gives == Some(currency) {
            row.yearly
        } else {
            0
        } - then;
        if by == 0 {
            continue;
        }
        let kind = match (had_any, row.yearly) {
            (0, _) if has_paid => Kind::Reactivated,
            (0, _) => Kind::New,
            (_, 0) => Kind::Churn,
            _ if by > 0 => Kind::Upgrade,
            _ => Kind::Downgrade,
        };
        let money = (Some(currency.to_owned()), by);
        moves.push(moved(entry, at, kind, std::mem::take(&mut patrons), money));
    }
    if patrons != 0 {
        moves.push(moved(entry, at, Kind::None, patrons, (None, 0)));
    }
    for one in &mut moves {
        one.is_first = one.patrons > 0 && before.iter().all(|row| row.patrons <= 0);
    }
    moves
}

fn sum(rows: &[movement::Model]) -> i32 {
    rows.iter().map(|row| row.patrons).sum()
}

fn by_currency(rows: &[movement::Model]) -> BTreeMap<&str, i64> {
    let mut sums = BTreeMap::new();
    for row in rows {
        if let Some(currency) = row.currency.as_deref() {
            *sums.entry(currency).or_default() += row.yearly;
        }
    }
    sums.retain(|_, sum| *sum != 0);
    sums
}

fn moved(
    entry: &Entry,
    at: DateTime<Utc>,
    kind: Kind,
    patrons: i32,
    (currency, yearly): (Option<String>, i64),
) -> movement::Model {
    movement::Model {
        id: Uuid::now_v7(),
        author_id: entry.row.author_id,
        account_id: entry.row.account_id,
        kind,
        patrons,
        is_first: patrons > 0,
        yearly,
        currency,
        tier_id: entry.row.tier_id,
        article_id: entry.article_id.filter(|_| patrons > 0),
        cohort: entry.row.first_at.format("%Y-%m").to_string(),
        day: at.format("%Y-%m-%d").to_string(),
        at,
    }
}
