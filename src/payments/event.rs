//! An event's envelope. State is never read from its body: the body is a hint to look at Stripe.

use chrono::{DateTime, Utc};
use serde::Deserialize;

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
