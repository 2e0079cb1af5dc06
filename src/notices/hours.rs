//! When the letter of the day and the letter of the week go out.

use chrono::{DateTime, NaiveDate, Utc};

use crate::{app::App, clock, entities::Frequency};

/// The next time such a letter goes out, after `now`. Whoever hears at once hears now.
pub(super) fn next(app: &App, frequency: Frequency, now: DateTime<Utc>) -> DateTime<Utc> {
    let hours = &app.config.notices;
    let day = (frequency == Frequency::Weekly).then(|| hours.weekday());
    let zone = app.config.publication.zone();
    match frequency {
        Frequency::AtOnce | Frequency::None => now,
        _ => clock::next_strike(now, zone, hours.digest_hour, day),
    }
}

/// The day an instant belongs to, where the publication is.
pub(super) fn day(app: &App, at: DateTime<Utc>) -> NaiveDate {
    app.config.publication.local(at).date_naive()
}
