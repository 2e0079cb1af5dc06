//! What we read of Stripe's objects: only what we use, lenient about the rest, old shapes and new.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer};

use super::{
    connect::Destination, discounts::Listed, invoice::Invoice, pending::PendingUpdate,
    schedule::Scheduled,
};

/// Under which a subscription says that its payer paused it herself.
pub(super) const PAUSED: &str = "plaudit_paused";

/// A reference to another object: its id, or the object itself where the call expanded it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Reference {
    Id(String),
    Object { id: String },
}

impl Reference {
    pub fn id(&self) -> &str {
        match self {
            Self::Id(id) | Self::Object { id } => id,
        }
    }
}

/// A customer. <https://docs.stripe.com/api/customers/object>
#[derive(Clone, Debug, Deserialize)]
pub struct Customer {
    pub id: String,
    pub email: Option<String>,
    #[serde(default)]
    pub deleted: bool,
    #[serde(default, deserialize_with = "nullable")]
    pub metadata: HashMap<String, String>,
}

/// A subscription. <https://docs.stripe.com/api/subscriptions/object>
#[derive(Clone, Debug, Deserialize)]
pub struct Subscription {
    pub id: String,
    pub status: String,
    pub customer: Reference,
    #[serde(default)]
    pub cancel_at_period_end: bool,
    #[serde(default, deserialize_with = "instant")]
    pub cancel_at: Option<DateTime<Utc>>,
    #[serde(default, deserialize_with = "instant")]
    pub ended_at: Option<DateTime<Utc>>,
    #[serde(default, deserialize_with = "instant")]
    pub canceled_at: Option<DateTime<Utc>>,
    #[serde(default, deserialize_with = "instant")]
    pub start_date: Option<DateTime<Utc>>,
    #[serde(default, deserialize_with = "instant")]
    pub trial_end: Option<DateTime<Utc>>,
    #[serde(default, deserialize_with = "instant")]
    current_period_start: Option<DateTime<Utc>>,
    #[serde(default, deserialize_with = "instant")]
    current_period_end: Option<DateTime<Utc>>,
    items: Items,
    pub latest_invoice: Option<LatestInvoice>,
    pub pause_collection: Option<PauseCollection>,
    status_details: Option<StatusDetails>,
    cancellation_details: Option<CancellationDetails>,
    pub(super) transfer_data: Option<Destination>,
    pub(super) application_fee_percent: Option<f64>,
    /// The schedule that will change it, while there is one.
    pub schedule: Option<Scheduled>,
    pub(super) pending_update: Option<PendingUpdate>,
    #[serde(default)]
    pub(super) discounts: Option<Vec<Listed>>,
    #[serde(default, deserialize_with = "nullable")]
    pub metadata: HashMap<String, String>,
}

#[derive(Clone, Debug, Deserialize)]
struct Items {
    data: Vec<Item>,
}

/// Why somebody leaves.
#[derive(Clone, Debug, Default, Deserialize)]
struct CancellationDetails {
    reason: Option<String>,
    feedback: Option<String>,
    comment: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
struct Item {
    #[serde(default)]
    id: String,
    price: Price,
    #[serde(default, deserialize_with = "instant")]
    current_period_start: Option<DateTime<Utc>>,
    #[serde(default, deserialize_with = "instant")]
    current_period_end: Option<DateTime<Utc>>,
}

/// How collection is paused. <https://docs.stripe.com/billing/subscriptions/pause-payment>
#[derive(Clone, Debug, Deserialize)]
pub struct PauseCollection {
    /// `void`, `keep_as_draft` or `mark_uncollectible`.
    pub behavior: String,
}

#[derive(Clone, Debug, Deserialize)]
struct StatusDetails {
    paused: Option<Paused>,
}

#[derive(Clone, Debug, Deserialize)]
struct Paused {
    #[serde(default, deserialize_with = "instant")]
    transitioned_at: Option<DateTime<Utc>>,
}

/// The price of a subscription's item.
#[derive(Clone, Debug, Deserialize)]
pub struct Price {
    pub id: String,
    pub product: Option<Reference>,
    pub unit_amount: Option<i64>,
    pub currency: Option<String>,
}

impl Price {
    /// Whether it costs this amount in this currency, as far as it says.
    pub fn costs(&self, (amount, currency): (i64, &str)) -> bool {
        let same = |code: &String| code.eq_ignore_ascii_case(currency);
        self.unit_amount.is_none_or(|mine| mine == amount)
            && self.currency.as_ref().is_none_or(same)
    }
}

/// The latest invoice, expanded where we asked for it.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum LatestInvoice {
    Invoice(Box<Invoice>),
    Id(String),
}

impl Subscription {
    /// The price of the first item; ours have exactly one.
    pub fn price(&self) -> Option<&Price> {
        self.items.data.first().map(|item| &item.price)
    }

    /// The id of the first item.
    pub fn item(&self) -> Option<&str> {
        self.items.data.first().map(|item| item.id.as_str())
    }

    /// Why she leaves, in Stripe's word and in her own.
    pub fn leaves_for(&self) -> (Option<String>, Option<String>) {
        let details = self.cancellation_details.clone().unwrap_or_default();
        (details.feedback, details.comment)
    }

    /// Why Stripe says it ends or has ended: `cancellation_requested`, `payment_failed`, `payment_disputed`, …
    /// Source: <https://docs.stripe.com/api/subscriptions/object#subscription_object-cancellation_details-reason>
    pub fn ended_for(&self) -> Option<&str> {
        self.cancellation_details.as_ref()?.reason.as_deref()
    }

    /// Whether collection rests because she wished so herself.
    pub fn rests_by_wish(&self) -> bool {
        self.pause_collection.is_some() && self.metadata.contains_key(PAUSED)
    }

    /// The paid period; on the items since API version 2025-03-31, on the subscription before.
    pub fn period(&self) -> (Option<DateTime<Utc>>, Option<DateTime<Utc>>) {
        let item = self.items.data.first();
        (
            item.and_then(|item| item.current_period_start)
                .or(self.current_period_start),
            item.and_then(|item| item.current_period_end)
                .or(self.current_period_end),
        )
    }

    /// Since when it is paused, where Stripe says.
    pub fn paused_at(&self) -> Option<DateTime<Utc>> {
        self.status_details
            .as_ref()?
            .paused
            .as_ref()?
            .transitioned_at
    }

    /// Whether it is over for good: nothing brings it back.
    pub fn is_over(&self) -> bool {
        matches!(self.status.as_str(), "canceled" | "incomplete_expired")
    }

    /// When it will end, where an end is booked.
    pub fn booked_end(&self) -> Option<DateTime<Utc>> {
        let at_period_end = self.cancel_at_period_end.then(|| self.period().1).flatten();
        self.cancel_at.or(at_period_end)
    }

    /// The latest invoice, if the call expanded it.
    pub fn invoice(&self) -> Option<&Invoice> {
        match self.latest_invoice.as_ref()? {
            LatestInvoice::Invoice(invoice) => Some(invoice),
            LatestInvoice::Id(_) => None,
        }
    }
}

/// Seconds since 1970, or nothing.
pub(super) fn instant<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<DateTime<Utc>>, D::Error> {
    let seconds = Option::<i64>::deserialize(deserializer)?;
    Ok(seconds.and_then(|seconds| DateTime::from_timestamp(seconds, 0)))
}

/// A map that may be `null`.
pub(super) fn nullable<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<HashMap<String, String>, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_period_is_read_from_both_shapes() {
        let new = r#"{"id":"sub_1","status":"active","customer":"cus_1","items":{"data":[
            {"price":{"id":"price_1"},"current_period_start":100,"current_period_end":200}]}}"#;
        let old = r#"{"id":"sub_1","status":"active","customer":{"id":"cus_1"},
            "current_period_start":100,"current_period_end":200,
            "items":{"data":[{"price":{"id":"price_1"}}]}}"#;
        for text in [new, old] {
            let subscription: Subscription = serde_json::from_str(text).expect("shape");
            assert_eq!(subscription.customer.id(), "cus_1");
            assert_eq!(
                subscription.period().1.map(|end| end.timestamp()),
                Some(200)
            );
        }
    }

    #[test]
    fn an_invoice_names_its_subscription_in_both_shapes() {
        let new = r#"{"id":"in_1","currency":"eur","parent":
            {"subscription_details":{"subscription":"sub_1"}}}"#;
        let old = r#"{"id":"in_1","currency":"eur","subscription":{"id":"sub_1"}}"#;
        for text in [new, old] {
            let invoice: Invoice = serde_json::from_str(text).expect("shape");
            assert_eq!(invoice.subscription(), Some("sub_1"));
        }
    }
}
