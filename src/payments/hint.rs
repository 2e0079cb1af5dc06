//! What an event's body says beside the object it is about. Hints only: they tell where to look at
//! Stripe, and whether what Stripe shows there is older than the event.

use serde::Deserialize;
use serde_json::Value;

use super::{invoice::BillsOrSells, objects::Reference};

/// The hints of a body.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hint {
    /// The subscription that an invoice or a session names.
    pub subscription: Option<String>,
    /// The charge a refund, a dispute or a warning is about, or the charge itself.
    pub charge: Option<String>,
    /// The payment intent where no charge is named.
    pub intent: Option<String>,
    /// What the object's `status` was and is, where the event says that it changed.
    pub claim: Option<Claim>,
}

/// That an object had changed its status when the event was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The status before, if the event says.
    was: Option<String>,
    is: String,
}

impl Claim {
    /// Whether an object with this status was read before the change reached all of Stripe.
    /// Source: <https://docs.stripe.com/api/events/object#event_object-data-previous_attributes>
    pub fn is_ahead_of(&self, status: &str) -> bool {
        let unchanged = self.was.as_deref().is_none_or(|was| was == status);
        self.is != status && unchanged
    }
}

#[derive(Deserialize)]
struct Body {
    data: Data,
}

#[derive(Deserialize)]
struct Data {
    object: Object,
    #[serde(default)]
    previous_attributes: Value,
}

#[derive(Deserialize)]
struct Object {
    id: Option<String>,
    object: Option<String>,
    #[serde(default)]
    status: Value,
    #[serde(default)]
    charge: Value,
    #[serde(default)]
    payment_intent: Value,
    #[serde(default)]
    source_transaction: Value,
    #[serde(flatten)]
    bills: BillsOrSells,
}

impl Hint {
    /// Reads the body of an event of this kind. An unreadable one hints at nothing.
    pub fn of(kind: &str, body: &str) -> Self {
        let Ok(Body { data }) = serde_json::from_str(body) else {
            return Self::default();
        };
        let object = data.object;
        let named = |value: Value| {
            let reference: Option<Reference> = serde_json::from_value(value).ok();
            reference.map(|found| found.id().to_owned())
        };
        let charge = match object.object.as_deref() {
            Some("charge") => object.id,
            Some("transfer") => named(object.source_transaction),
            _ => named(object.charge),
        };
        Self {
            subscription: object.bills.subscription().map(str::to_owned),
            charge,
            intent: named(object.payment_intent),
            claim: claim(kind, &object.status, &data.previous_attributes["status"]),
        }
    }
}

fn claim(kind: &str, is: &Value, was: &Value) -> Option<Claim> {
    let sure = match kind {
        "checkout.session.completed" => "complete",
        "invoice.paid" => "paid",
        "customer.subscription.deleted" => "canceled",
        "customer.subscription.updated" => {
            return Some(Claim {
                was: Some(was.as_str()?.to_owned()),
                is: is.as_str()?.to_owned(),
            });
        }
        _ => return None,
    };
    Some(Claim {
        was: None,
        is: sure.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_hints_at_what_to_look_at() {
        for (object, subscription, charge) in [
            (
                r#"{"id":"cs_1","subscription":"sub_1"}"#,
                Some("sub_1"),
                None,
            ),
            (
                r#"{"id":"in_1","parent":{"subscription_details":{"subscription":{"id":"sub_2"}}}}"#,
                Some("sub_2"),
                None,
            ),
            (
                r#"{"id":"in_1","parent":null,"subscription":null}"#,
                None,
                None,
            ),
            (r#"{"id":"ch_1","object":"charge"}"#, None, Some("ch_1")),
            (
                r#"{"id":"re_1","object":"refund","charge":"ch_2"}"#,
                None,
                Some("ch_2"),
            ),
            (
                r#"{"id":"tr_1","object":"transfer","source_transaction":"ch_3"}"#,
                None,
                Some("ch_3"),
            ),
            (r#"{"id":"in_1","subscription":7}"#, None, None),
            ("null", None, None),
        ] {
            let body = format!(r#"{{"id":"evt_1","data":{{"object":{object}}}}}"#);
            let hint = Hint::of("x", &body);
            assert_eq!(hint.subscription.as_deref(), subscription, "{object}");
            assert_eq!(hint.charge.as_deref(), charge, "{object}");
        }
        assert_eq!(Hint::of("x", "{"), Hint::default());
    }

    #[test]
    fn a_claim_is_ahead_of_what_it_replaced() {
        let body = r#"{"data":{"object":{"status":"active"},"previous_attributes":{"status":"incomplete"}}}"#;
        let claim = Hint::of("customer.subscription.updated", body).claim;
        let claim = claim.expect("a claim");
        for (status, expected) in [("incomplete", true), ("active", false), ("past_due", false)] {
            assert_eq!(claim.is_ahead_of(status), expected, "{status}");
        }
        let paid = Hint::of("invoice.paid", r#"{"data":{"object":{"status":"paid"}}}"#).claim;
        assert!(paid.expect("a claim").is_ahead_of("open"));
        let renamed = r#"{"data":{"object":{"status":"active"},"previous_attributes":{"x":1}}}"#;
        assert_eq!(
            Hint::of("customer.subscription.updated", renamed).claim,
            None
        );
    }
}
