//! Delivery: a batch is leased, sent over a few connections at the configured rate, and settled as it
//! goes. A crash in between sends again with the same Message-ID.

use std::{
    future::Future,
    num::NonZeroU32,
    sync::{
        OnceLock,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use futures_util::{StreamExt as _, stream};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use sea_orm::{ConnectionTrait, DatabaseConnection};
use tokio::time::Instant;

use super::{
    Links, Rendering,
    circular::{Circulars, Voices},
    claims::{self, End, LEASE},
    mailer::{Mailer, SendError},
    message::{Draft, List, Press},
    relay::GREETING,
};
use crate::{clock::Clock, config, entities::outbox};

/// The most one round takes on,
const BATCH: u64 = 500;
/// and for how many seconds of the configured rate: a receipt waits no longer behind notices.
const BATCH_SECONDS: u64 = 2;
/// How many are written down together. A crash repeats so many at most.
const SETTLED_AT_ONCE: usize = 100;

/// Delivers the outbox.
pub struct Delivery {
    mailer: Mailer,
    press: Press,
    rate: DefaultDirectRateLimiter,
    batch: u64,
    connections: usize,
    patience: Duration,
    links: Links,
    is_closing: AtomicBool,
}

/// What all mails of one batch know.
struct Shift<'a> {
    circulars: Circulars<'a>,
    /// No mail is begun after this, so that none is still under way when the lease runs out.
    ends: Instant,
    /// Why no mail gets through at all, once one has found out.
    away: OnceLock<String>,
}

impl Delivery {
    /// # Errors
    /// If the sender's address, the relay or the DKIM key cannot be used.
    pub fn open(config: &config::Mail, links: Links) -> anyhow::Result<Self> {
        let rate = NonZeroU32::new(config.rate_per_second).unwrap_or(NonZeroU32::MIN);
        let connections = config.connections.max(1);
        let batch = u64::from(rate.get()).saturating_mul(BATCH_SECONDS);
        Ok(Self {
            mailer: Mailer::open(config)?,
            press: Press::new(config, &links.key)?,
            rate: RateLimiter::direct(Quota::per_second(rate)),
            batch: batch.min(BATCH),
            connections: connections as usize,
            patience: Duration::from_secs(u64::from(config.timeout_seconds)),
            links,
            is_closing: AtomicBool::new(false),
        })
    }

    pub fn mailer(&self) -> &Mailer {
        &self.mailer
    }

    /// Begins no more mails: the process is about to end.
    pub fn close(&self) {
        self.is_closing.store(true, Ordering::SeqCst);
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
        let rows = claims::claim(db, clock.now(), self.batch).await?;
        let count = rows.len();
        if count == 0 {
            self.mailer.rest().await;
            return Ok(0);
        }
        let to_many = rows.iter().filter(|row| row.is_to_many());
        let voices = voices(to_many.cloned().collect()).await?;
        let lease = LEASE.to_std()?;
        let shift = &Shift {
            circulars: Circulars::load(db, &self.links, &rows, voices).await?,
            ends: Instant::now() + lease.saturating_sub((self.patience + GREETING) * 2),
            away: OnceLock::new(),
        };
        let mut settled = stream::iter(rows)
            .map(|row| async move {
                let end = self.attend(&row, shift).await;
                (row, end)
            })
            .buffer_unordered(self.connections)
            .chunks(SETTLED_AT_ONCE)
            .map(|ended| claims::settle(db, clock.now(), ended))
            // Two, so that sending goes on while the first is written.
            .buffered(2);
        while let Some(result) = settled.next().await {
            result?;
        }
        Ok(count)
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
        match circulars.personal(row) {
            Ok(personal) => Ok(personal.map(|personal| personal.rendering)),
            Err(error) => Err(anyhow::anyhow!("{error:?}")),
        }
    }

    async fn attend(&self, row: &outbox::Model, shift: &Shift<'_>) -> End {
        self.rate.until_ready().await;
        if self.is_closing.load(Ordering::SeqCst) || Instant::now() >= shift.ends {
            return End::Untouched;
        }
        if let Some(why) = shift.away.get() {
            return End::Later(why.clone());
        }
        match self.send(row, shift).await {
            Ok(true) => End::Sent,
            Ok(false) => End::Needless,
            Err(SendError::Refused(why)) => End::Refused(why),
            Err(SendError::Later(why)) => End::Later(why),
            Err(SendError::Away(why)) => End::Later(shift.away.get_or_init(|| why).clone()),
        }
    }

    /// Whether there was anything to say.
    async fn send(&self, row: &outbox::Model, shift: &Shift<'_>) -> Result<bool, SendError> {
        let Some(personal) = shift.circulars.personal(row)? else {
            return Ok(false);
        };
        let list = personal.list.as_ref().map(|member| List {
            id: member.list_id,
            name: member.list_name,
            unsubscribe_url: &member.link,
        });
        let parcel = self.press.print(&Draft {
            row: row.id,
            key: &row.key,
            to_address: &row.to_address,
            to_name: &row.to_name,
            subject: &personal.rendering.subject,
            text: &personal.rendering.text,
            html: &personal.rendering.html,
            date: row.created_at,
            list,
            thread: row.thread.as_deref(),
        })?;
        self.mailer.send(&parcel).await?;
        Ok(true)
    }
}
