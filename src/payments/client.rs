//! The calls we make. Requests are async-stripe's; answers are read leniently, because a shape that
//! moved must not turn a payment into an error.

use std::collections::HashMap;

use serde::de::DeserializeOwned;
use stripe_billing::{
    billing_portal_session::CreateBillingPortalSession, invoice::RetrieveInvoice,
    subscription::RetrieveSubscription,
};
use stripe_client_core::{RequestBuilder, StripeMethod, StripeRequest};
use stripe_core::customer::CreateCustomer;

use super::{
    error::Error,
    invoice::Invoice,
    objects::{Customer, Subscription},
    wire::Wire,
};
use crate::config;

/// Speaks with Stripe, or with whatever answers at `stripe.api_base`. Cloning is cheap.
#[derive(Clone)]
pub struct Client {
    wire: Option<Wire>,
}

/// What was made.
#[derive(serde::Deserialize)]
pub(super) struct Created {
    pub id: String,
}

#[derive(serde::Deserialize)]
pub(super) struct Link {
    pub url: String,
}

/// What we read of a subscription besides itself.
const EXPANDED: [&str; 4] = [
    "latest_invoice",
    "schedule",
    "discounts.promotion_code",
    "discounts.source.coupon.applies_to",
];

impl Client {
    /// # Errors
    /// If the key or the address cannot be used.
    pub fn new(config: &config::Stripe) -> anyhow::Result<Self> {
        let is_configured = !config.secret_key.is_empty();
        let wire = is_configured.then(|| Wire::open(config)).transpose()?;
        Ok(Self { wire })
    }

    pub fn is_configured(&self) -> bool {
        self.wire.is_some()
    }

    /// Whether the key works with real money, as Stripe says.
    ///
    /// # Errors
    /// As [`Error`] says; so do all calls below.
    pub async fn livemode(&self) -> Result<bool, Error> {
        #[derive(serde::Deserialize)]
        struct Balance {
            livemode: bool,
        }
        let balance: Balance = self
            .send(&RequestBuilder::new(StripeMethod::Get, "/balance"), None)
            .await?;
        Ok(balance.livemode)
    }

    /// Makes the one customer of an account. Returns its id.
    pub async fn create_customer(
        &self,
        account: uuid::Uuid,
        email: Option<&str>,
        name: &str,
    ) -> Result<String, Error> {
        let mut request = CreateCustomer::new()
            .name(name)
            .metadata(metadata("plaudit_account", account));
        if let Some(email) = email {
            request = request.email(email);
        }
        let created: Created = self.post(&format!("customer:{account}"), request).await?;
        Ok(created.id)
    }

    /// An event as Stripe keeps it, whole.
    pub async fn event(&self, id: &str) -> Result<serde_json::Value, Error> {
        self.look(&format!("/events/{id}"), &()).await
    }

    pub async fn customer(&self, id: &str) -> Result<Customer, Error> {
        self.look(&format!("/customers/{id}"), &()).await
    }

    /// A subscription with its latest invoice.
    pub async fn subscription(&self, id: &str) -> Result<Subscription, Error> {
        let expand = EXPANDED.map(str::to_owned).to_vec();
        self.get(RetrieveSubscription::new(id).expand(expand)).await
    }

    pub async fn invoice(&self, id: &str) -> Result<Invoice, Error> {
        self.get(RetrieveInvoice::new(id)).await
    }

    /// The address of Stripe's page where a customer changes card or membership.
    pub async fn portal(&self, customer: &str, return_url: &str) -> Result<String, Error> {
        let request = CreateBillingPortalSession::new()
            .customer(customer)
            .return_url(return_url);
        let link: Link = self.send(&request.build(), None).await?;
        Ok(link.url)
    }

    pub(super) async fn get<T: DeserializeOwned>(
        &self,
        request: impl StripeRequest,
    ) -> Result<T, Error> {
        self.send(&request.build(), None).await
    }

    /// `key` makes a second try the same act.
    pub(super) async fn post<T: DeserializeOwned>(
        &self,
        key: &str,
        request: impl StripeRequest,
    ) -> Result<T, Error> {
        self.send(&request.build(), Some(key)).await
    }

    pub(super) async fn send<T: DeserializeOwned>(
        &self,
        call: &RequestBuilder,
        key: Option<&str>,
    ) -> Result<T, Error> {
        let wire = self.wire.as_ref().ok_or(Error::NotConfigured)?;
        let answer = wire.call(call, key).await?;
        serde_json::from_slice(&answer)
            .map_err(|error| Error::Away(format!("unreadable answer: {error}")))
    }
}

/// Our id on an object of Stripe's.
pub(super) fn metadata(name: &str, id: uuid::Uuid) -> HashMap<String, String> {
    HashMap::from([(name.to_owned(), id.to_string())])
}
