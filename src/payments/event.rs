//! An event's envelope. State is never read from its body: the body is a hint to look at Stripe.

use chrono::{DateTime, Utc};
use serde::Deserialize;

/// What stands before the type of a thin event.
const THIN: &str = "v1.";

/// What we read of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    pub id: String,
    /// `invoice.paid` and so on; without the `v1.` that thin events put before it.
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
    /// In thin events the account, where it is not our own.
    context: Option<String>,
    #[serde(default)]
    data: serde_json::Value,
    /// What a thin event is about.
    #[serde(default)]
    related_object: serde_json::Value,
}

impl Event {
    /// Reads an envelope: of a snapshot event, or of a thin one, which names its object alone.
    /// Source: <https://docs.stripe.com/event-destinations#thin-events>
    ///
    /// # Errors
    /// If it is no JSON or has neither id nor type.
    pub fn parse(body: &str) -> Result<Self, serde_json::Error> {
        let envelope: Envelope = serde_json::from_str(body)?;
        let text = |value: &serde_json::Value| value.as_str().map(str::to_owned);
        let (object, object_kind) = match envelope.r#type.starts_with(THIN) {
            true => (&envelope.related_object, &envelope.related_object["type"]),
            false => {
                let object = &envelope.data["object"];
                (object, &object["object"])
            }
        };
        let kind = envelope.r#type.strip_prefix(THIN);
        Ok(Self {
            object_id: text(&object["id"]),
            object_kind: text(object_kind),
            kind: kind.unwrap_or(&envelope.r#type).to_owned(),
            id: envelope.id,
            created: moment(&envelope.created),
            livemode: envelope.livemode.unwrap_or_default(),
            api_version: envelope.api_version,
            account: envelope.account.or(envelope.context),
        })
    }
}

/// Seconds since 1970, or RFC 3339 in thin events.
fn moment(created: &serde_json::Value) -> Option<DateTime<Utc>> {
    match created.as_i64() {
        Some(seconds) => DateTime::from_timestamp(seconds, 0),
        None => created.as_str()?.parse().ok(),
    }
}
