//! Retention: of those who first supported in a month, how many are patrons at the end of that month
//! and of each one after.

use std::collections::BTreeMap;

use chrono::{DateTime, Months, Utc};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect as _,
    sea_query::Expr,
};
use serde::Serialize;
use uuid::Uuid;

use crate::entities::movement_tally::{self, Column};

/// How many months are looked at.
const MONTHS: u32 = 12;

/// Those who came in one month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(in crate::studio) struct Cohort {
    /// `2026-11`
    pub month: String,
    /// How many became patrons then for the first time.
    pub size: i64,
    /// How many are patrons at the end of that month, of the next one, and so on, to now.
    pub kept: Vec<Kept>,
}

/// A count and its part of the whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(in crate::studio) struct Kept {
    pub patrons: i64,
    pub percent: i64,
}

/// Cohort, month, patrons, of them for the first time.
type Row = (String, String, i64, i64);

pub(super) async fn read(
    db: &impl ConnectionTrait,
    author: Uuid,
    now: DateTime<Utc>,
) -> Result<Vec<Cohort>, DbErr> {
    let month = "substr(day, 1, 7)";
    let months = months(now);
    let first = months.first().cloned().unwrap_or_default();
    let rows: Vec<Row> = movement_tally::Entity::find()
        .select_only()
        .column(Column::Cohort)
        .column_as(Expr::cust(month), "month")
        .column_as(Expr::cust("CAST(SUM(patrons) AS BIGINT)"), "people")
        .column_as(Expr::cust("CAST(SUM(firsts) AS BIGINT)"), "firsts")
        .filter(Column::AuthorId.eq(author))
        .filter(Column::Day.gte(first.as_str()))
        .filter(Column::Cohort.gte(first.as_str()))
        .group_by(Column::Cohort)
        .group_by(Expr::cust(month))
        .into_tuple()
        .all(db)
        .await?;
    Ok(of(&rows, &months))
}

/// The last twelve, this one too.
fn months(now: DateTime<Utc>) -> Vec<String> {
    let this = chrono::Datelike::with_day(&now.date_naive(), 1).unwrap_or(now.date_naive());
    (0..MONTHS)
        .rev()
        .filter_map(|back| this.checked_sub_months(Months::new(back)))
        .map(|month| month.format("%Y-%m").to_string())
        .collect()
}

fn of(rows: &[Row], months: &[String]) -> Vec<Cohort> {
    let mut by_cohort: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
    for row in rows {
        by_cohort.entry(&row.0).or_default().push(row);
    }
    let cohort = |(month, rows): (&str, Vec<&Row>)| {
        let size: i64 = rows.iter().map(|row| row.3).sum();
        let ends = months.iter().filter(|end| end.as_str() >= month);
        let kept = ends.map(|end| {
            let until = rows.iter().filter(|row| row.1 <= *end);
            let patrons: i64 = until.map(|row| row.2).sum();
            Kept {
                patrons,
                percent: (patrons * 100).checked_div(size).unwrap_or_default(),
            }
        });
        Cohort {
            month: month.to_owned(),
            size,
            kept: kept.collect(),
        }
    };
    by_cohort
        .into_iter()
        .map(cohort)
        .filter(|cohort| cohort.size > 0)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cohort_is_followed_from_its_first_month() {
        let row = |cohort: &str, month: &str, patrons, firsts| -> Row {
            (cohort.to_owned(), month.to_owned(), patrons, firsts)
        };
        let rows = [
            row("2026-09", "2026-09", 4, 4),
            row("2026-09", "2026-10", -2, 0),
            row("2026-09", "2026-11", 1, 0),
            row("2026-11", "2026-11", 1, 2),
        ];
        let months = months("2026-11-26T12:00:00Z".parse().expect("a time"));
        assert_eq!((months.len(), months[0].as_str()), (12, "2025-12"));
        let cohorts = of(&rows, &months);
        let kept = |index: usize| -> Vec<(i64, i64)> {
            let kept = cohorts[index].kept.iter();
            kept.map(|kept| (kept.patrons, kept.percent)).collect()
        };
        assert_eq!(kept(0), [(4, 100), (2, 50), (3, 75)]);
        assert_eq!((cohorts[1].size, kept(1)), (2, vec![(1, 50)]));
    }
}
