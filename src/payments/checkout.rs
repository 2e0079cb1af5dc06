//! Checkout Sessions: what is sold, and where the buyer comes back.

use stripe_checkout::checkout_session::{
    CreateCheckoutSession, CreateCheckoutSessionLineItems, CreateCheckoutSessionLineItemsPriceData,
    CreateCheckoutSessionPaymentIntentData, CreateCheckoutSessionSubscriptionData, ProductData,
    RetrieveCheckoutSession,
};

use super::{
    catalogue::currency,
    client::{Client, metadata},
    error::Error,
    objects::CheckoutSession,
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
    pub success_url: String,
    pub cancel_url: String,
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
}
