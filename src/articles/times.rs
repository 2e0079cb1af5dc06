//! Times as authors type them: what the clock of the publication's place shows.

use chrono::{
    DateTime, DurationRound as _, LocalResult, Months, NaiveDateTime, TimeDelta, TimeZone as _, Utc,
};
use chrono_tz::Tz;

/// How browsers write `datetime-local`, and people who type it.
const FORMATS: [&str; 4] = [
    "%Y-%m-%dT%H:%M",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d",
];

/// How far ahead something can be planned, in years: what lies farther is a slip of the hand.
const FURTHEST: u32 = 10;

/// Whether nobody plans for then.
pub(super) fn is_too_far(at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    now + Months::new(12 * FURTHEST) < at
}

/// Whether an article would be for more people at a moment ahead that comes before the one at which it is `out`.
pub(super) fn opens_before(
    opens: Option<DateTime<Utc>>,
    out: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> bool {
    let opens = opens.filter(|opens| *opens > now);
    opens.zip(out).is_some_and(|(opens, out)| opens < out)
}

/// Why what was typed is no moment. Each has a sentence in the catalogues.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeFlaw {
    Unreadable,
    /// The clock jumps over it in spring.
    Skipped,
    /// It lies behind, where something was to happen then.
    Past,
    /// It lies more than ten years ahead.
    TooFar,
    /// Nothing was to happen then.
    Idle,
}

impl TimeFlaw {
    /// The catalogue key of the sentence that says so.
    pub fn key(self) -> &'static str {
        match self {
            Self::Unreadable => "writing-time-unreadable",
            Self::Skipped => "writing-time-skipped",
            Self::Past => "writing-opening-past",
            Self::TooFar => "writing-time-too-far",
            Self::Idle => "writing-opening-idle",
        }
    }
}

/// The moment that was typed; `None` where nothing was. A day alone begins at midnight; an hour that comes
/// twice in autumn is the first of them.
///
/// # Errors
/// If it is no moment.
pub fn at(typed: &str, zone: Tz) -> Result<Option<DateTime<Utc>>, TimeFlaw> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(None);
    }
    let day = format!("{typed} 00:00");
    let read = |format: &&str| match *format {
        "%Y-%m-%d" => NaiveDateTime::parse_from_str(&day, "%Y-%m-%d %H:%M").ok(),
        format => NaiveDateTime::parse_from_str(typed, format).ok(),
    };
    let local = FORMATS.iter().find_map(read);
    match zone.from_local_datetime(&local.ok_or(TimeFlaw::Unreadable)?) {
        LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => Ok(Some(at.to_utc())),
        LocalResult::None => Err(TimeFlaw::Skipped),
    }
}

/// The moment that was typed, if it lies ahead or is the one that is `kept` already, to the minute a form shows.
///
/// # Errors
/// If it lies behind, or too far ahead.
pub fn ahead(
    at: DateTime<Utc>,
    kept: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<DateTime<Utc>, TimeFlaw> {
    let minute = |at: DateTime<Utc>| at.duration_trunc(TimeDelta::minutes(1)).unwrap_or(at);
    match kept.filter(|kept| minute(*kept) == at) {
        Some(kept) => Ok(kept),
        None if is_too_far(at, now) => Err(TimeFlaw::TooFar),
        None if at > now => Ok(at),
        None => Err(TimeFlaw::Past),
    }
}

/// A moment as a form holds it.
pub fn typed(at: Option<DateTime<Utc>>, zone: Tz) -> String {
    at.map(|at| at.with_timezone(&zone).format(FORMATS[0]).to_string())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_what_the_clock_there_shows() {
        let berlin: Tz = "Europe/Berlin".parse().expect("a zone");
        for (text, expected) in [
            ("2026-05-01T08:00", Ok(Some("2026-05-01T06:00:00Z"))),
            ("2026-05-01", Ok(Some("2026-04-30T22:00:00Z"))),
            ("2026-12-01 08:00", Ok(Some("2026-12-01T07:00:00Z"))),
            ("2026-10-25T02:30", Ok(Some("2026-10-25T00:30:00Z"))),
            ("2026-03-29T02:30", Err(TimeFlaw::Skipped)),
            ("tomorrow", Err(TimeFlaw::Unreadable)),
            ("2026-02-30T08:00", Err(TimeFlaw::Unreadable)),
            (" ", Ok(None)),
        ] {
            let expected = expected.map(|at| at.map(|at| at.parse().expect("a time")));
            assert_eq!(at(text, berlin), expected, "{text}");
        }
        let may = at("2026-05-01T08:00", berlin).expect("a time");
        assert_eq!(typed(may, berlin), "2026-05-01T08:00");
    }

    #[test]
    fn what_was_to_happen_does_so_ahead_or_as_it_was_kept() {
        let moment = |text: &str| -> DateTime<Utc> { text.parse().expect("a time") };
        let now = moment("2026-05-01T08:00:30Z");
        let kept = Some(moment("2026-04-01T08:00:20Z"));
        for (at, kept, expected) in [
            ("2026-05-01T08:01:00Z", None, Ok("2026-05-01T08:01:00Z")),
            ("2026-05-01T08:00:00Z", None, Err(TimeFlaw::Past)),
            ("2026-05-01T08:00:30Z", None, Err(TimeFlaw::Past)),
            ("2020-01-01T00:00:00Z", kept, Err(TimeFlaw::Past)),
            ("2026-04-01T08:00:00Z", kept, Ok("2026-04-01T08:00:20Z")),
            ("2026-04-01T08:00:00Z", None, Err(TimeFlaw::Past)),
            ("2036-05-01T08:00:00Z", None, Ok("2036-05-01T08:00:00Z")),
            ("2036-05-01T08:01:00Z", None, Err(TimeFlaw::TooFar)),
            ("9999-01-01T08:00:00Z", None, Err(TimeFlaw::TooFar)),
        ] {
            assert_eq!(ahead(moment(at), kept, now), expected.map(moment), "{at}");
        }
    }
}
