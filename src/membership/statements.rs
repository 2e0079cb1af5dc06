//! An author's month in the ledger: what came, what went, and whose it is.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Datelike as _, Months, NaiveDate, Utc};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder as _};
use serde::Serialize;
use uuid::Uuid;

use crate::entities::{
    ledger_entry::{self, Account, Column, Kind},
    payment, tier,
};

/// A calendar month in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Month(NaiveDate);

impl Month {
    /// The month a moment is in.
    pub fn of(at: DateTime<Utc>) -> Self {
        let day = at.date_naive();
        Self(day.with_day(1).unwrap_or(day))
    }

    /// Reads `2026-11`.
    pub fn parse(text: &str) -> Option<Self> {
        let first = NaiveDate::parse_from_str(&format!("{text}-01"), "%Y-%m-%d");
        first.ok().map(Self)
    }

    /// Its beginning, and that of the next one.
    pub fn span(self) -> (DateTime<Utc>, DateTime<Utc>) {
        let begin = |day: NaiveDate| day.and_time(chrono::NaiveTime::MIN).and_utc();
        (begin(self.0), begin(self.next().0))
    }

    pub fn previous(self) -> Self {
        Self(self.0.checked_sub_months(Months::new(1)).unwrap_or(self.0))
    }

    pub fn next(self) -> Self {
        Self(self.0.checked_add_months(Months::new(1)).unwrap_or(self.0))
    }
}

impl std::fmt::Display for Month {
    /// `2026-11`
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.format("%Y-%m").fmt(formatter)
    }
}

/// One group of the ledger, as a line. Minor units; positive is good for whose part it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    pub at: DateTime<Utc>,
    /// `payment`, `refund`, `refund_failed`, `dispute`, `fee`, `transfer` or `rounding`.
    pub kind: &'static str,
    /// Of the payment it belongs to.
    pub number: i64,
    pub key: String,
    /// Whether it puts another group right, or takes it back.
    pub is_correction: bool,
    pub currency: String,
    /// What moved at Stripe.
    pub amount: i64,
    pub author: i64,
    pub publication: i64,
    pub tax: i64,
}

/// The sums of one currency.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Sums {
    pub received: i64,
    /// Refunds, less those that failed.
    pub given_back: i64,
    pub disputed: i64,
    pub fees: i64,
    pub tax: i64,
    /// What the author has earned, less the cents that Stripe's rounding leaves with the publication.
    pub author: i64,
    pub publication: i64,
    /// What was sent on to the author's own account, less what came back from there.
    pub paid_directly: i64,
    /// What is left for the publication to pay the author.
    pub owed: i64,
}

/// One author's month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// One currency after the other, each in the order of time.
    pub lines: Vec<Line>,
    /// By currency.
    pub sums: BTreeMap<String, Sums>,
    /// The one the author sells in; none without a tier.
    own: Option<String>,
}

/// What a month comes to in one currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Total<'a> {
    pub currency: &'a str,
    #[serde(flatten)]
    pub sums: &'a Sums,
}

impl Statement {
    /// Each currency, the author's own first and the others by their codes.
    pub fn totals(&self) -> Vec<Total<'_>> {
        let mut totals: Vec<Total<'_>> = self
            .sums
            .iter()
            .map(|(currency, sums)| Total { currency, sums })
            .collect();
        totals.sort_by_key(|total| Some(total.currency) != self.own.as_deref());
        totals
    }
}

/// Reads a month from the ledger.
///
/// # Errors
/// If the database fails.
pub async fn statement(
    db: &impl ConnectionTrait,
    author: Uuid,
    month: Month,
) -> Result<Statement, DbErr> {
    let (begin, end) = month.span();
    let entries = ledger_entry::Entity::find()
        .filter(Column::AuthorId.eq(author))
        .filter(Column::At.gte(begin))
        .filter(Column::At.lt(end))
        .order_by_asc(Column::At)
        .order_by_asc(Column::GroupKey)
        .all(db)
        .await?;
    let numbers: HashMap<Uuid, i64> = payment::Entity::find()
        .filter(payment::Column::AuthorId.eq(author))
        .filter(payment::Column::Id.is_in(entries.iter().map(|entry| entry.payment_id)))
        .all(db)
        .await?
        .into_iter()
        .map(|payment| (payment.id, payment.number))
        .collect();
    let own = own_currency(db, author).await?;
    let mut lines = lines(&entries, &numbers);
    lines.sort_by_cached_key(|line| {
        let is_other = own.as_deref() != Some(line.currency.as_str());
        (is_other, line.currency.clone())
    });
    let mut sums: BTreeMap<String, Sums> = BTreeMap::new();
    for line in &lines {
        let sum = sums.entry(line.currency.clone()).or_default();
        match line.kind {
            "payment" => sum.received += line.amount,
            "dispute" => sum.disputed += line.amount,
            "fee" => sum.fees += line.amount,
            "transfer" => sum.paid_directly -= line.amount,
            _ => sum.given_back += line.amount,
        }
        // What was sent on was earned before.
        if line.kind != "transfer" {
            sum.author += line.author;
        }
        sum.owed += line.author;
        sum.publication += line.publication;
        sum.tax += line.tax;
    }
    Ok(Statement { lines, sums, own })
}

/// That of the first tier, one that is on sale before one that was.
async fn own_currency(db: &impl ConnectionTrait, author: Uuid) -> Result<Option<String>, DbErr> {
    let tiers = tier::Entity::of(author).all(db).await?;
    let sold = tiers.iter().find(|tier| tier.archived_at.is_none());
    Ok(sold.or(tiers.first()).map(|tier| tier.currency.clone()))
}

/// A line a group, and one more for what Stripe rounded of a transfer; the entries of a group stand together.
fn lines(entries: &[ledger_entry::Model], numbers: &HashMap<Uuid, i64>) -> Vec<Line> {
    let groups = entries.chunk_by(|a, b| a.group_key == b.group_key);
    let line = |group: &[ledger_entry::Model]| {
        let first = group.first()?;
        let part = |account: Account| -> i64 {
            let of = group.iter().filter(|entry| entry.account == account);
            of.map(|entry| entry.amount).sum()
        };
        Some(Line {
            at: first.at,
            kind: word(first.kind),
            number: numbers.get(&first.payment_id).copied().unwrap_or_default(),
            key: first.group_key.clone(),
            is_correction: first.corrects.is_some(),
            currency: first.currency.clone(),
            amount: part(Account::Stripe),
            author: -part(Account::Author),
            publication: -part(Account::Publication),
            tax: -part(Account::Tax),
        })
    };
    let mut lines: Vec<Line> = groups.filter_map(line).flat_map(rounded).collect();
    let order = ["payment", "fee"];
    lines.sort_by_key(|line| {
        let place = order.iter().position(|kind| *kind == line.kind);
        (line.at, place.unwrap_or(order.len()))
    });
    lines
}

/// What was sent on is the author's to the cent, so that what she has earned is the sum of all other lines: the
/// cents that Stripe rounded differently on the way, which are the publication's, stand in a line of their own.
fn rounded(line: Line) -> impl Iterator<Item = Line> {
    let is_rounded = line.kind == "transfer" && line.publication != 0;
    let rounding = is_rounded.then(|| Line {
        kind: "rounding",
        amount: 0,
        author: line.author - line.amount,
        ..line.clone()
    });
    let sent = match is_rounded {
        true => Line {
            author: line.amount,
            publication: 0,
            ..line
        },
        false => line,
    };
    [Some(sent), rounding].into_iter().flatten()
}

fn word(kind: Kind) -> &'static str {
    match kind {
        Kind::Payment => "payment",
        Kind::Refund => "refund",
        Kind::RefundFailed => "refund_failed",
        Kind::Dispute => "dispute",
        Kind::Fee => "fee",
        Kind::Transfer => "transfer",
    }
}

/// Everything that moved for one payment.
///
/// # Errors
/// If the database fails.
pub async fn of_payment(
    db: &impl ConnectionTrait,
    payment: &payment::Model,
) -> Result<Vec<Line>, DbErr> {
    let entries = ledger_entry::Entity::find()
        .filter(Column::PaymentId.eq(payment.id))
        .order_by_asc(Column::At)
        .order_by_asc(Column::GroupKey)
        .all(db)
        .await?;
    let numbers = HashMap::from([(payment.id, payment.number)]);
    Ok(lines(&entries, &numbers))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_ends_where_the_next_begins() {
        for (text, next, previous) in [
            ("2026-11", "2026-12", "2026-10"),
            ("2026-12", "2027-01", "2026-11"),
            ("2028-02", "2028-03", "2028-01"),
        ] {
            let month = Month::parse(text).expect("a month");
            assert_eq!(month.next().to_string(), next);
            assert_eq!(month.previous().to_string(), previous);
            assert_eq!(month.span().1, month.next().span().0);
        }
        for text in ["", "2026", "2026-13", "2026-1-1", "x"] {
            assert_eq!(Month::parse(text), None, "{text}");
        }
    }
}
