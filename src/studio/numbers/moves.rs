//! What moved in a span: patrons who came and went, and recurring revenue by why it changed.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect as _,
    sea_query::Expr,
};
use serde::Serialize;
use uuid::Uuid;

use super::{Span, monthly};
use crate::entities::{
    movement::Kind,
    movement_tally::{self, Column},
};

/// What moved in a span.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(in crate::studio) struct Moves {
    /// Patrons for the first time.
    pub new: i64,
    /// Patrons again, after a time without.
    pub back: i64,
    pub lost: i64,
    /// Patrons at the end less patrons at the beginning.
    pub net: i64,
    /// Recurring revenue, by currency.
    pub revenue: Vec<Revenue>,
    /// Step by step.
    pub steps: Vec<Step>,
}

/// How the recurring revenue of one currency changed; minor units a month.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(in crate::studio) struct Revenue {
    pub currency: String,
    pub new: i64,
    pub reactivated: i64,
    pub upgrade: i64,
    pub downgrade: i64,
    pub churn: i64,
    pub net: i64,
}

/// One day or month.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(in crate::studio) struct Step {
    /// `2026-11-26` or `2026-11`.
    pub name: String,
    /// At its end.
    pub patrons: i64,
    pub new: i64,
    pub lost: i64,
    /// Recurring revenue at its end by currency; minor units a month.
    pub recurring: BTreeMap<String, i64>,
    /// What came and what went of it.
    pub gained: BTreeMap<String, i64>,
    pub shed: BTreeMap<String, i64>,
}

/// Step, kind, currency, yearly amount, patrons, of them for the first time, of them lost.
type Row = (String, Kind, Option<String>, i64, i64, i64, i64);

pub(super) async fn read(
    db: &impl ConnectionTrait,
    author: Uuid,
    span: Span,
    from: NaiveDate,
    now: DateTime<Utc>,
) -> Result<Moves, DbErr> {
    let from_day = from.format("%Y-%m-%d").to_string();
    let of_author = || movement_tally::Entity::find().filter(Column::AuthorId.eq(author));
    let before: Vec<(Option<String>, i64, i64)> = of_author()
        .select_only()
        .column(Column::Currency)
        .column_as(Expr::cust("CAST(SUM(yearly) AS BIGINT)"), "yearly")
        .column_as(Expr::cust("CAST(SUM(patrons) AS BIGINT)"), "patrons")
        .filter(Column::Day.lt(from_day.as_str()))
        .group_by(Column::Currency)
        .into_tuple()
        .all(db)
        .await?;
    let step = format!("substr(day, 1, {})", span.digits());
    let rows: Vec<Row> = of_author()
        .select_only()
        .column_as(Expr::cust(step.clone()), "step")
        .columns([Column::Kind, Column::Currency])
        .column_as(Expr::cust("CAST(SUM(yearly) AS BIGINT)"), "yearly")
        .column_as(Expr::cust("CAST(SUM(patrons) AS BIGINT)"), "patrons")
        .column_as(Expr::cust("CAST(SUM(firsts) AS BIGINT)"), "firsts")
        .column_as(Expr::cust("CAST(SUM(lost) AS BIGINT)"), "lost")
        .filter(Column::Day.gte(from_day.as_str()))
        .group_by(Expr::cust(step))
        .group_by(Column::Kind)
        .group_by(Column::Currency)
        .into_tuple()
        .all(db)
        .await?;
    Ok(of(&before, &rows, span.steps(from, now)))
}

fn of(before: &[(Option<String>, i64, i64)], rows: &[Row], steps: Vec<String>) -> Moves {
    let mut moves = Moves {
        new: rows.iter().map(|row| row.5).sum(),
        lost: rows.iter().map(|row| row.6).sum(),
        net: rows.iter().map(|row| row.4).sum(),
        revenue: revenue(rows),
        ..Moves::default()
    };
    moves.back = moves.net + moves.lost - moves.new;
    let mut patrons: i64 = before.iter().map(|row| row.2).sum();
    let mut yearly: BTreeMap<&str, i64> = BTreeMap::new();
    for (currency, sum, _) in before {
        if let Some(currency) = currency {
            yearly.insert(currency, *sum);
        }
    }
    for name in steps {
        let mut step = Step::default();
        let (mut gained, mut shed) = (BTreeMap::new(), BTreeMap::new());
        for row in rows.iter().filter(|row| row.0 == name) {
            patrons += row.4;
            step.new += row.5;
            step.lost += row.6;
            if let Some(currency) = &row.2 {
                *yearly.entry(currency).or_default() += row.3;
                let side = if row.3 > 0 { &mut gained } else { &mut shed };
                *side.entry(currency.clone()).or_default() += row.3;
            }
        }
        step.patrons = patrons;
        step.recurring = each_monthly(yearly.iter().map(|(code, sum)| ((*code).to_owned(), *sum)));
        step.gained = each_monthly(gained);
        step.shed = each_monthly(shed);
        step.name = name;
        moves.steps.push(step);
    }
    moves
}

fn each_monthly(sums: impl IntoIterator<Item = (String, i64)>) -> BTreeMap<String, i64> {
    let sums = sums.into_iter();
    sums.map(|(currency, yearly)| (currency, monthly(yearly)))
        .collect()
}

fn revenue(rows: &[Row]) -> Vec<Revenue> {
    let currencies: BTreeSet<&String> = rows.iter().filter_map(|row| row.2.as_ref()).collect();
    let of = |currency: &String| {
        let sum = |wanted: Option<Kind>| {
            let some = rows.iter().filter(|row| row.2.as_ref() == Some(currency));
            let some = some.filter(|row| wanted.is_none_or(|kind| kind == row.1));
            monthly(some.map(|row| row.3).sum())
        };
        Revenue {
            currency: currency.clone(),
            new: sum(Some(Kind::New)),
            reactivated: sum(Some(Kind::Reactivated)),
            upgrade: sum(Some(Kind::Upgrade)),
            downgrade: sum(Some(Kind::Downgrade)),
            churn: sum(Some(Kind::Churn)),
            net: sum(None),
        }
    };
    currencies.into_iter().map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_tells_what_moved_and_how_it_stood_at_each_step() {
        let eur = || Some("eur".to_owned());
        let row = |step: &str, kind, yearly, patrons, firsts, lost| -> Row {
            (step.to_owned(), kind, eur(), yearly, patrons, firsts, lost)
        };
        let before = [(eur(), 3_600, 1), (None, 0, 1)];
        let rows = [
            row("2026-10", Kind::New, 7_200, 2, 2, 0),
            row("2026-10", Kind::Upgrade, 1_200, 0, 0, 0),
            row("2026-11", Kind::Churn, -3_600, -1, 0, 1),
            row("2026-11", Kind::Reactivated, 3_600, 1, 0, 0),
        ];
        let steps = vec!["2026-10".to_owned(), "2026-11".to_owned()];
        let moves = of(&before, &rows, steps);
        assert_eq!((moves.new, moves.back, moves.lost, moves.net), (2, 1, 1, 2));
        let expected = Revenue {
            currency: "eur".to_owned(),
            new: 600,
            reactivated: 300,
            upgrade: 100,
            downgrade: 0,
            churn: -300,
            net: 700,
        };
        assert_eq!(moves.revenue, [expected]);
        let at = |step: usize| {
            (
                moves.steps[step].patrons,
                moves.steps[step].recurring["eur"],
            )
        };
        assert_eq!((at(0), at(1)), ((4, 1_000), (4, 1_000)));
        assert_eq!(moves.steps[1].shed["eur"], -300);
    }
}
