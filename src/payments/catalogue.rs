//! Tiers and their amounts as Stripe's Products and Prices.

use stripe_product::{
    price::{CreatePrice, CreatePriceRecurring, CreatePriceRecurringInterval},
    product::{CreateProduct, UpdateProduct},
};
use stripe_types::Currency;

use super::{
    client::{Client, Created, metadata},
    error::Error,
};
use crate::{entities::Recurrence, money::Money};

impl Client {
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
}

/// Stripe's name of the currency.
pub(super) fn currency(amount: &Money) -> Result<Currency, Error> {
    amount
        .currency
        .parse()
        .map_err(|_| Error::Refused(format!("unknown currency {}", amount.currency)))
}
