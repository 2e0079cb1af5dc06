//! What events tell us to look at.

use std::{
    cmp::Ordering,
    collections::{BTreeMap, BTreeSet},
};

use chrono::{DateTime, Utc};

use crate::{
    entities::stripe_event,
    payments::{Claim, Hint},
};

/// Something at Stripe that a sync begins with.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in super::super) enum Subject {
    Session(String),
    Subscription(String),
    Invoice(String),
    Charge(String),
    /// A payment intent, where no charge is named.
    Intent(String),
    /// A refund, a dispute, a warning or a transfer of which nothing but its address at Stripe is known.
    Unnamed(String),
    Customer(String),
    /// A connected account.
    Account(String),
}

impl Subject {
    pub fn of(event: &stripe_event::Model, hint: &Hint) -> Option<Self> {
        let id = event.object_id.clone();
        let mut words = event.kind.split('.');
        match (words.next()?, words.next()?) {
            ("checkout", _) => id.map(Self::Session),
            ("customer", "subscription") => id.map(Self::Subscription),
            ("customer", _) => id.map(Self::Customer),
            ("invoice", "upcoming") => hint.subscription.clone().map(Self::Subscription),
            ("invoice", _) => id.map(Self::Invoice),
            // The object of a parting is the application.
            ("account", _) => event.account.clone().or(id).map(Self::Account),
            ("charge" | "refund" | "radar" | "transfer" | "application_fee", _) => {
                match (&hint.charge, &hint.intent) {
                    (Some(charge), _) => Some(Self::Charge(charge.clone())),
                    (None, Some(intent)) => Some(Self::Intent(intent.clone())),
                    // A thin event names no more than its object.
                    (None, None) => Self::unnamed(event.object_kind.as_deref()?, id?),
                }
            }
            _ => None,
        }
    }

    fn unnamed(kind: &str, id: String) -> Option<Self> {
        let path = match kind {
            "charge" => return Some(Self::Charge(id)),
            "refund" => "refunds",
            "dispute" => "disputes",
            "radar.early_fraud_warning" => "radar/early_fraud_warnings",
            "transfer" => "transfers",
            "application_fee" => "application_fees",
            _ => return None,
        };
        Some(Self::Unnamed(format!("/{path}/{id}")))
    }

    /// What is looked at in its place, so that events about one subscription share the look.
    pub fn shared(&self, hint: &Hint) -> Self {
        match (self, &hint.subscription) {
            (Self::Session(_) | Self::Invoice(_), Some(subscription)) => {
                Self::Subscription(subscription.clone())
            }
            _ => self.clone(),
        }
    }
}

/// What events say beside the subject they are about.
#[derive(Clone, Debug, Default)]
pub(super) struct Asked {
    pub session: Option<String>,
    pub invoices: BTreeSet<String>,
    /// Invoices that the payer has to confirm with the bank.
    pub to_confirm: BTreeSet<String>,
    /// Early warnings of fraud.
    pub warnings: BTreeSet<String>,
    /// The trial is about to end.
    pub trial_ends: bool,
    /// When Stripe said that the next charge is near.
    pub renews: Option<DateTime<Utc>>,
    /// A delayed payment has failed.
    pub has_failed: bool,
    /// What the newest event about each object says that it must show.
    claims: BTreeMap<String, Newest>,
    /// How often the event was tried that was tried least.
    attempts: Option<i32>,
}

/// What the newest event about an object says, where that can be told.
#[derive(Clone, Debug)]
struct Newest {
    at: DateTime<Utc>,
    claim: Option<Claim>,
}

impl Asked {
    /// How often Stripe is asked again while it shows less than its events say.
    const PATIENCE: i32 = 5;

    /// For a look that no event asked for: what Stripe shows is taken as it is.
    pub fn nothing() -> Self {
        Self {
            attempts: Some(Self::PATIENCE),
            ..Self::default()
        }
    }

    pub fn take(&mut self, subject: Subject, event: &stripe_event::Model, claim: Option<Claim>) {
        let id = event.object_id.clone().unwrap_or_default();
        let tried = self.attempts.unwrap_or(event.attempts);
        self.attempts = Some(tried.min(event.attempts));
        match event.kind.as_str() {
            "customer.subscription.trial_will_end" => self.trial_ends = true,
            "invoice.upcoming" => self.renews = self.renews.max(Some(event.created_at)),
            "checkout.session.async_payment_failed" => self.has_failed = true,
            "invoice.payment_action_required" => {
                self.to_confirm.insert(id.clone());
            }
            "radar.early_fraud_warning.created" => {
                self.warnings.insert(id.clone());
            }
            _ => {}
        }
        match subject {
            Subject::Session(id) => self.session = Some(id),
            Subject::Invoice(id) => {
                self.invoices.insert(id);
            }
            _ => {}
        }
        if let Some(claim) = claim {
            self.claim(id, event.created_at, claim);
        }
    }

    /// Of two events the newer counts; of two in one second it cannot be told which that is.
    fn claim(&mut self, id: String, at: DateTime<Utc>, claim: Claim) {
        let newest = self.claims.entry(id).or_insert(Newest { at, claim: None });
        match at.cmp(&newest.at) {
            Ordering::Less => {}
            Ordering::Equal if newest.claim.as_ref().is_some_and(|known| *known != claim) => {
                newest.claim = None;
            }
            Ordering::Equal | Ordering::Greater => {
                *newest = Newest {
                    at,
                    claim: Some(claim),
                };
            }
        }
    }

    /// Whether what Stripe shows of `id` is older than an event about it; after a few tries it is
    /// taken as it is.
    pub fn is_ahead_of(&self, id: &str, status: &str) -> bool {
        let newest = self.claims.get(id).and_then(|newest| newest.claim.as_ref());
        self.is_patient() && newest.is_some_and(|claim| claim.is_ahead_of(status))
    }

    /// Whether it is worth asking again.
    pub fn is_patient(&self) -> bool {
        self.attempts.unwrap_or_default() < Self::PATIENCE
    }
}
