//! Checkout Sessions: what is sold, and where the buyer comes back.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use stripe_checkout::checkout_session::{
    CreateCheckoutSession, CreateCheckoutSessionLineItems, CreateCheckoutSessionLineItemsPriceData,
    CreateCheckoutSessionPaymentIntentData, CreateCheckoutSessionPaymentIntentDataTransferData,
    CreateCheckoutSessionSubscriptionData, CreateCheckoutSessionSubscriptionDataTransferData,
    ProductData, RetrieveCheckoutSession,
};
use stripe_client_core::{RequestBuilder, StripeMethod};

use super::{
    catalogue::currency,
    client::{Client, metadata},
    connect::Direct,
    error::Error,
    objects::{Reference, nullable},
};
use crate::money::Money;

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
    /// Where the money goes, if not to the publication.
    pub direct: Option<Direct>,
    /// When Stripe closes it unpaid: from half an hour on; `None`: a day.
    pub closes_at: Option<DateTime<Utc>>,
    pub success_url: String,
    pub cancel_url: String,
}

/// A Checkout Session. <https://docs.stripe.com/api/checkout/sessions/object>
#[derive(Clone, Debug, Deserialize)]
pub struct CheckoutSession {
    pub id: String,
    pub url: Option<String>,
    /// `payment` or `subscription`.
    pub mode: String,
    /// `open`, `complete` or `expired`.
    pub status: Option<String>,
    /// `paid`, `unpaid` or `no_payment_required`.
    pub payment_status: String,
    pub customer: Option<Reference>,
    pub customer_email: Option<String>,
    pub customer_details: Option<CustomerDetails>,
    pub subscription: Option<Reference>,
    pub payment_intent: Option<Reference>,
    pub client_reference_id: Option<String>,
    /// Minor units.
    pub amount_total: Option<i64>,
    pub currency: Option<String>,
    #[serde(default, deserialize_with = "nullable")]
    pub metadata: HashMap<String, String>,
}

/// What the payer typed at Stripe. Never an identity.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct CustomerDetails {
    pub email: Option<String>,
    pub name: Option<String>,
}

impl CheckoutSession {
    /// The address the payer typed, if any.
    pub fn payer_email(&self) -> Option<&str> {
        let details = self.customer_details.as_ref();
        details
            .and_then(|details| details.email.as_deref())
            .or(self.customer_email.as_deref())
    }

    /// The name the payer typed, if any.
    pub fn payer_name(&self) -> Option<&str> {
        self.customer_details.as_ref()?.name.as_deref()
    }
}

impl Client {
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
                if let Some(direct) = &new.direct {
                    let to = direct.destination.as_str();
                    let to = CreateCheckoutSessionSubscriptionDataTransferData::new(to);
                    data.transfer_data = Some(to);
                    data.application_fee_percent = Some(direct.percent());
                }
                request = request
                    .mode(stripe_checkout::CheckoutSessionMode::Subscription)
                    .allow_promotion_codes(true)
                    .subscription_data(data);
            }
            Sale::Tip { amount, name } => {
                let mut data = CreateCheckoutSessionLineItemsPriceData::new(currency(amount)?);
                data.unit_amount = Some(amount.amount);
                data.product_data = Some(ProductData::new(name.as_str()));
                item.price_data = Some(data);
                let mut data = CreateCheckoutSessionPaymentIntentData::new();
                data.metadata = Some(ours);
                if let Some(direct) = &new.direct {
                    let to = direct.destination.as_str();
                    let to = CreateCheckoutSessionPaymentIntentDataTransferData::new(to);
                    data.transfer_data = Some(to);
                    let kept = direct.kept_of(amount.amount);
                    data.application_fee_amount = (kept > 0).then_some(kept);
                }
                request = request
                    .mode(stripe_checkout::CheckoutSessionMode::Payment)
                    .payment_intent_data(data);
            }
        }
        if let Some(closes_at) = new.closes_at {
            request = request.expires_at(closes_at.timestamp());
        }
        if let Some(customer) = &new.customer {
            request = request.customer(customer.as_str());
        }
        let request = request.line_items(vec![item]);
        let mut key = format!("checkout:{}", new.checkout_id);
        if let Some(direct) = &new.direct {
            key = format!("{key}:{}", direct.destination);
        }
        self.post(&key, request).await
    }

    /// Closes an open Checkout Session, so that nobody can pay it any more.
    pub async fn expire_session(&self, key: &str, session: &str) -> Result<(), Error> {
        let path = format!("/checkout/sessions/{session}/expire");
        let call = RequestBuilder::new(StripeMethod::Post, path);
        let _: serde::de::IgnoredAny = self.send(&call, Some(key)).await?;
        Ok(())
    }

    pub async fn checkout_session(&self, id: &str) -> Result<CheckoutSession, Error> {
        self.get(RetrieveCheckoutSession::new(id)).await
    }
}
