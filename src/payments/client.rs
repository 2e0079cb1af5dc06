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
use stripe_checkout::checkout_session::{
    CreateCheckoutSession, CreateCheckoutSessionLineItems, CreateCheckoutSessionLineItemsPriceData,
    CreateCheckoutSessionPaymentIntentData, CreateCheckoutSessionSubscriptionData, ProductData,
    RetrieveCheckoutSession,
};
use stripe_client_core::RequestBuilder;
use stripe_core::customer::CreateCustomer;
use stripe_product::{
    price::{CreatePrice, CreatePriceRecurring, CreatePriceRecurringInterval},
    product::{CreateProduct, UpdateProduct},
};
use stripe_types::Currency;

use super::{
    error::Error,
    invoice::Invoice,
    objects::{CheckoutSession, Subscription},
};
use crate::{config, entities::Recurrence, money::Money};

/// What is sold in a Checkout.
#[derive(Clone, Debug)]
pub enum Sale {
    /// A price of Stripe's, charged every month or year.
    Subscription {
        price: String,
        trial_days: Option<u32>,
    },
    /// One amount, once, under this name.
    Tip { amount: Money, name: String },
}

/// A Checkout Session to be created.
#[derive(Clone, Debug)]
pub struct NewCheckout {
    /// Ours; comes back on the session, the subscription and the payment.
    pub checkout_id: uuid::Uuid,
    pub sale: Sale,
    pub customer: Option<String>,
    pub success_url: String,
    pub cancel_url: String,
}

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

#[derive(serde::Deserialize)]
struct Created {
    id: String,
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

    /// Makes the one customer of an account. Returns its id.
    ///
    /// # Errors
    /// As [`Error`] says; so do all calls below.
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

    /// Makes the product that stands for a tier. Returns its id.
    pub async fn create_product(
        &self,
        tier: uuid::Uuid,
        name: &str,
        description: &str,
    ) -> Result<String, Error> {
        let mut request = CreateProduct::new(name).metadata(metadata("plaudit_tier", tier));
        if !description.is_empty() {
            request = request.description(description);
        }
        let created: Created = self.post(&format!("product:{tier}"), request).await?;
        Ok(created.id)
    }

    /// Renames the product of a tier. `key` is unique to this change.
    pub async fn update_product(&self, key: &str, product: &str, name: &str) -> Result<(), Error> {
        let request = UpdateProduct::new(product).name(name);
        self.post::<Created>(key, request).await.map(drop)
    }

    /// Makes the price that stands for one amount of a tier. Returns its id.
    pub async fn create_price(
        &self,
        price: uuid::Uuid,
        product: &str,
        amount: &Money,
        every: Recurrence,
    ) -> Result<String, Error> {
        let interval = match every {
            Recurrence::Month => CreatePriceRecurringInterval::Month,
            Recurrence::Year => CreatePriceRecurringInterval::Year,
        };
        let request = CreatePrice::new(currency(amount)?)
            .product(product)
            .unit_amount(amount.amount)
            .recurring(CreatePriceRecurring::new(interval))
            .metadata(metadata("plaudit_price", price));
        let created: Created = self.post(&format!("price:{price}"), request).await?;
        Ok(created.id)
    }

    /// Opens a Checkout Session.
    pub async fn create_checkout(&self, new: &NewCheckout) -> Result<CheckoutSession, Error> {
        let ours = metadata("plaudit_checkout", new.checkout_id);
        let mut item = CreateCheckoutSessionLineItems::new();
        item.quantity = Some(1);
        let mut request = CreateCheckoutSession::new()
            .client_reference_id(new.checkout_id.to_string())
            .metadata(ours.clone())
            .success_url(new.success_url.as_str())
            .cancel_url(new.cancel_url.as_str());
        match &new.sale {
            Sale::Subscription { price, trial_days } => {
                item.price = Some(price.clone());
                let mut data = CreateCheckoutSessionSubscriptionData::new();
                data.metadata = Some(ours);
                data.trial_period_days = *trial_days;
                request = request
                    .mode(stripe_checkout::CheckoutSessionMode::Subscription)
                    .subscription_data(data);
            }
            Sale::Tip { amount, name } => {
                let mut data = CreateCheckoutSessionLineItemsPriceData::new(currency(amount)?);
                data.unit_amount = Some(amount.amount);
                data.product_data = Some(ProductData::new(name.as_str()));
                item.price_data = Some(data);
                let mut data = CreateCheckoutSessionPaymentIntentData::new();
                data.metadata = Some(ours);
                request = request
                    .mode(stripe_checkout::CheckoutSessionMode::Payment)
                    .payment_intent_data(data);
            }
        }
        if let Some(customer) = &new.customer {
            request = request.customer(customer.as_str());
        }
        let request = request.line_items(vec![item]);
        self.post(&format!("checkout:{}", new.checkout_id), request)
            .await
    }

    pub async fn checkout_session(&self, id: &str) -> Result<CheckoutSession, Error> {
        self.get(RetrieveCheckoutSession::new(id)).await
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

    async fn get<T: DeserializeOwned>(&self, request: impl StripeRequest) -> Result<T, Error> {
        self.send(Plain(request), RequestStrategy::Once).await
    }

    async fn post<T: DeserializeOwned>(
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

fn metadata(name: &str, id: uuid::Uuid) -> HashMap<String, String> {
    HashMap::from([(name.to_owned(), id.to_string())])
}

fn currency(amount: &Money) -> Result<Currency, Error> {
    amount
        .currency
        .parse()
        .map_err(|_| Error::Refused(format!("unknown currency {}", amount.currency)))
}
