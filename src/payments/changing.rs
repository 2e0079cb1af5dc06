//! Changing a subscription that runs: resting, leaving, going on.

use serde::{Deserialize, de::IgnoredAny};
use serde_json::{Value, json};
use stripe_client_core::{RequestBuilder, StripeMethod};

use super::{
    client::Client,
    error::Error,
    objects::{PAUSED, Subscription},
};

impl Client {
    /// Lets a subscription rest by its payer's wish: what falls due is void, so that nothing is owed later.
    /// `key` is unique to this press, here and below.
    /// Source: <https://docs.stripe.com/billing/subscriptions/pause-payment>
    pub async fn rest(&self, key: &str, subscription: &str) -> Result<(), Error> {
        let asked = json!({
            "pause_collection": { "behavior": "void" },
            "metadata": { PAUSED: "reader" },
        });
        self.change(key, subscription, asked).await
    }

    /// Books the end of a subscription at the end of its period. `reason` is one of Stripe's words,
    /// `words` are the payer's own.
    pub async fn leave(
        &self,
        key: &str,
        subscription: &str,
        reason: Option<&str>,
        words: Option<&str>,
    ) -> Result<(), Error> {
        let asked = json!({
            "cancel_at_period_end": true,
            "cancellation_details": {
                "feedback": reason.unwrap_or_default(),
                "comment": words.unwrap_or_default(),
            },
        });
        self.change(key, subscription, asked).await
    }

    /// Takes back whatever stands: a booked end, a pause. With `anew` a new period begins now and is
    /// charged; if the card does not pay, nothing changes.
    pub async fn go_on(
        &self,
        key: &str,
        subscription: &Subscription,
        anew: bool,
    ) -> Result<(), Error> {
        if subscription.status == "paused" {
            let path = format!("/subscriptions/{}/resume", subscription.id);
            let asked = json!({ "billing_cycle_anchor": "now" });
            return self.ask::<IgnoredAny>(key, &path, &asked).await.map(drop);
        }
        let mut asked = staying(subscription);
        if subscription.pause_collection.is_some() {
            asked["pause_collection"] = json!("");
            asked["metadata"] = json!({ PAUSED: "" });
        }
        if anew {
            asked["billing_cycle_anchor"] = json!("now");
            asked["proration_behavior"] = json!("none");
            asked["payment_behavior"] = json!("error_if_incomplete");
        }
        self.change(key, &subscription.id, asked).await
    }

    async fn change(&self, key: &str, subscription: &str, asked: Value) -> Result<(), Error> {
        let path = format!("/subscriptions/{subscription}");
        self.ask::<IgnoredAny>(key, &path, &asked).await.map(drop)
    }

    async fn ask<T: for<'a> Deserialize<'a>>(
        &self,
        key: &str,
        path: &str,
        asked: &Value,
    ) -> Result<T, Error> {
        let call = RequestBuilder::new(StripeMethod::Post, path).form(asked);
        self.send(&call, Some(key)).await
    }
}

/// What takes a booked end back, and why it was booked; nothing if none is.
fn staying(subscription: &Subscription) -> Value {
    let mut asked = json!({});
    if subscription.booked_end().is_some() {
        match subscription.cancel_at_period_end {
            true => asked["cancel_at_period_end"] = json!(false),
            false => asked["cancel_at"] = json!(""),
        }
        asked["cancellation_details"] = json!({ "feedback": "", "comment": "" });
    }
    asked
}
