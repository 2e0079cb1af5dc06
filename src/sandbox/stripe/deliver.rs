//! Events on their way: signed and posted like Stripe's, tried again, or lost on purpose.

use std::time::Duration;

use anyhow::Context as _;
use axum::{
    body::{Body, to_bytes},
    http::Request,
};
use chrono::DateTime;
use hyper_util::client::legacy::{Client, connect::HttpConnector};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Stripe;
use crate::payments::sign;

/// Seconds until the next try; the last is repeated until an event is given up.
/// Source: <https://docs.stripe.com/webhooks#retries>
const PAUSES: [i64; 8] = [10, 60, 300, 1_800, 7_200, 18_000, 36_000, 43_200];
/// How long an event is tried, in seconds.
const TRIED_FOR: i64 = 3 * 24 * 60 * 60;
/// How long the endpoint may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// How much of an answer is read, in bytes.
const ANSWER: usize = 64 * 1024;

pub(super) type Poster = Client<HttpConnector, Body>;

/// How deliveries go wrong, on demand.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chaos {
    /// How many times more each event is sent.
    pub repeats: u32,
    /// New events wait until they are released.
    pub hold: bool,
    /// How many of the next events are never sent.
    pub drop_next: u32,
}

/// An event on its way to the webhook. Times are seconds since 1970.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Delivery {
    pub event: String,
    attempts: usize,
    since: i64,
    /// Not before.
    due: i64,
    held: bool,
}

impl Delivery {
    pub fn new(event: &str, now: i64, held: bool) -> Self {
        Self {
            event: event.to_owned(),
            attempts: 0,
            since: now,
            due: now,
            held,
        }
    }
}

impl Stripe {
    pub fn chaos(&self) -> Chaos {
        self.state().chaos.clone()
    }

    pub fn set_chaos(&self, chaos: Chaos) {
        self.act(|state| state.chaos = chaos);
    }

    /// Lets go of what is held, in the order `arrange` puts the event ids in; what it takes out is
    /// lost.
    pub fn release(&self, arrange: impl FnOnce(&mut Vec<String>)) {
        let mut events = self.held();
        arrange(&mut events);
        self.act(|state| {
            state.queue.retain(|one| !one.held);
            for event in events {
                let delivery = Delivery::new(&event, state.now, false);
                state.queue.push_back(delivery);
            }
        });
    }

    /// The ids of the events that are held, oldest first.
    pub fn held(&self) -> Vec<String> {
        let state = self.state();
        let held = state.queue.iter().filter(|one| one.held);
        held.map(|one| one.event.clone()).collect()
    }

    /// Somebody else has delivered all that is held.
    pub fn delivered_otherwise(&self) {
        let held = self.held();
        self.act(|state| {
            state.queue.retain(|one| !one.held);
            for event in held {
                state.set(&event, json!({ "pending_webhooks": 0 }));
            }
        });
    }

    /// Sends an event again.
    pub fn send_again(&self, event: &str) {
        self.act(|state| state.enqueue(event));
    }

    /// Makes and sends a new event about an object as it is now. Returns its id.
    pub fn emit(&self, kind: &str, object: &str) -> String {
        self.act(|state| state.emit_anyway(kind, object))
    }

    /// Delivers for as long as the process runs, and lets happen what comes due meanwhile.
    pub async fn deliver_always(self) {
        loop {
            self.advance(chrono::Duration::zero());
            self.deliver().await;
            let pause = tokio::time::sleep(Duration::from_secs(5));
            tokio::select! {
                () = self.shared.queued.notified() => {}
                () = pause => {}
            }
        }
    }

    /// Delivers everything due, in order, and returns when nothing is on its way but what is held or
    /// waits for its next try.
    pub async fn deliver(&self) {
        let _alone = self.shared.delivering.lock().await;
        while let Some(delivery) = self.next_delivery() {
            let sent = tokio::time::timeout(PATIENCE, self.post(&delivery.event)).await;
            match sent {
                Ok(Ok(())) => self
                    .state()
                    .set(&delivery.event, json!({ "pending_webhooks": 0 })),
                Ok(Err(error)) => {
                    let error = format!("{error:#}");
                    tracing::debug!(event = delivery.event, error, "refused");
                    self.try_later(delivery);
                }
                Err(_) => self.try_later(delivery),
            }
            self.keep();
        }
    }

    /// The body of an event and the signature header Stripe would send with it.
    pub fn signed(&self, event: &str) -> Option<(String, String)> {
        let object = self.object(event)?;
        let body = serde_json::to_string_pretty(&object).ok()?;
        let header = self.sign(&body);
        Some((body, header))
    }

    /// The signature header Stripe would send with this body now.
    pub fn sign(&self, body: &str) -> String {
        let at = DateTime::from_timestamp(self.now(), 0).unwrap_or_default();
        sign(body.as_bytes(), &self.settings().webhook_secret, at)
    }

    fn next_delivery(&self) -> Option<Delivery> {
        let now = self.now();
        let mut state = self.state();
        let mut queue = state.queue.iter();
        let due = queue.position(|one| !one.held && one.due <= now)?;
        state.queue.remove(due)
    }

    fn try_later(&self, mut delivery: Delivery) {
        let pause = PAUSES.get(delivery.attempts).or(PAUSES.last());
        delivery.due = self.now() + pause.copied().unwrap_or(TRIED_FOR);
        delivery.attempts += 1;
        if delivery.due <= delivery.since + TRIED_FOR {
            self.state().queue.push_back(delivery);
        }
    }

    async fn post(&self, event: &str) -> anyhow::Result<()> {
        let (body, signature) = self.signed(event).context("no such event")?;
        let request = Request::post(self.settings().webhook_url)
            .header("content-type", "application/json; charset=utf-8")
            .header(
                "user-agent",
                "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
            )
            .header("stripe-signature", signature)
            .body(Body::from(body))?;
        let answer = self.shared.poster.request(request).await?;
        let status = answer.status();
        // Read to its end, so that the connection can be used again.
        to_bytes(Body::new(answer.into_body()), ANSWER).await?;
        anyhow::ensure!(status.is_success(), "status {status}");
        Ok(())
    }
}
