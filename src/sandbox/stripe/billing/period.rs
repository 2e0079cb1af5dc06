//! When a period ends.

use chrono::{DateTime, Months, Utc};
use serde_json::Value;

use crate::sandbox::stripe::state::number;

pub(in super::super) const DAY: i64 = 24 * 60 * 60;

/// The end of the period that begins at `start`, all in seconds since 1970. The day of the month at
/// which billing is anchored is kept: 31 January, 28 February, 31 March.
/// Source: <https://docs.stripe.com/billing/subscriptions/billing-cycle>
pub(in super::super) fn end(recurring: &Value, anchor: i64, start: i64) -> i64 {
    let count = number(&recurring["interval_count"]).max(1);
    let days = match recurring["interval"].as_str() {
        Some("day") => 1,
        Some("week") => 7,
        Some("year") => return by_months(anchor, start, count * 12),
        _ => return by_months(anchor, start, count),
    };
    let length = days * count * DAY;
    let passed = (start - anchor).div_euclid(length);
    anchor + (passed + 1) * length
}

fn by_months(anchor: i64, start: i64, months: i64) -> i64 {
    let step = u32::try_from(months).unwrap_or(1);
    let Some(anchored) = DateTime::<Utc>::from_timestamp(anchor, 0) else {
        return start;
    };
    let ends = (0..).map_while(|count| anchored.checked_add_months(Months::new(count * step)));
    ends.map(|end| end.timestamp())
        .find(|end| *end > start)
        .unwrap_or(start)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn at(text: &str) -> i64 {
        let instant = text.parse::<DateTime<Utc>>();
        instant.expect("time").timestamp()
    }

    #[test]
    fn the_day_of_the_month_is_kept() {
        let monthly = json!({ "interval": "month", "interval_count": 1 });
        let anchor = at("2026-01-31T10:00:00Z");
        let february = end(&monthly, anchor, anchor);
        assert_eq!(february, at("2026-02-28T10:00:00Z"));
        assert_eq!(end(&monthly, anchor, february), at("2026-03-31T10:00:00Z"));
    }

    #[test]
    fn a_leap_day_comes_back_after_four_years() {
        let yearly = json!({ "interval": "year", "interval_count": 1 });
        let anchor = at("2028-02-29T10:00:00Z");
        let mut ends = vec![anchor];
        for _ in 0..4 {
            ends.push(end(&yearly, anchor, *ends.last().expect("one")));
        }
        assert_eq!(ends[1], at("2029-02-28T10:00:00Z"));
        assert_eq!(ends[4], at("2032-02-29T10:00:00Z"));
    }

    #[test]
    fn weeks_and_several_months() {
        let anchor = at("2026-01-31T10:00:00Z");
        for (interval, count, expected) in [
            ("day", 10, "2026-02-10T10:00:00Z"),
            ("week", 2, "2026-02-14T10:00:00Z"),
            ("month", 3, "2026-04-30T10:00:00Z"),
        ] {
            let recurring = json!({ "interval": interval, "interval_count": count });
            assert_eq!(end(&recurring, anchor, anchor), at(expected));
        }
    }

    #[test]
    fn before_the_anchor_the_first_period_ends_there() {
        let monthly = json!({ "interval": "month", "interval_count": 1 });
        let anchor = at("2026-01-31T10:00:00Z");
        assert_eq!(end(&monthly, anchor, anchor - 5 * DAY), anchor);
    }
}
