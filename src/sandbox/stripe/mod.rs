//! A real HTTP peer that speaks Stripe's API, so that the code which runs against Stripe is the code
//! that runs in the demo and the tests. It keeps objects as JSON in Stripe's current shapes, moves
//! them along as time passes, and tells the service by signed events.

mod billing;
mod cards;
mod checkout;
mod control;
mod dashboard;
mod deliver;
mod door;
mod events;
mod keep;
mod objects;
mod pages;
mod planned;
mod state;
mod time;

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError, atomic::AtomicBool},
};

use axum::{
    Router,
    routing::{any, get},
};
use hyper_util::{client::legacy::Client, rt::TokioExecutor};
use serde::{Deserialize, Serialize};
use tokio::sync::Notify;

use deliver::Poster;
use state::State;
pub use {cards::Card, deliver::Chaos, state::Call};

use crate::clock::Clock;

/// The simulated Stripe. Cloning is cheap; clones share everything.
#[derive(Clone)]
pub struct Stripe {
    shared: Arc<Shared>,
}

struct Shared {
    clock: Clock,
    state: Mutex<State>,
    /// Rung when an event waits for delivery.
    queued: Notify,
    /// Held by whoever delivers, so that events go out in order.
    delivering: tokio::sync::Mutex<()>,
    poster: Poster,
    /// Whether something has changed since the file was written.
    unkept: AtomicBool,
}

/// Where this Stripe lives and where it sends its events.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Under which its pages are reached, such as `http://localhost:8080/sandbox/stripe`.
    pub base_url: String,
    pub webhook_url: String,
    pub webhook_secret: String,
    /// The one key that opens its API; empty: any test key does.
    pub secret_key: String,
    /// Kept here between starts; `None` in memory only.
    pub file: Option<PathBuf>,
}

/// What becomes of a subscription whose renewal was never paid.
/// Source: <https://docs.stripe.com/billing/revenue-recovery/smart-retries>
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum WhenUnpaid {
    #[default]
    Cancel,
    MarkUnpaid,
    LeavePastDue,
}

impl Stripe {
    /// Starts with what `settings.file` holds, if there is one. The clock is set as far ahead as it was.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn open(clock: Clock, settings: Settings) -> anyhow::Result<Self> {
        let mut state = keep::read(settings.file.as_deref())?;
        let behind = state.ahead_seconds - clock.ahead_seconds();
        clock.advance(chrono::Duration::seconds(behind));
        state.settings = settings;
        Ok(Self {
            shared: Arc::new(Shared {
                clock,
                state: Mutex::new(state),
                queued: Notify::new(),
                delivering: tokio::sync::Mutex::new(()),
                poster: Client::builder(TokioExecutor::new()).build_http(),
                unkept: AtomicBool::new(false),
            }),
        })
    }

    /// The API under `/v1/…` and the hosted pages, to be mounted where `base_url` says.
    pub fn router<S>(&self) -> Router<S> {
        Router::new()
            .route("/v1/{*path}", any(door::answer))
            .route("/pages.css", get(pages::style))
            .route("/icon.svg", get(pages::icon))
            .route(
                "/checkout/{session}",
                get(pages::checkout::show).post(pages::checkout::pay),
            )
            .route(
                "/portal/{session}",
                get(pages::portal::show).post(pages::portal::change),
            )
            .route(
                "/invoice/{invoice}",
                get(pages::invoice::show).post(pages::invoice::pay),
            )
            .route("/invoice/{invoice}/print", get(pages::invoice::show))
            .route(
                "/connect/{link}",
                get(pages::connect::show).post(pages::connect::answer),
            )
            .route(
                "/express/{account}",
                get(pages::connect::dashboard).post(pages::connect::leave),
            )
            .route("/receipt/{charge}", get(pages::invoice::receipt))
            .with_state(self.clone())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.shared.lock()
    }

    /// The state, told what time it is.
    fn at_now(&self) -> MutexGuard<'_, State> {
        let mut state = self.state();
        state.now = self.now();
        state
    }

    /// Something happens now.
    fn act<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        let result = act(&mut self.at_now());
        self.changed();
        result
    }

    /// Seconds since 1970.
    fn now(&self) -> i64 {
        self.shared.clock.now().timestamp()
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
