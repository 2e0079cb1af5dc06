//! What somebody pays with, as a receipt says it.

use std::collections::HashMap;

use chrono::{DateTime, Months, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{client::Client, error::Error};

/// Stripe's debits from bank accounts.
const DEBITS: [&str; 6] = [
    "acss_debit",
    "au_becs_debit",
    "bacs_debit",
    "nz_bank_account",
    "sepa_debit",
    "us_bank_account",
];

/// A payment method, or what a charge says of the one it used: both have the same shape.
/// <https://docs.stripe.com/api/payment_methods/object>
#[derive(Clone, Debug, Deserialize)]
pub struct Method {
    /// Of a payment method; a charge's details have none.
    pub id: Option<String>,
    /// `card`, `sepa_debit`, `link`, …
    r#type: Option<String>,
    /// Everything else; what is particular to a kind stands under its name.
    #[serde(flatten)]
    rest: HashMap<String, Value>,
}

impl Method {
    /// A card's brand (`visa`), else the kind (`sepa_debit`), as Stripe calls it.
    pub fn name(&self) -> Option<&str> {
        let brand = self.detail("brand").and_then(Value::as_str);
        brand.or(self.r#type.as_deref())
    }

    /// Whether it is a bank account, whose debits take days to arrive or to be refused.
    /// Source: <https://docs.stripe.com/payments/bank-debits>
    pub fn is_delayed(&self) -> bool {
        let kind = self.r#type.as_deref();
        kind.is_some_and(|kind| DEBITS.contains(&kind))
    }

    /// The last four digits of card or account.
    pub fn last4(&self) -> Option<&str> {
        self.detail("last4")?.as_str()
    }

    /// The first moment at which a card is no longer good: the month after the one printed on it.
    pub fn expires_at(&self) -> Option<DateTime<Utc>> {
        let year = i32::try_from(self.detail("exp_year")?.as_i64()?).ok()?;
        let month = u32::try_from(self.detail("exp_month")?.as_i64()?).ok()?;
        let printed = NaiveDate::from_ymd_opt(year, month, 1)?;
        let after = printed.checked_add_months(Months::new(1))?;
        Some(after.and_hms_opt(0, 0, 0)?.and_utc())
    }

    fn detail(&self, name: &str) -> Option<&Value> {
        self.rest.get(self.r#type.as_deref()?)?.get(name)
    }
}

/// A subscription with what pays for it in full, its own or its customer's.
#[derive(Deserialize)]
struct Paid {
    default_payment_method: Option<Method>,
    customer: Payer,
}

#[derive(Deserialize)]
struct Payer {
    invoice_settings: Option<Settings>,
}

#[derive(Deserialize)]
struct Settings {
    default_payment_method: Option<Method>,
}

impl Client {
    /// What the next payment of a subscription is made with, where Stripe knows it.
    pub async fn paying(&self, subscription: &str) -> Result<Option<Method>, Error> {
        #[derive(Serialize)]
        struct Asked {
            expand: [&'static str; 2],
        }
        let asked = Asked {
            expand: [
                "default_payment_method",
                "customer.invoice_settings.default_payment_method",
            ],
        };
        let path = format!("/subscriptions/{subscription}");
        let paid: Paid = self.look(&path, &asked).await?;
        let settings = paid.customer.invoice_settings;
        let of_customer = settings.and_then(|settings| settings.default_payment_method);
        Ok(paid.default_payment_method.or(of_customer))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn cards_and_accounts_are_called_by_what_is_printed_on_them() {
        let card = json!({ "brand": "visa", "last4": "4242", "exp_month": 12, "exp_year": 2027 });
        for (given, name, last4, expires) in [
            (
                json!({ "type": "card", "card": card, "id": "pm_1" }),
                Some("visa"),
                Some("4242"),
                Some("2028-01-01T00:00:00+00:00"),
            ),
            (
                json!({ "type": "sepa_debit", "sepa_debit": { "last4": "3204" } }),
                Some("sepa_debit"),
                Some("3204"),
                None,
            ),
            (
                json!({ "type": "link", "link": {} }),
                Some("link"),
                None,
                None,
            ),
            (json!({}), None, None, None),
        ] {
            let method: Method = serde_json::from_value(given).expect("a method");
            assert_eq!(method.name(), name);
            assert_eq!(method.last4(), last4);
            let at = method.expires_at().map(|at| at.to_rfc3339());
            assert_eq!(at.as_deref(), expires);
        }
    }
}
