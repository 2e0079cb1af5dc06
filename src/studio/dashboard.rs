//! `/studio`: the numbers of a span, what needs a hand, and who came last.

use axum::{
    extract::{Query, State},
    response::Response,
};
use chrono::{Locale, NaiveDate};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    charts::{self, Steps},
    numbers::{self, Moves, Span, Step},
    supporters,
    waiting::Waiting,
};
use crate::{accounts::Author, app::App, money::Money, web::Result};

/// How many of the newest supporters, and of those who may be lost, the dashboard shows.
const SHOWN: u64 = 8;

/// What the page's address may say.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    /// `month`, `quarter`, `year` or `all`.
    span: Option<String>,
}

/// `GET /studio`
pub async fn show(
    State(app): State<App>,
    author: Author,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let id = author.author.id;
    let span = Span::read(asked.span.as_deref());
    let now = app.clock.now();
    let numbers = numbers::read(&app.db, id, span, now).await?;
    let waiting = Waiting::of(&app.db, id, now).await?;
    let language = author.visitor.language(&app);
    let page = json!({
        "author": { "name": author.author.name, "slug": author.author.slug },
        "spans": Span::ALL.map(Span::word),
        "span": span.word(),
        "charts": charts(&numbers.moves, span, language)?,
        "numbers": numbers,
        "waiting": waiting.is_any().then_some(waiting),
        "failing": supporters::some(&app.db, id, "failing", SHOWN).await?,
        "leaving": supporters::some(&app.db, id, "leaving", SHOWN).await?,
        "newest": supporters::some(&app.db, id, "all", SHOWN).await?,
    });
    author.visitor.page(&app, "studio/dashboard.html", &page)
}

/// The pictures, and the steps they are drawn over. There is one of revenue for each currency.
fn charts(moves: &Moves, span: Span, language: &str) -> anyhow::Result<Value> {
    let names: Vec<String> = moves
        .steps
        .iter()
        .map(|step| name(&step.name, span, language))
        .collect();
    let steps = Steps { names: &names };
    let each =
        |value: &dyn Fn(&Step) -> i64| -> Vec<i64> { moves.steps.iter().map(value).collect() };
    let patrons = each(&|step| step.patrons);
    let mut revenue = Vec::new();
    for of in &moves.revenue {
        let currency = of.currency.as_str();
        let sum = |sums: &std::collections::BTreeMap<String, i64>| {
            sums.get(currency).copied().unwrap_or_default()
        };
        let pairs: Vec<(i64, i64)> = moves
            .steps
            .iter()
            .map(|step| (sum(&step.gained), sum(&step.shed)))
            .collect();
        let written = |amount: &i64| Money::new(*amount, currency).format_short(language);
        revenue.push(json!({
            "currency": currency,
            "moves": charts::gains(&steps, &pairs, written)?,
            "spark": charts::spark(&each(&|step| sum(&step.recurring)))?,
        }));
    }
    Ok(json!({
        "patrons": charts::line(&steps, &patrons, ToString::to_string)?,
        "spark": charts::spark(&patrons)?,
        "won": charts::spark(&each(&|step| step.new))?,
        "revenue": revenue,
    }))
}

/// A step as it stands along the bottom: `26 Nov`, or `Nov` with each new year's number in place of its
/// first month.
fn name(step: &str, span: Span, language: &str) -> String {
    let first = match span.is_daily() {
        true => step.parse::<NaiveDate>(),
        false => format!("{step}-01").parse(),
    };
    let format = match (span.is_daily(), step.ends_with("-01"), language) {
        (true, _, "de") => "%-d. %b",
        (true, ..) => "%-d %b",
        (false, true, _) => "%Y",
        (false, ..) => "%b",
    };
    let locale = match language {
        "de" => Locale::de_DE,
        _ => Locale::en_GB,
    };
    first.map_or_else(
        |_| step.to_owned(),
        |day| day.format_localized(format, locale).to_string(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_named_as_people_say_them() {
        for (step, span, language, said) in [
            ("2026-11-26", Span::Month, "en", "26 Nov"),
            ("2026-11-26", Span::Quarter, "de", "26. Nov"),
            ("2026-11", Span::Year, "en", "Nov"),
            ("2027-01", Span::All, "de", "2027"),
        ] {
            assert_eq!(name(step, span, language), said);
        }
    }
}
