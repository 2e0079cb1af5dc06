//! Public pages kept whole, so that the many who are not signed in cost next to nothing.
//!
//! A page is kept for one revision of the site (`site.revision`, which every act that changes public
//! pages moves in its own transaction) and five seconds at most, because time passes without an
//! act: an article's date comes, “2 hours ago” becomes 3. The revision is asked for again when the last
//! answer is half a second old, and at once after every act of this process.

use std::{
    any::Any,
    collections::HashMap,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
};

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, EntityTrait};
use tokio::sync::{Mutex, MutexGuard};

use crate::entities::site;

/// How old the known revision may be before it is asked for again, in milliseconds.
const TRUSTED: i64 = 500;
/// The longest anything is kept, in milliseconds.
const LIFE: i64 = 5_000;
/// How many pages are kept at most.
const MOST_PAGES: usize = 4_000;
/// How much memory they may take, in bytes.
const MOST_BYTES: usize = 32 * 1024 * 1024;
/// What keeping anything takes besides it, in bytes.
const OVERHEAD: usize = 200;

/// The pages that are kept.
pub struct PageCache {
    pages: RwLock<Pages>,
    /// How old the known revision may be before it is asked for again, in milliseconds.
    trusted: i64,
    /// Moves whenever pages are dropped; what was drawn before that is not kept.
    generation: AtomicU64,
    /// When the revision was last asked for, in milliseconds since 1970.
    asked_at: AtomicI64,
    revision: Mutex<Option<i64>>,
}

#[derive(Default)]
struct Pages {
    by_key: HashMap<String, Kept>,
    bytes: usize,
}

/// Something that is kept: a page, or what pages are drawn from.
struct Kept {
    what: Arc<dyn Any + Send + Sync>,
    /// About what it takes in memory, in bytes.
    weight: usize,
    /// In milliseconds since 1970.
    since: i64,
}

impl Default for PageCache {
    fn default() -> Self {
        Self::trusting(TRUSTED)
    }
}

impl PageCache {
    /// Goes by a known revision for so many milliseconds; with 0 it asks each time.
    pub fn trusting(milliseconds: i64) -> Self {
        Self {
            pages: RwLock::default(),
            trusted: milliseconds,
            generation: AtomicU64::default(),
            asked_at: AtomicI64::default(),
            revision: Mutex::default(),
        }
    }

    /// What [`PageCache::keep`] wants to know: taken before a page is drawn.
    pub fn generation(&self) -> u64 {
        self.generation.load(Ordering::Acquire)
    }

    /// Whether what is known of the revision is young enough to go by without asking.
    pub fn is_trusted(&self, now: DateTime<Utc>) -> bool {
        (0..self.trusted).contains(&self.age(now))
    }

    fn age(&self, now: DateTime<Utc>) -> i64 {
        now.timestamp_millis() - self.asked_at.load(Ordering::Acquire)
    }

    /// Asks for the revision unless that was done lately. While somebody asks, the others go by the
    /// known one for as long again.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn check(&self, db: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<(), DbErr> {
        let known = match self.revision.try_lock() {
            Ok(known) => known,
            Err(_) if (0..2 * self.trusted).contains(&self.age(now)) => return Ok(()),
            Err(_) => self.revision.lock().await,
        };
        if self.is_trusted(now) {
            return Ok(());
        }
        self.ask(known, db, now).await
    }

    /// Asks for the revision: after an act, before it is answered.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn refresh(
        &self,
        db: &impl ConnectionTrait,
        now: DateTime<Utc>,
    ) -> Result<(), DbErr> {
        let known = self.revision.lock().await;
        self.ask(known, db, now).await
    }

    async fn ask(
        &self,
        mut known: MutexGuard<'_, Option<i64>>,
        db: &impl ConnectionTrait,
        now: DateTime<Utc>,
    ) -> Result<(), DbErr> {
        let site = site::Entity::find_by_id(1).one(db).await?;
        let revision = site.map(|site| site.revision);
        if *known != revision {
            *known = revision;
            self.clear();
        }
        let now = now.timestamp_millis();
        self.asked_at.store(now, Ordering::Release);
        Ok(())
    }

    fn clear(&self) {
        let mut pages = self.pages.write().unwrap_or_else(PoisonError::into_inner);
        self.generation.fetch_add(1, Ordering::AcqRel);
        *pages = Pages::default();
    }

    /// What is kept under this key.
    pub fn find<T: Any + Send + Sync>(&self, key: &str, now: DateTime<Utc>) -> Option<Arc<T>> {
        let pages = self.pages.read().unwrap_or_else(PoisonError::into_inner);
        let kept = pages.by_key.get(key).filter(|kept| kept.is_young(now))?;
        kept.what.clone().downcast().ok()
    }

    /// Keeps what was made in this generation, and takes about `weight` bytes.
    pub fn keep<T: Any + Send + Sync>(
        &self,
        key: &str,
        (what, weight): (Arc<T>, usize),
        generation: u64,
        now: DateTime<Utc>,
    ) {
        let kept = Kept {
            what,
            weight: weight + key.len() + OVERHEAD,
            since: now.timestamp_millis(),
        };
        let mut pages = self.pages.write().unwrap_or_else(PoisonError::into_inner);
        if self.generation() == generation {
            pages.insert(key, kept, now);
        }
    }
}

impl Kept {
    fn is_young(&self, now: DateTime<Utc>) -> bool {
        (0..LIFE).contains(&(now.timestamp_millis() - self.since))
    }
}

impl Pages {
    fn insert(&mut self, key: &str, kept: Kept, now: DateTime<Utc>) {
        let weight = kept.weight;
        if weight > MOST_BYTES / 16 {
            return;
        }
        self.remove(key);
        if self.is_full_with(weight) {
            self.by_key.retain(|_, kept| kept.is_young(now));
            self.bytes = self.by_key.values().map(|kept| kept.weight).sum();
        }
        while self.is_full_with(weight) {
            let oldest = self.by_key.iter().min_by_key(|(_, kept)| kept.since);
            let Some(oldest) = oldest.map(|(key, _)| key.clone()) else {
                break;
            };
            self.remove(&oldest);
        }
        self.bytes += weight;
        self.by_key.insert(key.to_owned(), kept);
    }

    fn is_full_with(&self, weight: usize) -> bool {
        self.by_key.len() >= MOST_PAGES || self.bytes + weight > MOST_BYTES
    }

    fn remove(&mut self, key: &str) {
        if let Some(old) = self.by_key.remove(key) {
            self.bytes -= old.weight;
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::Duration;

    use super::*;

    #[test]
    fn a_page_is_kept_for_five_seconds() {
        let (cache, now) = (PageCache::default(), DateTime::UNIX_EPOCH);
        cache.keep("/", (Arc::new(1), 1), cache.generation(), now);
        for (later, is_there) in [(0, true), (4_999, true), (5_000, false), (-1, false)] {
            let found = cache.find::<i32>("/", now + Duration::milliseconds(later));
            assert_eq!(found.is_some(), is_there, "{later}");
        }
    }

    #[test]
    fn what_was_drawn_before_an_act_is_not_kept() {
        let (cache, now) = (PageCache::default(), DateTime::UNIX_EPOCH);
        let generation = cache.generation();
        cache.clear();
        cache.keep("/", (Arc::new(1), 1), generation, now);
        assert!(cache.find::<i32>("/", now).is_none());
    }

    #[test]
    fn memory_is_bounded() {
        let (cache, now) = (PageCache::default(), DateTime::UNIX_EPOCH);
        let at = |number: usize| now + Duration::milliseconds(i64::try_from(number).expect("few"));
        for number in 0..=MOST_PAGES {
            let key = format!("/{number}");
            cache.keep(&key, (Arc::new(number), 1), 0, at(number));
        }
        assert!(cache.find::<usize>("/0", at(MOST_PAGES)).is_none());
        assert!(cache.find::<usize>("/1", at(MOST_PAGES)).is_some());
        for number in 0..40 {
            let key = format!("/large/{number}");
            cache.keep(&key, (Arc::new(number), 1_500_000), 0, at(4_500));
        }
        let pages = cache.pages.read().expect("sound");
        assert!(pages.bytes <= MOST_BYTES && pages.by_key.len() < MOST_PAGES);
        let sum: usize = pages.by_key.values().map(|kept| kept.weight).sum();
        assert_eq!(pages.bytes, sum);
    }
}
