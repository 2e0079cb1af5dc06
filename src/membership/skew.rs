//! How far Stripe's clock and ours are apart, where every process can read it.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use sea_orm::DatabaseConnection;

use crate::entities::site;

/// It is written when it has moved by this many seconds, not with every event.
const STEP: u64 = 5;

/// Keeps the last measure.
#[derive(Clone)]
pub(super) struct Skew {
    db: DatabaseConnection,
    /// In seconds, as last written.
    last: Arc<AtomicI64>,
}

impl Skew {
    pub fn new(db: DatabaseConnection) -> Self {
        let last = Arc::new(AtomicI64::new(i64::MIN));
        Self { db, last }
    }

    /// Keeps what was measured, in seconds. What cannot be written is measured with the next event.
    pub async fn measured(&self, skew: i64) {
        metrics::gauge!("plaudit_stripe_clock_skew_seconds").set(skew as f64);
        if self.last.load(Ordering::Relaxed).abs_diff(skew) < STEP {
            return;
        }
        match site::Entity::measured(&self.db, skew).await {
            Ok(()) => self.last.store(skew, Ordering::Relaxed),
            Err(error) => tracing::warn!(%error, "the clock's skew was not kept"),
        }
    }
}
