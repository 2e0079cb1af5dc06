//! What every request can reach.

use std::{ops::Deref, sync::Arc};

use sea_orm::DatabaseConnection;
use tokio::sync::Notify;

use crate::{
    clock::Clock,
    config::Config,
    db::Readings,
    house::House,
    mail::{Delivery, Forgetting, Links, Outbox},
    media, payments,
    render::Templates,
    web::{self, Cookies, Limits, PageCache},
};

/// The service's parts, shared by all requests and the worker. Cloning is cheap.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// See [`App`].
pub struct Parts {
    pub config: Arc<Config>,
    pub db: DatabaseConnection,
    pub clock: Clock,
    pub templates: Arc<Templates>,
    /// What the publication is called, and how it looks.
    pub house: Arc<House>,
    pub outbox: Outbox,
    pub delivery: Delivery,
    pub forgetting: Forgetting,
    pub payments: payments::Client,
    /// Where pictures are.
    pub media: media::Store,
    pub limits: Limits,
    pub cookies: Cookies,
    /// The public pages that are kept.
    pub pages: PageCache,
    /// What was read for readers who are signed in.
    pub readings: Readings,
    /// The key that signs links; from `secrets.key`.
    pub key: Vec<u8>,
    /// Rung when there is work for the worker, so that it need not wait for its next round.
    pub work: Notify,
    /// Whether this is the demo.
    pub is_demo: bool,
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl App {
    /// Puts the parts together around an open, migrated database.
    ///
    /// # Errors
    /// If a template does not parse or the Stripe key cannot be used.
    pub fn new(config: Config, db: DatabaseConnection, clock: Clock) -> anyhow::Result<Self> {
        Self::build(config, db, clock, |_| {})
    }

    /// The same, with changes to the parts before they are shared: for the demo and the tests.
    ///
    /// # Errors
    /// As [`App::new`].
    pub fn build(
        config: Config,
        db: DatabaseConnection,
        clock: Clock,
        change: impl FnOnce(&mut Parts),
    ) -> anyhow::Result<Self> {
        let templates = Arc::new(Templates::load()?);
        let config = Arc::new(config);
        let house = Arc::new(House::new(&config.publication));
        let key = hex::decode(&config.secrets.key)?;
        let links = Links {
            public_url: config.server.public_url.clone(),
            key: key.clone(),
        };
        let mut parts = Parts {
            delivery: Delivery::open(&config.mail, links)?,
            forgetting: Forgetting::default(),
            outbox: Outbox::new(templates.clone(), config.clone(), house.clone()),
            house,
            payments: payments::Client::new(&config.stripe)?,
            media: media::Store::new(&config.media),
            limits: Limits::new(false),
            cookies: Cookies {
                secure: config.is_https(),
            },
            key,
            pages: PageCache::default(),
            readings: Readings::new(&db, &config.database.url),
            work: Notify::new(),
            is_demo: false,
            templates,
            config,
            db,
            clock,
        };
        change(&mut parts);
        Ok(Self(Arc::new(parts)))
    }
}

impl From<payments::Error> for web::Error {
    fn from(error: payments::Error) -> Self {
        match error {
            payments::Error::NotConfigured | payments::Error::Away(_) => {
                Self::Unavailable(error.into())
            }
            payments::Error::NotFound => Self::NotFound,
            payments::Error::Refused(_)
            | payments::Error::Declined(_)
            | payments::Error::Unconfirmed(_) => Self::Internal(error.into()),
        }
    }
}
