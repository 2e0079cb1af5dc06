//! What one worker holds: renewed while it works, so that a lease can be short and a text may take long.

use std::{
    collections::HashSet,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use sea_orm::DatabaseConnection;
use tokio::time::{Instant, sleep};
use uuid::Uuid;

use super::claims::{self, LEASE};
use crate::{clock::Clock, entities::outbox};

/// How often the lease is renewed.
const BEAT: Duration = Duration::from_secs(10);
/// No mail is begun when the lease has less than this left.
const MARGIN: Duration = Duration::from_secs(5);

pub(super) struct Hold {
    pub worker: Uuid,
    held: Mutex<Held>,
}

struct Held {
    ids: HashSet<Uuid>,
    /// Until when nobody else takes them.
    good_until: Instant,
}

impl Hold {
    /// What was claimed just now.
    pub fn of(worker: Uuid, rows: &[outbox::Model]) -> Self {
        let held = Held {
            ids: rows.iter().map(|row| row.id).collect(),
            good_until: lasts_from(Instant::now()),
        };
        Self {
            worker,
            held: Mutex::new(held),
        }
    }

    /// Whether this mail may be begun.
    pub fn has(&self, id: Uuid) -> bool {
        let held = self.held();
        held.ids.contains(&id) && Instant::now() < held.good_until
    }

    pub fn let_go(&self, ids: impl IntoIterator<Item = Uuid>) {
        let mut held = self.held();
        for id in ids {
            held.ids.remove(&id);
        }
    }

    pub fn ids(&self) -> Vec<Uuid> {
        self.held().ids.iter().copied().collect()
    }

    /// Renews the lease, for ever. What somebody else has taken meanwhile is let go.
    pub async fn keep(&self, db: &DatabaseConnection, clock: &Clock) {
        loop {
            sleep(BEAT).await;
            let asked = Instant::now();
            match claims::renew(db, clock.now(), self.worker, self.ids()).await {
                Ok(still) => {
                    let still: HashSet<Uuid> = still.into_iter().collect();
                    let mut held = self.held();
                    held.ids.retain(|id| still.contains(id));
                    held.good_until = lasts_from(asked);
                }
                Err(error) => tracing::warn!(%error, "a lease could not be renewed"),
            }
        }
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn lasts_from(asked: Instant) -> Instant {
    asked + LEASE.to_std().unwrap_or_default().saturating_sub(MARGIN)
}
