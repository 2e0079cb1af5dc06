//! What we read of an invoice.

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::objects::{Reference, instant};

/// An invoice. <https://docs.stripe.com/api/invoices/object>
#[derive(Clone, Debug, Deserialize)]
pub struct Invoice {
    pub id: String,
    /// `draft`, `open`, `paid`, `uncollectible` or `void`.
    pub status: Option<String>,
    #[serde(default)]
    pub amount_paid: i64,
    #[serde(default)]
    pub amount_due: i64,
    pub currency: String,
    #[serde(default)]
    pub attempt_count: i32,
    #[serde(default, deserialize_with = "instant")]
    pub next_payment_attempt: Option<DateTime<Utc>>,
    pub billing_reason: Option<String>,
    pub hosted_invoice_url: Option<String>,
    pub invoice_pdf: Option<String>,
    pub customer_name: Option<String>,
    customer_tax_ids: Option<Vec<TaxId>>,
    pub customer: Option<Reference>,
    /// Named on the invoice until API version 2025-03-31.
    pub payment_intent: Option<Reference>,
    /// Likewise.
    pub charge: Option<Reference>,
    tax: Option<i64>,
    #[serde(default)]
    total_taxes: Option<Vec<TaxAmount>>,
    #[serde(default, deserialize_with = "instant")]
    pub created: Option<DateTime<Utc>>,
    #[serde(flatten)]
    bills: BillsOrSells,
    status_transitions: Option<Transitions>,
    lines: Option<Lines>,
}

/// What an invoice or a session says of its subscription.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct BillsOrSells {
    subscription: Option<Reference>,
    parent: Option<Parent>,
}

#[derive(Clone, Debug, Deserialize)]
struct Parent {
    subscription_details: Option<SubscriptionDetails>,
}

#[derive(Clone, Debug, Deserialize)]
struct SubscriptionDetails {
    subscription: Option<Reference>,
}

#[derive(Clone, Debug, Deserialize)]
struct TaxAmount {
    amount: i64,
}

#[derive(Clone, Debug, Deserialize)]
struct TaxId {
    value: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
struct Transitions {
    #[serde(default, deserialize_with = "instant")]
    paid_at: Option<DateTime<Utc>>,
}

#[derive(Clone, Debug, Deserialize)]
struct Lines {
    #[serde(default)]
    data: Vec<Line>,
}

#[derive(Clone, Debug, Deserialize)]
struct Line {
    #[serde(default)]
    amount: i64,
    period: Option<Period>,
    pricing: Option<Pricing>,
    /// Where it named what is sold until API version 2025-03-31.
    price: Option<Reference>,
}

#[derive(Clone, Debug, Deserialize)]
struct Pricing {
    price_details: Option<PriceDetails>,
}

#[derive(Clone, Debug, Deserialize)]
struct PriceDetails {
    price: Option<Reference>,
}

impl Line {
    fn price(&self) -> Option<&str> {
        let details = self
            .pricing
            .as_ref()
            .and_then(|it| it.price_details.as_ref());
        let price = details.and_then(|details| details.price.as_ref());
        price.or(self.price.as_ref()).map(Reference::id)
    }

    fn end(&self) -> Option<DateTime<Utc>> {
        self.period.as_ref().and_then(|period| period.end)
    }
}

#[derive(Clone, Debug, Deserialize)]
struct Period {
    #[serde(default, deserialize_with = "instant")]
    start: Option<DateTime<Utc>>,
    #[serde(default, deserialize_with = "instant")]
    end: Option<DateTime<Utc>>,
}

impl BillsOrSells {
    /// Under `parent` since API version 2025-03-31, on the invoice before.
    pub fn subscription(&self) -> Option<&str> {
        let parent = self.parent.as_ref();
        parent
            .and_then(|parent| parent.subscription_details.as_ref())
            .and_then(|details| details.subscription.as_ref())
            .or(self.subscription.as_ref())
            .map(Reference::id)
    }
}

impl Invoice {
    /// The subscription it bills.
    pub fn subscription(&self) -> Option<&str> {
        self.bills.subscription()
    }

    pub fn is_paid(&self) -> bool {
        self.status.as_deref() == Some("paid")
    }

    /// Whether it bills the start of a subscription, so that its failure is seen in Checkout itself.
    pub fn is_first(&self) -> bool {
        self.billing_reason.as_deref() == Some("subscription_create")
    }

    /// Minor units of tax: a list since API version 2025-03-31, one sum before.
    pub fn tax(&self) -> i64 {
        let taxes = self.total_taxes.as_ref();
        let listed = taxes.map(|taxes| taxes.iter().map(|tax| tax.amount).sum());
        listed.or(self.tax).unwrap_or_default()
    }

    /// The payer's VAT id or another tax id, if she gave one.
    pub fn payer_vat_id(&self) -> Option<&str> {
        let ids = self.customer_tax_ids.iter().flatten();
        ids.filter_map(|id| id.value.as_deref()).next()
    }

    pub fn paid_at(&self) -> Option<DateTime<Utc>> {
        let transitions = self.status_transitions.as_ref();
        transitions.and_then(|transitions| transitions.paid_at)
    }

    pub fn is_open(&self) -> bool {
        self.status.as_deref() == Some("open")
    }

    /// Whether its page takes money: what Stripe has written off can be paid all the same.
    pub fn can_be_paid(&self) -> bool {
        matches!(self.status.as_deref(), Some("open" | "uncollectible"))
    }

    /// Whether nothing will ever be paid for it any more.
    pub fn is_settled(&self) -> bool {
        matches!(self.status.as_deref(), Some("paid" | "void"))
    }

    /// Whether it bills a renewal that was tried and not paid.
    pub fn is_failing(&self) -> bool {
        self.is_open() && self.attempt_count > 0 && !self.is_first()
    }

    /// The price of what it bought. Where one thing was changed for another, the one that is paid for: the other is
    /// credited. What was left over from the time before does not count.
    pub fn sold(&self) -> Option<&str> {
        let lines = self.lines.as_ref().map(|lines| lines.data.as_slice());
        let lines = lines.unwrap_or_default();
        let last = lines.iter().filter_map(Line::end).max();
        let latest = || lines.iter().filter(|line| line.end() == last);
        let paid_for = |price: &str| {
            let same = latest().filter(|line| line.price() == Some(price));
            same.map(|line| line.amount).sum::<i64>()
        };
        let prices = latest().filter_map(Line::price);
        prices.max_by_key(|price| paid_for(price))
    }

    /// The span the latest line pays for.
    pub fn period(&self) -> (Option<DateTime<Utc>>, Option<DateTime<Utc>>) {
        let lines = self.lines.as_ref().map(|lines| lines.data.as_slice());
        let periods = lines.unwrap_or_default().iter().filter_map(|line| {
            let period = line.period.as_ref()?;
            Some((period.start, period.end))
        });
        periods.max_by_key(|(_, end)| *end).unwrap_or_default()
    }
}
