//! When the letter of the day and the letter of the week go out.

use chrono::{DateTime, Days, NaiveDate, Utc, Weekday};
use chrono_tz::Tz;

use crate::{app::App, entities::Frequency};

/// The next time such a letter goes out, after `now`. Whoever hears at once hears now.
pub(super) fn next(app: &App, frequency: Frequency, now: DateTime<Utc>) -> DateTime<Utc> {
    let hours = &app.config.notices;
    let day = (frequency == Frequency::Weekly).then(|| hours.weekday());
    match frequency {
        Frequency::AtOnce | Frequency::None => now,
        _ => after(now, app.config.publication.zone(), hours.digest_hour, day),
    }
}

/// The day an instant belongs to, where the publication is.
pub(super) fn day(app: &App, at: DateTime<Utc>) -> NaiveDate {
    app.config.publication.local(at).date_naive()
}

/// The first instant after `now` at which the clock in `zone` strikes `hour`, on `weekday` if one is given.
/// An hour that a change of the clock skips is struck an hour later; one that comes twice, the first time.
fn after(now: DateTime<Utc>, zone: Tz, hour: u32, weekday: Option<Weekday>) -> DateTime<Utc> {
    use chrono::{Datelike as _, TimeDelta};
    let today = now.with_timezone(&zone).date_naive();
    (0..9)
        .filter_map(|days| today.checked_add_days(Days::new(days)))
        .filter(|date| weekday.is_none_or(|wanted| date.weekday() == wanted))
        .filter_map(|date| {
            let struck = date.and_hms_opt(hour, 0, 0)?;
            let at = struck.and_local_timezone(zone).earliest();
            let at = at.or_else(|| {
                let later = struck + TimeDelta::hours(1);
                later.and_local_timezone(zone).earliest()
            })?;
            Some(at.to_utc())
        })
        .find(|at| *at > now)
        .unwrap_or(now + TimeDelta::days(1))
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
            assert_eq!(after(at, zone, hour, weekday), expected, "{now} {zone}");
        }
    }
}
