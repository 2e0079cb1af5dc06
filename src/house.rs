//! The publication as readers see it: what the configuration says, and over it what its owner has typed. Every
//! process reads it again every two seconds, and at once after a change of its own.

use std::{
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use sea_orm::{ConnectionTrait, DatabaseConnection, DbErr, EntityTrait};
use serde::Serialize;

use crate::{
    config,
    entities::publication::{self, ONLY},
};

/// How soon a process sees what was typed at another.
const EVERY: Duration = Duration::from_secs(2);

/// What is said of the publication.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Publication {
    pub name: String,
    pub tagline: String,
    /// With line breaks, as receipts print it.
    pub address: String,
    /// Who sells, on receipts; empty: `name`.
    pub legal_name: String,
    pub vat_id: String,
    /// The colour of links and buttons: six hexadecimal digits; `None`: the stylesheet's own.
    pub accent: Option<String>,
    /// That of the paper, and of what is written on it; likewise.
    pub paper: Option<String>,
    pub ink: Option<String>,
    /// Where the logo is in the media store; see `media::Picture`.
    pub logo: Option<String>,
}

/// Holds what is said now.
pub struct House {
    configured: Publication,
    now: RwLock<Arc<Publication>>,
}

impl House {
    pub fn new(configured: &config::Publication) -> Self {
        let configured = Publication {
            name: configured.name.clone(),
            tagline: configured.tagline.clone(),
            address: configured.address.clone(),
            legal_name: configured.legal_name.clone(),
            vat_id: configured.vat_id.clone(),
            accent: None,
            paper: None,
            ink: None,
            logo: None,
        };
        Self {
            now: RwLock::new(Arc::new(configured.clone())),
            configured,
        }
    }

    /// What counts where nothing was typed.
    pub fn configured(&self) -> &Publication {
        &self.configured
    }

    pub fn now(&self) -> Arc<Publication> {
        let now = self.now.read().unwrap_or_else(PoisonError::into_inner);
        now.clone()
    }

    /// Reads what was typed.
    ///
    /// # Errors
    /// If the database fails; what was known stays.
    pub async fn refresh(&self, db: &impl ConnectionTrait) -> Result<(), DbErr> {
        let typed = publication::Entity::find_by_id(ONLY).one(db).await?;
        let fresh = match typed {
            Some(typed) => over(&self.configured, typed),
            None => self.configured.clone(),
        };
        if fresh != *self.now() {
            let mut now = self.now.write().unwrap_or_else(PoisonError::into_inner);
            *now = Arc::new(fresh);
        }
        Ok(())
    }

    /// Goes on reading it for as long as the process runs.
    pub async fn keep(&self, db: &DatabaseConnection) {
        loop {
            if let Err(error) = self.refresh(db).await {
                tracing::warn!(%error, "could not read what the owner says of the publication");
            }
            tokio::time::sleep(EVERY).await;
        }
    }
}

fn over(configured: &Publication, typed: publication::Model) -> Publication {
    let or = |typed: Option<String>, configured: &String| typed.unwrap_or(configured.clone());
    Publication {
        name: or(typed.name, &configured.name),
        tagline: or(typed.tagline, &configured.tagline),
        address: or(typed.address, &configured.address),
        legal_name: or(typed.legal_name, &configured.legal_name),
        vat_id: or(typed.vat_id, &configured.vat_id),
        accent: typed.accent,
        paper: typed.paper,
        ink: typed.ink,
        logo: typed.logo,
    }
}
