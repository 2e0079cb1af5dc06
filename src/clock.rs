//! The time, as something that can be set: tests and the demo advance it, production reads the system's.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use chrono::{DateTime, Duration, DurationRound, Utc};

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
