//! Delivery: a batch is leased, sent over a few connections at the configured pace, and each mail is written
//! down before its connection begins the next. A crash in between repeats what was in the moment of being
//! sent, at most one mail a connection, with the same Message-ID.

use std::{
    collections::{HashMap, HashSet},
    future::Future,
    num::NonZeroU32,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbErr};
use tokio::sync::watch;
use uuid::Uuid;

use super::{
    Links, Rendering, address,
    circular::{Circulars, Voices},
    claims::{self, back_off},
    domains::Domains,
    gathering,
    hold::Hold,
    mailer::{Mailer, SendError},
    message::Press,
    shift::Shift,
    stop,
};
use crate::{clock::Clock, config, entities::outbox};

/// The most one round takes on,
const BATCH: usize = 500;
/// and for how many seconds of the configured rates: a receipt waits no longer behind notices.
const BATCH_SECONDS: u32 = 2;
/// How often a round looks past domains that have their share of it.
const LOOKS: usize = 5;
/// How long mails under way may go on once the process is to end.
const DRAIN: Duration = Duration::from_secs(30);
/// The longest until a relay that was away is tried again.
const LONGEST_AWAY: TimeDelta = TimeDelta::minutes(5);

/// Delivers the outbox.
pub struct Delivery {
    pub(super) mailer: Mailer,
    pub(super) press: Press,
    pub(super) rate: DefaultDirectRateLimiter,
    pub(super) domains: Domains,
    pub(super) connections: usize,
    pub(super) links: Links,
    batch: usize,
    away: Mutex<Away>,
    closing: watch::Sender<bool>,
}

/// The relay cannot be reached.
#[derive(Clone, Copy, Debug, Default)]
struct Away {
    /// How often in a row.
    times: i32,
    until: Option<DateTime<Utc>>,
}

impl Delivery {
    /// # Errors
    /// If an address, the relay or the DKIM key cannot be used.
    pub fn open(config: &config::Mail, links: Links) -> anyhow::Result<Self> {
        let rate = NonZeroU32::new(config.rate_per_second).unwrap_or(NonZeroU32::MIN);
        let batch = rate.get().saturating_mul(BATCH_SECONDS) as usize;
        Ok(Self {
            mailer: Mailer::open(config)?,
            press: Press::new(config, &links.key)?,
            rate: RateLimiter::direct(Quota::per_second(rate)),
            domains: Domains::new(config.domain_per_second),
            connections: config.connections.max(1) as usize,
            links,
            batch: batch.min(BATCH),
            away: Mutex::default(),
            closing: watch::Sender::new(false),
        })
    }

    pub fn mailer(&self) -> &Mailer {
        &self.mailer
    }

    /// Begins no more mails: the process is about to end.
    pub fn close(&self) {
        self.closing.send_replace(true);
    }

    /// Says at the start whether mail can go at all; where the relay refuses us it stands from the first.
    pub async fn greet(&self, db: &DatabaseConnection, clock: &Clock) {
        let Err(error) = self.mailer.probe().await else {
            return;
        };
        let why = error.to_string();
        tracing::error!(why, "no mail can be sent now");
        if matches!(error, SendError::Stopped(_))
            && let Err(error) = stop::stop(db, clock.now(), &why).await
        {
            tracing::error!(%error, "it could not be written down that mail stands");
        }
    }

    /// Delivers one batch of what is due, receipts before notices. Returns how many were taken on.
    /// `voices` is asked once, for those that are mail to many: what each says to its reader now.
    ///
    /// # Errors
    /// If the database is away; the leases run out and the mails are sent again.
    pub async fn deliver_due<Asked>(
        &self,
        db: &DatabaseConnection,
        clock: &Clock,
        voices: impl FnOnce(Vec<outbox::Model>) -> Asked,
    ) -> anyhow::Result<usize>
    where
        Asked: Future<Output = anyhow::Result<Voices>>,
    {
        let now = clock.now();
        if self.is_held_up(now) || !stop::is_lifted(db, now, &self.mailer).await? {
            return Ok(0);
        }
        let worker = Uuid::now_v7();
        let rows = self.take_on(db, now, worker).await?;
        let count = rows.len();
        if count == 0 {
            self.domains.sweep(now);
            self.mailer.rest().await;
            return Ok(0);
        }
        let hold = Hold::of(worker, &rows);
        let to_many = rows.iter().filter(|row| row.is_to_many());
        let voices = voices(to_many.cloned().collect()).await?;
        let circulars = Circulars::load(db, &self.links, &rows, voices).await?;
        let shift = Shift::new(self, (db, clock), &hold, circulars, rows).await?;
        tokio::select! {
            worked = shift.work() => worked?,
            () = hold.keep(db, clock) => {}
            () = self.drained() => tracing::warn!("mails under way were broken off"),
        }
        claims::give_back(db, worker, hold.ids()).await?;
        Ok(count)
    }

    /// Claims a batch in which no domain has more than it takes in that time.
    async fn take_on(
        &self,
        db: &DatabaseConnection,
        now: DateTime<Utc>,
        worker: Uuid,
    ) -> Result<Vec<outbox::Model>, DbErr> {
        let mut without = self.domains.resting(now);
        let share = self.domains.most_in(BATCH_SECONDS);
        let below = gathering::below(db, now).await?;
        let mut shares: HashMap<String, usize> = HashMap::new();
        let mut rows = Vec::new();
        for _ in 0..LOOKS {
            let most = self.batch.saturating_sub(rows.len());
            let claimed = claims::claim(db, now, worker, (most as u64, below), &without).await?;
            let is_last = claimed.len() < most;
            let (mut full, mut surplus) = (HashSet::new(), Vec::new());
            for row in claimed {
                let domain = address::domain(&row.to_address);
                let taken = shares.entry(domain.to_owned()).or_default();
                if *taken < share {
                    *taken += 1;
                    rows.push(row);
                } else {
                    full.insert(domain.to_owned());
                    surplus.push(row.id);
                }
            }
            claims::give_back(db, worker, surplus).await?;
            if full.is_empty() || is_last {
                break;
            }
            without.extend(full);
        }
        Ok(rows)
    }

    /// What a mail says to its recipient; `None` if nothing any more.
    ///
    /// # Errors
    /// If it is one of a notice that is gone, or the database is away.
    pub async fn read(
        &self,
        db: &impl ConnectionTrait,
        row: &outbox::Model,
        voices: Voices,
    ) -> anyhow::Result<Option<Rendering>> {
        let rows = std::slice::from_ref(row);
        let circulars = Circulars::load(db, &self.links, rows, voices).await?;
        Ok(circulars.personal(row)?.map(|personal| personal.rendering))
    }

    /// Whether no mail may be begun: the process ends, or the relay is away.
    pub(super) fn is_held_up(&self, now: DateTime<Utc>) -> bool {
        *self.closing.borrow() || self.away().until.is_some_and(|until| now < until)
    }

    /// The relay could not be reached: nothing is tried for a while.
    pub(super) fn went_away(&self, now: DateTime<Utc>) {
        let mut away = self.away();
        if away.until.is_none_or(|until| until <= now) {
            away.times += 1;
            away.until = Some(now + back_off(away.times).min(LONGEST_AWAY));
        }
    }

    /// The relay has taken a mail.
    pub(super) fn is_there(&self) {
        *self.away() = Away::default();
    }

    fn away(&self) -> MutexGuard<'_, Away> {
        self.away.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn drained(&self) {
        let mut closing = self.closing.subscribe();
        if closing.wait_for(|closing| *closing).await.is_ok() {
            tokio::time::sleep(DRAIN).await;
        }
    }
}
