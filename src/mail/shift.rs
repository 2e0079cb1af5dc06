//! One batch at work: a few hands that each send a mail, see it written down, and take the next.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use futures_util::future::join_all;
use sea_orm::DatabaseConnection;
use tokio::{
    sync::{mpsc, oneshot},
    time::sleep,
};

use super::{
    Delivery, address,
    circular::Circulars,
    claims::{self, End, Holder},
    hold::Hold,
    mailer::SendError,
    message::{Draft, List},
    stop,
    suppression::{self, Fingerprint, Purpose},
};
use crate::{
    clock::Clock,
    entities::{outbox, suppression::Model as Suppression},
};

/// How long a hand waits for a domain's next turn.
const TURN: Duration = Duration::from_millis(10);
/// How long what has ended waits for the other hands.
const MOMENT: Duration = Duration::from_millis(2);
/// How often, and how far apart, it is tried to write down what was sent.
const WRITES: u32 = 5;
const BETWEEN_WRITES: Duration = Duration::from_secs(2);

/// See the module.
pub(super) struct Shift<'a> {
    delivery: &'a Delivery,
    db: &'a DatabaseConnection,
    clock: &'a Clock,
    hold: &'a Hold,
    circulars: Circulars<'a>,
    suppressed: HashMap<String, Vec<Suppression>>,
    queue: Mutex<VecDeque<outbox::Model>>,
    /// The relay refuses us: nothing more is begun.
    has_stopped: AtomicBool,
}

/// What a hand is to do.
enum Turn {
    Send(Box<outbox::Model>),
    /// All that is left goes to domains that have had their share for now.
    Wait,
    Done,
}

/// A mail's end, on the way to being written down.
struct Ended {
    row: outbox::Model,
    end: End,
    written: oneshot::Sender<()>,
}

impl<'a> Shift<'a> {
    pub async fn new(
        delivery: &'a Delivery,
        (db, clock): (&'a DatabaseConnection, &'a Clock),
        hold: &'a Hold,
        circulars: Circulars<'a>,
        rows: Vec<outbox::Model>,
    ) -> anyhow::Result<Self> {
        let key = &delivery.links.key;
        let whom = rows.iter().map(|row| Fingerprint::of(key, &row.to_address));
        let whom: Vec<Fingerprint> = whom.collect();
        Ok(Self {
            delivery,
            db,
            clock,
            hold,
            circulars,
            suppressed: suppression::of_these(db, &whom).await?,
            queue: Mutex::new(rows.into()),
            has_stopped: AtomicBool::new(false),
        })
    }

    /// Works until the batch is through or nothing may be begun. What is left stays held.
    pub async fn work(&self) -> anyhow::Result<()> {
        let (desk, ended) = mpsc::channel(self.delivery.connections);
        let hands = (0..self.delivery.connections).map(|_| self.hand(desk.clone()));
        let hands: Vec<_> = hands.collect();
        drop(desk);
        let (_, written) = tokio::join!(join_all(hands), self.write_down(ended));
        written
    }

    async fn hand(&self, desk: mpsc::Sender<Ended>) {
        while let Some(row) = self.next().await {
            let end = self.attend(&row).await;
            let (written, is_written) = oneshot::channel();
            let ended = Ended { row, end, written };
            if desk.send(ended).await.is_err() || is_written.await.is_err() {
                return;
            }
        }
    }

    async fn next(&self) -> Option<outbox::Model> {
        loop {
            if self.is_over() {
                return None;
            }
            match self.turn() {
                Turn::Done => return None,
                Turn::Wait => sleep(TURN).await,
                Turn::Send(row) => {
                    self.delivery.rate.until_ready().await;
                    if self.is_over() {
                        return None;
                    }
                    if self.hold.has(row.id) {
                        return Some(*row);
                    }
                }
            }
        }
    }

    fn is_over(&self) -> bool {
        self.has_stopped.load(Ordering::SeqCst) || self.delivery.is_held_up(self.clock.now())
    }

    /// The first mail whose domain takes one.
    fn turn(&self) -> Turn {
        let now = self.clock.now();
        let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        let domains = &self.delivery.domains;
        let resting = domains.resting(now);
        if !resting.is_empty() {
            let rests = |row: &outbox::Model| {
                let domain = address::domain(&row.to_address);
                resting.iter().any(|one| one == domain)
            };
            queue.retain(|row| !rests(row));
        }
        let mut full = HashSet::new();
        let found = queue.iter().position(|row| {
            let domain = address::domain(&row.to_address);
            if full.contains(domain) {
                return false;
            }
            let is_next = domains.takes_one(domain);
            if !is_next {
                full.insert(domain);
            }
            is_next
        });
        match found.and_then(|at| queue.remove(at)) {
            Some(row) => Turn::Send(Box::new(row)),
            None if queue.is_empty() => Turn::Done,
            None => Turn::Wait,
        }
    }

    async fn attend(&self, row: &outbox::Model) -> End {
        if let Some(why) = self.suppression_of(row) {
            return End::Suppressed(why);
        }
        let domain = address::domain(&row.to_address);
        let domains = &self.delivery.domains;
        match self.send(row).await {
            Ok(false) => End::Needless,
            Ok(true) => {
                self.delivery.is_there();
                domains.went(domain);
                End::Sent
            }
            Err(SendError::Refused(why)) => End::Refused(why),
            Err(SendError::NoMailbox(why)) => {
                domains.went(domain);
                End::NoMailbox(why)
            }
            Err(SendError::Later(why)) => {
                domains.put_off(domain, self.clock.now());
                End::Later(why)
            }
            Err(SendError::Busy(why)) => {
                domains.rest(domain, self.clock.now());
                End::Later(why)
            }
            Err(SendError::Away(why)) => {
                self.delivery.went_away(self.clock.now());
                End::Later(why)
            }
            Err(SendError::Stopped(why)) => {
                self.has_stopped.store(true, Ordering::SeqCst);
                if let Err(error) = stop::stop(self.db, self.clock.now(), &why).await {
                    tracing::error!(%error, why, "mail stands, which could not be written down");
                }
                End::Untouched
            }
        }
    }

    /// Why this address gets no such mail, if so.
    fn suppression_of(&self, row: &outbox::Model) -> Option<String> {
        let whom = Fingerprint::of(&self.delivery.links.key, &row.to_address);
        let found = self.suppressed.get(whom.as_str())?;
        let purpose = match row.is_to_many() {
            true => Purpose::Notices,
            false => Purpose::All,
        };
        suppression::holding_back(found, purpose).map(suppression::sentence)
    }

    /// Whether there was anything to say.
    async fn send(&self, row: &outbox::Model) -> Result<bool, SendError> {
        let Some(personal) = self.circulars.personal(row)? else {
            return Ok(false);
        };
        let to_address = address::normalised(&row.to_address);
        let list = personal.list.as_ref().map(|member| List {
            id: member.list_id,
            name: member.list_name,
            unsubscribe_url: &member.link,
        });
        let parcel = self.delivery.press.print(&Draft {
            row: row.id,
            key: &row.key,
            thread: row.thread.as_deref(),
            to_address: &to_address,
            to_name: &row.to_name,
            subject: &personal.rendering.subject,
            text: &personal.rendering.text,
            html: &personal.rendering.html,
            date: row.created_at,
            list,
        })?;
        self.delivery.mailer.send(&parcel).await?;
        Ok(true)
    }

    /// Writes down what has ended. A hand waits until that is done, so it is worth a moment to have all of
    /// them in one transaction.
    async fn write_down(&self, mut ended: mpsc::Receiver<Ended>) -> anyhow::Result<()> {
        while let Some(first) = ended.recv().await {
            let mut all = vec![first];
            let moment = sleep(MOMENT);
            tokio::pin!(moment);
            while all.len() < ended.sender_strong_count() {
                tokio::select! {
                    Some(next) = ended.recv() => all.push(next),
                    () = &mut moment => break,
                }
            }
            let mut rows = Vec::with_capacity(all.len());
            let mut waiting = Vec::with_capacity(all.len());
            for one in all {
                rows.push((one.row, one.end));
                waiting.push(one.written);
            }
            self.settle(&rows).await?;
            self.hold.let_go(rows.iter().map(|(row, _)| row.id));
            for hand in waiting {
                if hand.send(()).is_err() {
                    tracing::debug!("a hand has gone");
                }
            }
        }
        Ok(())
    }

    /// Tries more than once: what was sent and is not written down is sent again.
    async fn settle(&self, rows: &[(outbox::Model, End)]) -> anyhow::Result<()> {
        let holder = Holder {
            worker: self.hold.worker,
            key: &self.delivery.links.key,
        };
        let mut tries = 0;
        loop {
            match claims::settle(self.db, self.clock.now(), holder, rows).await {
                Ok(()) => return Ok(()),
                Err(error) if tries < WRITES => {
                    tracing::warn!(%error, "what was sent could not be written down yet");
                    tries += 1;
                    sleep(BETWEEN_WRITES).await;
                }
                Err(error) => return Err(error.into()),
            }
        }
    }
}
