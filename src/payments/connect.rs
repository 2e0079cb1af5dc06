//! Authors' own accounts at Stripe, and the money that is sent on to them.
//! <https://docs.stripe.com/connect/destination-charges>

use serde::{Deserialize, de::IgnoredAny};
use serde_json::json;
use stripe_client_core::{RequestBuilder, StripeMethod};

use super::{
    client::{Client, Created},
    error::Error,
    objects::{Reference, Subscription},
    sent::Transfer,
};

/// A connected account. <https://docs.stripe.com/api/accounts/object>
#[derive(Clone, Debug, Deserialize)]
pub struct Account {
    pub id: String,
    #[serde(default)]
    pub charges_enabled: bool,
    #[serde(default)]
    pub payouts_enabled: bool,
    #[serde(default)]
    pub details_submitted: bool,
    #[serde(default)]
    capabilities: Capabilities,
    #[serde(default)]
    requirements: Option<Requirements>,
}

#[derive(Clone, Debug, Default, Deserialize)]
struct Capabilities {
    transfers: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
struct Requirements {
    #[serde(default)]
    currently_due: Option<Vec<String>>,
    disabled_reason: Option<String>,
}

impl Account {
    /// `active`, `pending` or `inactive`; none where it was never asked for.
    pub fn transfers(&self) -> Option<&str> {
        self.capabilities.transfers.as_deref()
    }

    /// What Stripe still asks, in its words.
    pub fn due(&self) -> &[String] {
        let asked = self.requirements.as_ref();
        let due = asked.and_then(|asked| asked.currently_due.as_deref());
        due.unwrap_or_default()
    }

    /// Why nothing is paid, in Stripe's word.
    pub fn disabled_reason(&self) -> Option<&str> {
        self.requirements.as_ref()?.disabled_reason.as_deref()
    }
}

/// Where the money of a subscription goes. <https://docs.stripe.com/api/subscriptions/object>
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Destination {
    destination: Reference,
}

impl Subscription {
    /// Where its money goes, if not to the publication.
    pub fn direct(&self) -> Option<Direct> {
        let percent = self.application_fee_percent.unwrap_or_default();
        Some(Direct {
            destination: self.transfer_data.as_ref()?.destination.id().to_owned(),
            kept_basis_points: format!("{:.0}", percent * 100.0).parse().ok()?,
        })
    }
}

/// That money goes to an author's own account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Direct {
    /// `acct_…`
    pub destination: String,
    /// What the publication keeps, in hundredths of a percent.
    pub kept_basis_points: i32,
}

impl std::fmt::Display for Direct {
    /// `acct_…, 14.50 % kept`
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (to, percent) = (&self.destination, self.percent());
        write!(formatter, "{to}, {percent:.2} % kept")
    }
}

impl Direct {
    /// What the publication keeps of an amount, rounded so that the author gets what the ledger gives
    /// him. Minor units.
    pub fn kept_of(&self, amount: i64) -> i64 {
        let sent = amount * i64::from(10_000 - self.kept_basis_points);
        amount - (sent + 5_000) / 10_000
    }

    /// As Stripe takes it: a percentage with two decimals at most.
    pub fn percent(&self) -> f64 {
        f64::from(self.kept_basis_points) / 100.0
    }
}

impl Client {
    /// Makes an Express account that can be sent money. Returns its id. `key` is unique to the account.
    pub async fn create_account(
        &self,
        key: &str,
        author: uuid::Uuid,
        email: Option<&str>,
    ) -> Result<String, Error> {
        let mut asked = json!({
            "type": "express",
            "capabilities": { "transfers": { "requested": true } },
            "metadata": { "plaudit_author": author.to_string() },
        });
        if let Some(email) = email {
            asked["email"] = json!(email);
        }
        let call = RequestBuilder::new(StripeMethod::Post, "/accounts").form(&asked);
        let created: Created = self.send(&call, Some(key)).await?;
        Ok(created.id)
    }

    pub async fn account(&self, id: &str) -> Result<Account, Error> {
        self.look(&format!("/accounts/{id}"), &()).await
    }

    /// The address of Stripe's page that asks for what it needs to know; good once, for minutes.
    pub async fn account_link(
        &self,
        account: &str,
        return_url: &str,
        refresh_url: &str,
    ) -> Result<String, Error> {
        let asked = json!({
            "account": account,
            "type": "account_onboarding",
            "return_url": return_url,
            "refresh_url": refresh_url,
        });
        let call = RequestBuilder::new(StripeMethod::Post, "/account_links").form(&asked);
        let link: super::client::Link = self.send(&call, None).await?;
        Ok(link.url)
    }

    /// The address of the author's own dashboard at Stripe; good once.
    pub async fn login_link(&self, account: &str) -> Result<String, Error> {
        let path = format!("/accounts/{account}/login_links");
        let call = RequestBuilder::new(StripeMethod::Post, path);
        let link: super::client::Link = self.send(&call, None).await?;
        Ok(link.url)
    }

    /// Lets what a subscription brings from now on go to an account, or stay; what is scheduled for it too.
    pub async fn direct(
        &self,
        key: &str,
        subscription: &Subscription,
        direct: Option<&Direct>,
    ) -> Result<(), Error> {
        let asked = match direct {
            Some(direct) => json!({
                "transfer_data": { "destination": direct.destination },
                "application_fee_percent": direct.percent(),
            }),
            None => json!({ "transfer_data": "", "application_fee_percent": "" }),
        };
        let path = format!("/subscriptions/{}", subscription.id);
        let call = RequestBuilder::new(StripeMethod::Post, path).form(&asked);
        self.send::<IgnoredAny>(&call, Some(key)).await?;
        match &subscription.schedule {
            Some(schedule) => self.redirect(schedule.id(), direct).await,
            None => Ok(()),
        }
    }

    pub async fn transfer(&self, id: &str) -> Result<Transfer, Error> {
        self.look(&format!("/transfers/{id}"), &()).await
    }

    /// Takes `amount` of a transfer back. The publication's part of it stays as it is.
    pub async fn reverse(&self, key: &str, transfer: &str, amount: i64) -> Result<(), Error> {
        let asked = json!({ "amount": amount });
        let path = format!("/transfers/{transfer}/reversals");
        let call = RequestBuilder::new(StripeMethod::Post, path).form(&asked);
        self.send::<IgnoredAny>(&call, Some(key)).await.map(drop)
    }
}
