//! The calls we make. Requests are async-stripe's; answers are read leniently, because a shape that
//! moved must not turn a payment into an error.

use std::{collections::HashMap, time::Duration};

use serde::de::DeserializeOwned;
use stripe::{IdempotencyKey, RequestStrategy, StripeRequest};
use stripe_billing::{
    billing_portal_session::CreateBillingPortalSession,
    invoice::RetrieveInvoice,
    subscription::{RetrieveSubscription, UpdateSubscription},
};
use stripe_client_core::{RequestBuilder, StripeMethod};
use stripe_core::customer::CreateCustomer;

use super::{error::Error, invoice::Invoice, objects::Subscription};
use crate::config;

/// Speaks with Stripe, or with whatever answers at `stripe.api_base`. Cloning is cheap.
#[derive(Clone)]
pub struct Client {
    stripe: Option<stripe::Client>,
}

/// A typed request whose answer is read as plain JSON.
struct Plain<R>(R);

impl<R: StripeRequest> StripeRequest for Plain<R> {
    type Output = miniserde::json::Value;

    fn build(&self) -> RequestBuilder {
        self.0.build()
    }
}

/// An address that is read.
struct Address(&'static str);

impl StripeRequest for Address {
    type Output = miniserde::json::Value;

    fn build(&self) -> RequestBuilder {
        RequestBuilder::new(StripeMethod::Get, self.0)
    }
}

/// What was made.
#[derive(serde::Deserialize)]
pub(super) struct Created {
    pub id: String,
}

#[derive(serde::Deserialize)]
struct Link {
    url: String,
}

impl Client {
    /// # Errors
    /// If the key or the address cannot be used.
    pub fn new(config: &config::Stripe) -> anyhow::Result<Self> {
        if config.secret_key.is_empty() {
            return Ok(Self { stripe: None });
        }
        let mut base = config.api_base.clone();
        if !base.ends_with('/') {
            base.push('/');
        }
        let stripe = stripe::ClientBuilder::new(&config.secret_key)
            .url(base)
            .timeout(Duration::from_secs(10))
            .app_info("Plaudit", Some(env!("CARGO_PKG_VERSION").to_owned()), None)
            .build()?;
        Ok(Self {
            stripe: Some(stripe),
        })
    }

    pub fn is_configured(&self) -> bool {
        self.stripe.is_some()
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
        let balance: Balance = self.get(Address("/balance")).await?;
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

    /// A subscription with its latest invoice.
    pub async fn subscription(&self, id: &str) -> Result<Subscription, Error> {
        let expand = vec!["latest_invoice".to_owned()];
        self.get(RetrieveSubscription::new(id).expand(expand)).await
    }

    pub async fn invoice(&self, id: &str) -> Result<Invoice, Error> {
        self.get(RetrieveInvoice::new(id)).await
    }

    /// Books the end of a subscription at the end of its period, or takes that back.
    /// `key` is unique to this press.
    pub async fn cancel_at_period_end(
        &self,
        key: &str,
        subscription: &str,
        cancel: bool,
    ) -> Result<Subscription, Error> {
        let request = UpdateSubscription::new(subscription).cancel_at_period_end(cancel);
        self.post(key, request).await
    }

    /// The address of Stripe's page where a customer changes card or membership.
    pub async fn portal(&self, customer: &str, return_url: &str) -> Result<String, Error> {
        let request = CreateBillingPortalSession::new()
            .customer(customer)
            .return_url(return_url);
        let link: Link = self.send(Plain(request), RequestStrategy::Once).await?;
        Ok(link.url)
    }

    pub(super) async fn get<T: DeserializeOwned>(
        &self,
        request: impl StripeRequest,
    ) -> Result<T, Error> {
        self.send(Plain(request), RequestStrategy::Once).await
    }

    /// `key` makes a second try the same act.
    pub(super) async fn post<T: DeserializeOwned>(
        &self,
        key: &str,
        request: impl StripeRequest,
    ) -> Result<T, Error> {
        let key = IdempotencyKey::new(key).map_err(|error| Error::Refused(error.to_string()))?;
        self.send(Plain(request), RequestStrategy::Idempotent(key))
            .await
    }

    async fn send<T: DeserializeOwned, R: StripeRequest>(
        &self,
        request: Plain<R>,
        strategy: RequestStrategy,
    ) -> Result<T, Error> {
        let client = self.stripe.as_ref().ok_or(Error::NotConfigured)?;
        let call = request.customize().request_strategy(strategy);
        let answer = call.send(client).await?;
        serde_json::from_str(&miniserde::json::to_string(&answer))
            .map_err(|error| Error::Away(format!("unreadable answer: {error}")))
    }
}

/// Our id on an object of Stripe's.
pub(super) fn metadata(name: &str, id: uuid::Uuid) -> HashMap<String, String> {
    HashMap::from([(name.to_owned(), id.to_string())])
}
