//! Charges, and what becomes of the money afterwards: refunds, disputes, Stripe's fee.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use stripe_client_core::{RequestBuilder, StripeMethod};

use super::{
    client::Client,
    error::Error,
    lists::Page,
    method::Method,
    objects::{Reference, instant, nullable},
    sent::{ApplicationFee, Sent, Transfer},
};

/// A charge. <https://docs.stripe.com/api/charges/object>
#[derive(Clone, Debug, Deserialize)]
pub struct Charge {
    pub id: String,
    /// Minor units.
    pub amount: i64,
    pub currency: String,
    pub payment_intent: Option<Reference>,
    /// Named on the charge until API version 2025-03-31.
    pub invoice: Option<Reference>,
    #[serde(default)]
    pub disputed: bool,
    /// `succeeded`, `pending` or `failed`.
    pub status: Option<String>,
    #[serde(default, deserialize_with = "instant")]
    pub created: Option<DateTime<Utc>>,
    pub balance_transaction: Option<Booked>,
    /// What was sent on of it, and what the publication kept; whole where the call expanded them.
    pub(super) transfer: Option<Sent<Transfer>>,
    pub(super) application_fee: Option<Sent<ApplicationFee>>,
    /// What it was paid with.
    pub payment_method_details: Option<Method>,
    #[serde(default, deserialize_with = "nullable")]
    pub metadata: HashMap<String, String>,
}

impl Charge {
    /// Whether the money came.
    pub fn is_paid(&self) -> bool {
        self.status.as_deref() == Some("succeeded")
    }

    /// Whether it was refused.
    pub fn has_failed(&self) -> bool {
        self.status.as_deref() == Some("failed")
    }

    /// What it brought, where the call expanded that.
    pub fn kept(&self) -> Option<&BalanceTransaction> {
        match self.balance_transaction.as_ref()? {
            Booked::Whole(kept) => Some(kept),
            Booked::Id(_) => None,
        }
    }
}

/// A balance transaction: its id, or all of it where the call expanded it.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Booked {
    Whole(BalanceTransaction),
    Id(String),
}

/// What an event in the balance brought or took. <https://docs.stripe.com/api/balance_transactions/object>
#[derive(Clone, Debug, Deserialize)]
pub struct BalanceTransaction {
    pub id: String,
    /// Minor units, negative where money goes.
    pub amount: i64,
    /// Minor units Stripe keeps.
    pub fee: i64,
    pub currency: String,
    pub source: Option<Reference>,
    #[serde(default, deserialize_with = "instant")]
    pub created: Option<DateTime<Utc>>,
}

/// What a charge brought, with the charge itself.
#[derive(Clone, Debug, Deserialize)]
pub struct Taken {
    pub id: String,
    /// Minor units Stripe keeps.
    pub fee: i64,
    pub currency: String,
    pub source: Option<Charge>,
    #[serde(default, deserialize_with = "instant")]
    pub created: Option<DateTime<Utc>>,
}

/// A refund. <https://docs.stripe.com/api/refunds/object>
#[derive(Clone, Debug, Deserialize)]
pub struct Refund {
    pub id: String,
    /// Minor units.
    pub amount: i64,
    pub currency: String,
    /// `pending`, `requires_action`, `succeeded`, `failed` or `canceled`.
    pub status: Option<String>,
    pub reason: Option<String>,
    pub charge: Option<Reference>,
    pub payment_intent: Option<Reference>,
    #[serde(default, deserialize_with = "instant")]
    pub created: Option<DateTime<Utc>>,
}

/// A dispute. <https://docs.stripe.com/api/disputes/object>
#[derive(Clone, Debug, Deserialize)]
pub struct Dispute {
    pub id: String,
    /// Minor units.
    pub amount: i64,
    pub currency: String,
    /// `needs_response`, `under_review`, `won`, `lost`, `warning_…`, `prevented`.
    pub status: String,
    pub reason: Option<String>,
    pub charge: Option<Reference>,
    /// Whether the payment can still be given back.
    #[serde(default)]
    pub is_charge_refundable: bool,
    #[serde(default, deserialize_with = "instant")]
    pub created: Option<DateTime<Utc>>,
    #[serde(default)]
    pub balance_transactions: Vec<BalanceTransaction>,
}

/// What a refund, a dispute or a warning of fraud is about.
#[derive(Clone, Debug, Deserialize)]
pub struct About {
    pub charge: Option<Reference>,
    pub payment_intent: Option<Reference>,
}

/// Which invoice an intent pays. <https://docs.stripe.com/api/invoice-payment/object>
#[derive(Clone, Debug, Deserialize)]
struct InvoicePayment {
    invoice: Option<Reference>,
    payment: Option<Paying>,
}

#[derive(Clone, Debug, Deserialize)]
struct Paying {
    payment_intent: Option<Reference>,
    charge: Option<Reference>,
}

impl Client {
    pub async fn charge(&self, id: &str) -> Result<Charge, Error> {
        let asked =
            serde_json::json!({ "expand": ["balance_transaction", "transfer", "application_fee"] });
        self.look(&format!("/charges/{id}"), &asked).await
    }

    pub async fn refund(&self, id: &str) -> Result<Refund, Error> {
        self.look(&format!("/refunds/{id}"), &()).await
    }

    /// What is at `address`, such as `/refunds/re_…`, as far as it tells what it is about.
    pub async fn about(&self, address: &str) -> Result<About, Error> {
        self.look(address, &()).await
    }

    /// The charges of a payment intent with what Stripe kept of each, newest first.
    pub async fn charges_of(&self, intent: &str) -> Result<Vec<Charge>, Error> {
        #[derive(Serialize)]
        struct Asked<'a> {
            payment_intent: &'a str,
            expand: [&'a str; 3],
        }
        let asked = Asked {
            payment_intent: intent,
            expand: [
                "data.balance_transaction",
                "data.transfer",
                "data.application_fee",
            ],
        };
        let page: Page<Charge> = self.look("/charges", &asked).await?;
        Ok(page.data)
    }

    /// Every refund of a charge; Stripe allows a hundred at most.
    pub async fn refunds_of(&self, charge: &str) -> Result<Vec<Refund>, Error> {
        let asked = OfCharge { charge, limit: 100 };
        let page: Page<Refund> = self.look("/refunds", &asked).await?;
        Ok(page.data)
    }

    /// Every dispute about a charge.
    pub async fn disputes_of(&self, charge: &str) -> Result<Vec<Dispute>, Error> {
        let asked = OfCharge { charge, limit: 100 };
        let page: Page<Dispute> = self.look("/disputes", &asked).await?;
        Ok(page.data)
    }

    /// The invoice a payment intent pays, if it pays one.
    pub async fn invoice_of(&self, intent: &str) -> Result<Option<String>, Error> {
        #[derive(Serialize)]
        struct Asked<'a> {
            payment: By<'a>,
        }
        #[derive(Serialize)]
        struct By<'a> {
            r#type: &'static str,
            payment_intent: &'a str,
        }
        let asked = Asked {
            payment: By {
                r#type: "payment_intent",
                payment_intent: intent,
            },
        };
        let page: Page<InvoicePayment> = self.look("/invoice_payments", &asked).await?;
        let mut invoices = page.data.into_iter().filter_map(|payment| payment.invoice);
        Ok(invoices.next().map(|invoice| invoice.id().to_owned()))
    }

    /// The payment intent and the charge by which an invoice is paid, as far as they are known.
    pub async fn payment_of(
        &self,
        invoice: &str,
    ) -> Result<(Option<String>, Option<String>), Error> {
        #[derive(Serialize)]
        struct Asked<'a> {
            invoice: &'a str,
        }
        let page: Page<InvoicePayment> = self.look("/invoice_payments", &Asked { invoice }).await?;
        let paying = page.data.into_iter().find_map(|payment| payment.payment);
        let id = |reference: Option<Reference>| reference.map(|found| found.id().to_owned());
        Ok(paying.map_or((None, None), |paying| {
            (id(paying.payment_intent), id(paying.charge))
        }))
    }

    /// Gives money back: `amount` in minor units, or all that is left; `from_author` takes what was sent on
    /// back in proportion. `key` is unique to this press.
    pub async fn give_back(
        &self,
        key: &str,
        charge: &str,
        amount: Option<i64>,
        reason: Option<&str>,
        from_author: bool,
    ) -> Result<Refund, Error> {
        #[derive(Serialize)]
        struct Asked<'a> {
            charge: &'a str,
            #[serde(skip_serializing_if = "Option::is_none")]
            amount: Option<i64>,
            #[serde(skip_serializing_if = "Option::is_none")]
            reason: Option<&'a str>,
            #[serde(skip_serializing_if = "Option::is_none")]
            reverse_transfer: Option<bool>,
            #[serde(skip_serializing_if = "Option::is_none")]
            refund_application_fee: Option<bool>,
        }
        let asked = Asked {
            charge,
            amount,
            reason,
            reverse_transfer: from_author.then_some(true),
            refund_application_fee: from_author.then_some(true),
        };
        let call = RequestBuilder::new(StripeMethod::Post, "/refunds").form(&asked);
        self.send(&call, Some(key)).await
    }

    /// Reads what stands at `path`.
    pub(super) async fn look<T: serde::de::DeserializeOwned>(
        &self,
        path: &str,
        asked: &impl Serialize,
    ) -> Result<T, Error> {
        let call = RequestBuilder::new(StripeMethod::Get, path).query(asked);
        self.send(&call, None).await
    }
}

#[derive(Serialize)]
struct OfCharge<'a> {
    charge: &'a str,
    limit: u8,
}
