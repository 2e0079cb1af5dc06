//! Payment intents: how the last try to pay something stands.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::json;

use super::{
    charges::Charge, client::Client, error::Error, method::Method, objects::instant, sent::Sent,
};

/// Where a payment intent stands. <https://docs.stripe.com/api/payment_intents/object>
#[derive(Clone, Debug, Deserialize)]
pub struct Intent {
    pub id: String,
    /// `processing`, `requires_action`, `requires_payment_method`, `succeeded`, …
    pub status: String,
    latest_charge: Option<Sent<Charge>>,
    #[serde(default, deserialize_with = "instant")]
    created: Option<DateTime<Utc>>,
}

impl Intent {
    /// Since when the money is on its way from a bank, where it is.
    pub fn on_its_way_since(&self) -> Option<DateTime<Utc>> {
        let begun = self.tried().and_then(|charge| charge.created);
        begun
            .or(self.created)
            .filter(|_| self.status == "processing")
    }

    /// The debit that a bank has refused, where the last try was one.
    pub fn refused_debit(&self) -> Option<&Charge> {
        let tried = self.tried()?;
        let method = tried.payment_method_details.as_ref();
        let is_debit = method.is_some_and(Method::is_delayed);
        let is_refused = self.status != "processing" && tried.has_failed();
        (is_debit && is_refused).then_some(tried)
    }

    fn tried(&self) -> Option<&Charge> {
        self.latest_charge.as_ref()?.whole()
    }
}

impl Client {
    pub async fn intent(&self, id: &str) -> Result<Intent, Error> {
        let asked = json!({ "expand": ["latest_charge"] });
        self.look(&format!("/payment_intents/{id}"), &asked).await
    }

    /// Where the payment of an invoice stands; `None` where it has none.
    pub async fn intent_of(&self, invoice: &str) -> Result<Option<Intent>, Error> {
        match self.payment_of(invoice).await? {
            (Some(intent), _) => self.intent(&intent).await.map(Some),
            (None, _) => Ok(None),
        }
    }
}
