//! An event's envelope. State is never read from its body: the body is a hint to look at Stripe.

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::invoice::BillsOrSells;

/// What we read of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    pub id: String,
    /// `invoice.paid` and so on.
    pub kind: String,
    pub created: Option<DateTime<Utc>>,
    pub livemode: bool,
    pub api_version: Option<String>,
    pub account: Option<String>,
    /// Id and kind of the object it is about, where they could be read.
    pub object_id: Option<String>,
    pub object_kind: Option<String>,
}

#[derive(Deserialize)]
struct Envelope {
    id: String,
    r#type: String,
    #[serde(default)]
    created: serde_json::Value,
    livemode: Option<bool>,
    api_version: Option<String>,
    account: Option<String>,
    #[serde(default)]
    data: serde_json::Value,
}

impl Event {
    /// Reads an envelope.
    ///
    /// # Errors
    /// If it is no JSON or has neither id nor type.
    pub fn parse(body: &str) -> Result<Self, serde_json::Error> {
        let envelope: Envelope = serde_json::from_str(body)?;
        let object = &envelope.data["object"];
        let text = |value: &serde_json::Value| value.as_str().map(str::to_owned);
        Ok(Self {
            id: envelope.id,
            kind: envelope.r#type,
            created: envelope
                .created
                .as_i64()
                .and_then(|seconds| DateTime::from_timestamp(seconds, 0)),
            livemode: envelope.livemode.unwrap_or_default(),
            api_version: envelope.api_version,
            account: envelope.account,
            object_id: text(&object["id"]),
            object_kind: text(&object["object"]),
        })
    }
}

/// The subscription that the object of an event names, where it is an invoice or a session. A hint, as all
/// of the body: it tells which events can share one look at Stripe.
pub fn subscription_named(body: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Hint {
        data: Data,
    }
    #[derive(Deserialize)]
    struct Data {
        object: BillsOrSells,
    }
    let hint: Hint = serde_json::from_str(body).ok()?;
    hint.data.object.subscription().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_may_name_its_subscription() {
        for (object, named) in [
            (r#"{"id":"cs_1","subscription":"sub_1"}"#, Some("sub_1")),
            (
                r#"{"id":"in_1","parent":{"subscription_details":{"subscription":{"id":"sub_2"}}}}"#,
                Some("sub_2"),
            ),
            (r#"{"id":"in_1","parent":null,"subscription":null}"#, None),
            (r#"{"id":"in_1","subscription":7}"#, None),
            ("null", None),
        ] {
            let body = format!(r#"{{"id":"evt_1","data":{{"object":{object}}}}}"#);
            assert_eq!(subscription_named(&body).as_deref(), named, "{object}");
        }
    }

    #[test]
    fn strange_bodies_do_no_harm() {
        let null = r#"{"id":"evt_1","type":"x","data":{"object":null}}"#;
        assert_eq!(Event::parse(null).expect("envelope").object_id, None);
        let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
        for body in ["", "null", "[]", "{}", deep.as_str()] {
            assert!(Event::parse(body).is_err());
        }
    }
}
