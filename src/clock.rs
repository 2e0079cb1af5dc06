//! The time, as something that can be set: tests and the demo advance it, production reads the system's.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use chrono::{
    DateTime, Datelike as _, Days, Duration, DurationRound, NaiveDate, TimeDelta, Utc, Weekday,
};
use chrono_tz::Tz;

/// Tells the time. Clones share one setting, so advancing one advances all.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    ahead_seconds: Arc<AtomicI64>,
}

impl Clock {
    /// The system's clock, possibly advanced. Whole microseconds, because PostgreSQL keeps no more.
    pub fn now(&self) -> DateTime<Utc> {
        #[expect(
            clippy::disallowed_methods,
            reason = "the one place that reads the time"
        )]
        let now = Utc::now() + Duration::seconds(self.ahead_seconds());
        now.duration_trunc(Duration::microseconds(1)).unwrap_or(now)
    }

    /// How far this clock runs ahead of the system's, in seconds.
    pub fn ahead_seconds(&self) -> i64 {
        self.ahead_seconds.load(Ordering::SeqCst)
    }

    /// Moves the clock forward (or back) for everybody who holds it.
    pub fn advance(&self, by: Duration) {
        self.ahead_seconds
            .fetch_add(by.num_seconds(), Ordering::SeqCst);
    }
}

/// The first instant after `now` at which the clock in `zone` strikes `hour`, on `weekday` if one is given.
/// An hour that a change of the clock skips is struck an hour later; one that comes twice, the first time.
pub fn next_strike(
    now: DateTime<Utc>,
    zone: Tz,
    hour: u32,
    weekday: Option<Weekday>,
) -> DateTime<Utc> {
    let today = now.with_timezone(&zone).date_naive();
    (0..9)
        .filter_map(|days| today.checked_add_days(Days::new(days)))
        .filter(|date| weekday.is_none_or(|wanted| date.weekday() == wanted))
        .filter_map(|date| struck(date, zone, hour))
        .find(|at| *at > now)
        .unwrap_or(now + TimeDelta::days(1))
}

/// The last instant, at `now` or before it, at which it struck `hour` there.
pub fn last_strike(now: DateTime<Utc>, zone: Tz, hour: u32) -> DateTime<Utc> {
    let today = now.with_timezone(&zone).date_naive();
    (0..3)
        .filter_map(|days| today.checked_sub_days(Days::new(days)))
        .filter_map(|date| struck(date, zone, hour))
        .find(|at| *at <= now)
        .unwrap_or(now)
}

fn struck(date: NaiveDate, zone: Tz, hour: u32) -> Option<DateTime<Utc>> {
    let struck = date.and_hms_opt(hour, 0, 0)?;
    let at = struck.and_local_timezone(zone).earliest();
    let at = at.or_else(|| {
        let later = struck + TimeDelta::hours(1);
        later.and_local_timezone(zone).earliest()
    })?;
    Some(at.to_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_goes_out_by_the_clock_of_its_publication() {
        let berlin = Tz::Europe__Berlin;
        for (now, zone, hour, weekday, expected) in [
            (
                "2026-11-26T05:59:59Z",
                berlin,
                7,
                None,
                "2026-11-26T06:00:00Z",
            ),
            (
                "2026-11-26T06:00:00Z",
                berlin,
                7,
                None,
                "2026-11-27T06:00:00Z",
            ),
            // Summer begins: the day has 23 hours, and the letter comes at seven all the same.
            (
                "2026-03-28T07:00:00Z",
                berlin,
                7,
                None,
                "2026-03-29T05:00:00Z",
            ),
            // Half past two is no time then, and three is next.
            (
                "2026-03-28T12:00:00Z",
                berlin,
                2,
                None,
                "2026-03-29T01:00:00Z",
            ),
            // Two strikes twice in the autumn.
            (
                "2026-10-24T12:00:00Z",
                berlin,
                2,
                None,
                "2026-10-25T00:00:00Z",
            ),
            (
                "2026-11-26T12:00:00Z",
                Tz::UTC,
                7,
                Some(Weekday::Sat),
                "2026-11-28T07:00:00Z",
            ),
            (
                "2026-11-28T07:00:00Z",
                Tz::UTC,
                7,
                Some(Weekday::Sat),
                "2026-12-05T07:00:00Z",
            ),
            (
                "2026-11-26T20:00:00Z",
                Tz::Pacific__Auckland,
                7,
                None,
                "2026-11-27T18:00:00Z",
            ),
        ] {
            let at: DateTime<Utc> = now.parse().expect(now);
            let expected: DateTime<Utc> = expected.parse().expect(expected);
            assert_eq!(
                next_strike(at, zone, hour, weekday),
                expected,
                "{now} {zone}"
            );
        }
    }

    #[test]
    fn a_morning_lasts_until_the_next() {
        let berlin = Tz::Europe__Berlin;
        for (now, zone, expected) in [
            ("2026-12-21T06:59:59Z", Tz::UTC, "2026-12-20T07:00:00Z"),
            ("2026-12-21T07:00:00Z", Tz::UTC, "2026-12-21T07:00:00Z"),
            ("2026-12-21T23:00:00Z", Tz::UTC, "2026-12-21T07:00:00Z"),
            ("2026-12-21T05:59:59Z", berlin, "2026-12-20T06:00:00Z"),
            ("2026-12-21T06:00:00Z", berlin, "2026-12-21T06:00:00Z"),
            ("2026-12-21T23:30:00Z", berlin, "2026-12-21T06:00:00Z"),
            ("2026-03-29T05:00:00Z", berlin, "2026-03-29T05:00:00Z"),
        ] {
            let at = |text: &str| text.parse::<DateTime<Utc>>().expect(text);
            assert_eq!(last_strike(at(now), zone, 7), at(expected), "{now} {zone}");
        }
    }
}
