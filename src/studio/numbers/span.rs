//! The span of time a dashboard looks at, and the steps it is drawn in.

use chrono::{DateTime, Days, Months, NaiveDate, Utc};

/// What can be chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::studio) enum Span {
    /// Thirty days, by the day.
    Month,
    /// Ninety days, by the day.
    Quarter,
    /// Twelve months, by the month.
    #[default]
    Year,
    /// From the first supporter on, by the month.
    All,
}

impl Span {
    pub const ALL: [Self; 4] = [Self::Month, Self::Quarter, Self::Year, Self::All];

    /// As the page's address says it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
            Self::All => "all",
        }
    }

    /// Reads what an address says; the usual span where it says something else.
    pub fn read(word: Option<&str>) -> Self {
        let known = Self::ALL.into_iter().find(|span| Some(span.word()) == word);
        known.unwrap_or_default()
    }

    pub fn is_daily(self) -> bool {
        matches!(self, Self::Month | Self::Quarter)
    }

    /// The first day that counts. `first` is that of the first supporter.
    pub fn begins(self, now: DateTime<Utc>, first: Option<NaiveDate>) -> NaiveDate {
        let today = now.date_naive();
        let day = match self {
            Self::Month => today.checked_sub_days(Days::new(29)),
            Self::Quarter => today.checked_sub_days(Days::new(89)),
            Self::Year => first_of(today).checked_sub_months(Months::new(11)),
            Self::All => Some(first_of(first.unwrap_or(today).min(today))),
        };
        day.unwrap_or(today)
    }

    /// The steps from `from` to `now`: days as `2026-11-26`, months as `2026-11`.
    pub fn steps(self, from: NaiveDate, now: DateTime<Utc>) -> Vec<String> {
        let today = now.date_naive();
        let next = |day: &NaiveDate| match self.is_daily() {
            true => day.checked_add_days(Days::new(1)),
            false => first_of(*day).checked_add_months(Months::new(1)),
        };
        let format = if self.is_daily() { "%Y-%m-%d" } else { "%Y-%m" };
        std::iter::successors(Some(from), next)
            .take_while(|day| *day <= today)
            .map(|day| day.format(format).to_string())
            .collect()
    }

    /// How many signs of a day name its step.
    pub fn digits(self) -> usize {
        if self.is_daily() { 10 } else { 7 }
    }
}

fn first_of(day: NaiveDate) -> NaiveDate {
    chrono::Datelike::with_day(&day, 1).unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_has_the_steps_people_expect() {
        let now: DateTime<Utc> = "2026-11-26T12:00:00Z".parse().expect("a time");
        let day = |text: &str| text.parse::<NaiveDate>().expect("a day");
        for (word, first, begins, steps, last) in [
            ("month", None, "2026-10-28", 30, "2026-11-26"),
            ("quarter", None, "2026-08-29", 90, "2026-11-26"),
            ("year", None, "2025-12-01", 12, "2026-11"),
            ("all", Some("2026-09-17"), "2026-09-01", 3, "2026-11"),
            ("all", None, "2026-11-01", 1, "2026-11"),
            ("nonsense", None, "2025-12-01", 12, "2026-11"),
        ] {
            let span = Span::read(Some(word));
            let from = span.begins(now, first.map(day));
            assert_eq!(from, day(begins), "{word}");
            let all = span.steps(from, now);
            assert_eq!(all.len(), steps, "{word}");
            assert_eq!(all.last().map(String::as_str), Some(last), "{word}");
        }
    }
}
