//! Events on their way: signed and posted like Stripe's, tried again, or lost on purpose.

use std::time::Duration;

use anyhow::Context as _;
use axum::{body::Body, http::Request};
use chrono::DateTime;
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use serde::{Deserialize, Serialize};

use super::{Stripe, billing, state::Delivery};
use crate::payments::sign;

/// How often a delivery is tried before it is given up.
const ATTEMPTS: u32 = 12;

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

impl Stripe {
    pub fn chaos(&self) -> Chaos {
        self.state().chaos.clone()
    }

    pub fn set_chaos(&self, chaos: Chaos) {
        self.state().chaos = chaos;
        self.changed();
    }

    /// Lets go of what is held, in the order `arrange` puts the event ids in.
    pub fn release(&self, arrange: impl FnOnce(&mut Vec<String>)) {
        let mut state = self.state();
        let held = state.queue.iter().filter(|one| one.held);
        let mut events: Vec<String> = held.map(|one| one.event.clone()).collect();
        arrange(&mut events);
        state.queue.retain(|one| !one.held);
        let now = self.now();
        for event in events {
            state.queue.push_back(Delivery {
                event,
                attempts: 0,
                due: now,
                held: false,
            });
        }
        drop(state);
        self.changed();
    }

    /// The ids of the events that are held, oldest first.
    pub fn held(&self) -> Vec<String> {
        let state = self.state();
        let held = state.queue.iter().filter(|one| one.held);
        held.map(|one| one.event.clone()).collect()
    }

    /// Sends an event again.
    pub fn send_again(&self, event: &str) {
        let now = self.now();
        self.state().enqueue(now, event);
        self.changed();
    }

    /// Makes and sends a new event about an object as it is now. Returns its id.
    pub fn emit(&self, kind: &str, object: &str) -> String {
        let now = self.now();
        let mut state = self.state();
        state.emit(now, kind, object);
        let event = state.order.last().cloned().unwrap_or_default();
        drop(state);
        self.changed();
        event
    }

    /// Ends a subscription at once, as the dashboard would.
    pub fn cancel_now(&self, subscription: &str) {
        let now = self.now();
        billing::cancel_now(&mut self.state(), now, subscription);
        self.changed();
    }

    /// Tries an unpaid renewal again, as a payer who has mended her card does.
    pub fn pay_open_invoice(&self, subscription: &str) {
        let now = self.now();
        billing::retry(&mut self.state(), now, subscription, true);
        self.changed();
    }

    /// Delivers for as long as the process runs.
    pub async fn deliver_always(self) {
        loop {
            self.deliver().await;
            let pause = tokio::time::sleep(Duration::from_secs(5));
            tokio::select! {
                () = self.shared.queued.notified() => {}
                () = pause => {}
            }
        }
    }

    /// Delivers everything due, in order, and returns when nothing due is left.
    pub async fn deliver(&self) {
        let client = Client::builder(TokioExecutor::new()).build_http();
        while let Some(delivery) = self.next_delivery() {
            if let Err(error) = self.post(&client, &delivery.event).await {
                tracing::debug!(
                    event = delivery.event,
                    error = format!("{error:#}"),
                    "refused"
                );
                self.try_later(delivery);
            }
        }
        self.save();
    }

    /// The body of an event and the signature header Stripe would send with it.
    pub fn signed(&self, event: &str) -> Option<(String, String)> {
        let object = self.object(event)?;
        let body = serde_json::to_string_pretty(&object).ok()?;
        let secret = self.settings().webhook_secret;
        let at = DateTime::from_timestamp(self.now(), 0)?;
        let header = sign(body.as_bytes(), &secret, at);
        Some((body, header))
    }

    fn next_delivery(&self) -> Option<Delivery> {
        let now = self.now();
        let mut state = self.state();
        let due = state
            .queue
            .iter()
            .position(|one| !one.held && one.due <= now)?;
        state.queue.remove(due)
    }

    fn try_later(&self, mut delivery: Delivery) {
        delivery.attempts += 1;
        if delivery.attempts < ATTEMPTS {
            delivery.due = self.now() + (5 << delivery.attempts);
            self.state().queue.push_back(delivery);
        }
    }

    async fn post(&self, client: &Client<HttpConnector, Body>, event: &str) -> anyhow::Result<()> {
        let (body, signature) = self.signed(event).context("no such event")?;
        let request = Request::post(self.settings().webhook_url)
            .header("content-type", "application/json; charset=utf-8")
            .header(
                "user-agent",
                "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
            )
            .header("stripe-signature", signature)
            .body(Body::from(body))?;
        let answer = client.request(request).await?;
        anyhow::ensure!(answer.status().is_success(), "status {}", answer.status());
        Ok(())
    }
}
