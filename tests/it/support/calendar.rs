//! The day on which stories of months begin, so that none of them ends otherwise in February.

use chrono::{DateTime, Duration, Utc};
use plaudit::clock::Clock;

/// A Tuesday early in a long month. It lies ahead, for a browser drops a cookie whose day is over.
const BEGIN: &str = "2032-03-02T10:00:00Z";

/// Sets a clock to that day. What runs in a process of its own does not see it.
pub fn begin(clock: &Clock) {
    let begin: DateTime<Utc> = BEGIN.parse().expect("a time");
    // The clock is set by whole seconds: with one more it is never before ten.
    clock.advance(begin - clock.now() + Duration::seconds(1));
}

/// What a month is to the clock.
pub fn month() -> Duration {
    Duration::days(31)
}
