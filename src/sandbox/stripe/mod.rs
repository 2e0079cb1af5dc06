//! A real HTTP peer that speaks Stripe's API, so that the code which runs against Stripe is the code
//! that runs in the demo and the tests. It keeps objects as JSON in Stripe's current shapes.

mod api;
mod billing;
mod checkout;
mod create;
mod deliver;
mod pages;
mod params;
mod payment_shapes;
mod refusal;
mod selling;
mod shapes;
mod state;
mod time;

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::{
    Router,
    routing::{any, get},
};
use serde_json::Value;
use tokio::sync::Notify;

pub use deliver::Chaos;
use state::State;
pub use state::{Call, Card};

use crate::clock::Clock;

/// The simulated Stripe. Cloning is cheap; clones share everything.
#[derive(Clone)]
pub struct Stripe {
    shared: Arc<Shared>,
}

struct Shared {
    clock: Clock,
    settings: Mutex<Settings>,
    state: Mutex<State>,
    /// Rung when an event waits for delivery.
    queued: Notify,
}

/// Where this Stripe lives and where it sends its events.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Under which its pages are reached, such as `http://localhost:8080/sandbox/stripe`.
    pub base_url: String,
    pub webhook_url: String,
    pub webhook_secret: String,
    /// Kept here between starts; `None` in memory only.
    pub file: Option<PathBuf>,
}

impl Stripe {
    /// Starts with what `settings.file` holds, if there is one. The clock is set as far ahead as it was.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn open(clock: Clock, settings: Settings) -> anyhow::Result<Self> {
        let state = match &settings.file {
            Some(file) if file.exists() => serde_json::from_str(&std::fs::read_to_string(file)?)?,
            _ => State::default(),
        };
        let behind = state.ahead_seconds - clock.ahead_seconds();
        clock.advance(chrono::Duration::seconds(behind));
        Ok(Self {
            shared: Arc::new(Shared {
                clock,
                settings: Mutex::new(settings),
                state: Mutex::new(state),
                queued: Notify::new(),
            }),
        })
    }

    /// The API under `/v1/…` and the hosted pages, to be mounted where `base_url` says.
    pub fn router<S>(&self) -> Router<S> {
        Router::new()
            .route("/v1/{*path}", any(api::answer))
            .route("/checkout/{session}", get(pages::checkout).post(pages::pay))
            .route("/portal/{session}", get(pages::portal).post(pages::change))
            .route("/invoice/{invoice}", get(pages::invoice))
            .with_state(self.clone())
    }

    /// The object of this id, as the API would show it.
    pub fn object(&self, id: &str) -> Option<Value> {
        self.state().objects.get(id).cloned()
    }

    /// Every object of a kind (`subscription`, `event`, …), oldest first.
    pub fn objects(&self, kind: &str) -> Vec<Value> {
        self.state().of_kind(kind).cloned().collect()
    }

    /// The API calls made so far.
    pub fn calls(&self) -> Vec<Call> {
        self.state().calls.clone()
    }

    /// The next `count` API calls are answered with this status.
    pub fn fail_requests(&self, count: u32, status: u16) {
        self.state().failing = Some((count, status));
    }

    /// Changes an object in place, as if it had come to be that way. No event is sent.
    pub fn edit(&self, id: &str, change: impl FnOnce(&mut Value)) {
        let mut state = self.state();
        if let Some(object) = state.objects.get_mut(id) {
            change(object);
        }
    }

    /// Puts an object there that nobody made through the API.
    pub fn put(&self, object: Value) {
        self.state().put(object);
    }

    /// Puts a card on a customer, which later payments use.
    pub fn set_card(&self, customer: &str, card: Card) {
        let mut state = self.state();
        state.cards.insert(customer.to_owned(), card);
        drop(state);
        self.save();
    }

    /// Does what the hosted page does when somebody pays. Returns where she is sent.
    ///
    /// # Errors
    /// With Stripe's words, if the card is declined or the session is not open.
    pub fn complete_checkout(
        &self,
        session: &str,
        card: Card,
        email: &str,
        name: &str,
    ) -> Result<String, String> {
        let now = self.now();
        let result = checkout::complete(&mut self.state(), now, session, card, email, name);
        self.changed();
        result
    }

    pub fn settings(&self) -> Settings {
        let settings = self.shared.settings.lock();
        settings.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Sets where it lives and sends, once that is known.
    pub fn configure(&self, change: impl FnOnce(&mut Settings)) {
        let settings = self.shared.settings.lock();
        change(&mut settings.unwrap_or_else(PoisonError::into_inner));
    }

    fn state(&self) -> MutexGuard<'_, State> {
        let state = self.shared.state.lock();
        state.unwrap_or_else(PoisonError::into_inner)
    }

    /// Seconds since 1970.
    fn now(&self) -> i64 {
        self.shared.clock.now().timestamp()
    }

    /// After any change: kept on disk, and events sent.
    fn changed(&self) {
        self.save();
        self.shared.queued.notify_one();
    }

    fn save(&self) {
        let Some(file) = self.settings().file else {
            return;
        };
        let mut state = self.state();
        state.ahead_seconds = self.shared.clock.ahead_seconds();
        let written = serde_json::to_vec(&*state).map_err(std::io::Error::other);
        drop(state);
        let beside = file.with_extension("new");
        let written = written
            .and_then(|text| std::fs::write(&beside, text))
            .and_then(|()| std::fs::rename(&beside, &file));
        if let Err(error) = written {
            tracing::error!(%error, "the simulated Stripe could not be kept");
        }
    }
}
