//! Changes that wait for the payer's word to her bank: they happen when their invoice is paid, and never if it is not.
//! <https://docs.stripe.com/billing/subscriptions/pending-updates>

use chrono::{DateTime, Utc};
use serde::{Deserialize, de::IgnoredAny};
use serde_json::json;
use uuid::Uuid;

use super::{
    changing::reprice,
    client::Client,
    error::Error,
    invoice::Invoice,
    objects::{Reference, Subscription, instant},
};

/// What becomes of a subscription once its latest invoice is paid.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct PendingUpdate {
    #[serde(default, deserialize_with = "instant")]
    expires_at: Option<DateTime<Utc>>,
    #[serde(default)]
    subscription_items: Option<Vec<Item>>,
}

#[derive(Clone, Debug, Deserialize)]
struct Item {
    price: Option<Reference>,
}

/// A change that waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unconfirmed<'a> {
    /// The price it changes to.
    pub price: &'a str,
    /// Until when it can be confirmed.
    pub until: DateTime<Utc>,
}

impl Subscription {
    /// The change that waits to be confirmed, if one does.
    pub fn unconfirmed(&self) -> Option<Unconfirmed<'_>> {
        let update = self.pending_update.as_ref()?;
        let mut items = update.subscription_items.iter().flatten();
        Some(Unconfirmed {
            price: items.find_map(|item| item.price.as_ref())?.id(),
            until: update.expires_at?,
        })
    }

    /// The invoice it waits for, if the call expanded it.
    pub fn to_confirm(&self) -> Option<&Invoice> {
        self.unconfirmed()?;
        self.invoice().filter(|invoice| invoice.is_open())
    }

    /// Whether a change can wait. It takes an end back that was booked for the end of the period; one that was
    /// booked for another day it cannot.
    pub fn can_wait(&self) -> bool {
        self.cancel_at_period_end || self.booked_end().is_none()
    }
}

impl Client {
    /// Changes to `price` as [`Client::change_now`] does, once the payer has confirmed the payment on the page of
    /// the invoice; until then, and for good if she does not, everything stays as it is.
    pub async fn change_once_confirmed(
        &self,
        key: &str,
        subscription: &Subscription,
        price: &str,
        at: i64,
    ) -> Result<(), Error> {
        let mut asked = json!({ "payment_behavior": "pending_if_incomplete" });
        if subscription.cancel_at_period_end {
            asked["cancel_at_period_end"] = json!(false);
        }
        reprice(&mut asked, subscription, price, Some(at));
        self.change(key, &subscription.id, asked).await
    }

    /// Gives up the change that waits, if one does: its invoice is void, and nobody can pay it any more. What
    /// was paid or void a moment before is left as it is; whoever looks next sees which.
    pub async fn forget_change(&self, subscription: &Subscription) -> Result<(), Error> {
        match subscription.to_confirm() {
            Some(invoice) => self.void(invoice).await.map(drop),
            None => Ok(()),
        }
    }

    /// Gives up all that a subscription owes, if anything: nobody can pay it any more. Returns whether some of it can
    /// be paid all the same: what a debit is on its way for Stripe does not let go.
    pub async fn forgive(&self, subscription: &str) -> Result<bool, Error> {
        let all = self.invoices_of(subscription).await?;
        let mut is_left = false;
        for owed in all.iter().filter(|invoice| invoice.can_be_paid()) {
            if !self.void(owed).await? {
                is_left |= match self.invoice(&owed.id).await {
                    Ok(fresh) => fresh.can_be_paid(),
                    Err(Error::NotFound) => false,
                    Err(error) => return Err(error),
                };
            }
        }
        Ok(is_left)
    }

    /// Returns whether it is void now; what is paid, void or being paid Stripe refuses.
    async fn void(&self, invoice: &Invoice) -> Result<bool, Error> {
        let path = format!("/invoices/{}/void", invoice.id);
        // Under the same key Stripe would repeat what it has refused before.
        let key = format!("void:{}:{}", invoice.id, Uuid::now_v7());
        match self.ask::<IgnoredAny>(&key, &path, &json!({})).await {
            Ok(_) => Ok(true),
            Err(Error::Refused(_) | Error::NotFound) => Ok(false),
            Err(error) => Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_waits_is_read_with_its_price_expanded_or_not() {
        for price in [r#""price_2""#, r#"{"id":"price_2","object":"price"}"#] {
            let text = format!(
                r#"{{"id":"sub_1","status":"active","customer":"cus_1",
                "items":{{"data":[{{"price":{{"id":"price_1"}}}}]}},
                "pending_update":{{"expires_at":100,"subscription_items":[{{"id":"si_1","price":{price}}}]}}}}"#
            );
            let subscription: Subscription = serde_json::from_str(&text).expect("shape");
            let waits = subscription.unconfirmed().expect("a change");
            assert_eq!((waits.price, waits.until.timestamp()), ("price_2", 100));
        }
        let none = r#"{"id":"sub_1","status":"active","customer":"cus_1","items":{"data":[]},"pending_update":null}"#;
        let subscription: Subscription = serde_json::from_str(none).expect("shape");
        assert_eq!(subscription.unconfirmed(), None);
    }
}
