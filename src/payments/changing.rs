//! Changing a subscription that runs: resting, leaving, going on, another price now or later.

use serde::{Deserialize, de::IgnoredAny};
use serde_json::{Value, json};
use stripe_client_core::{RequestBuilder, StripeMethod};

use super::{
    client::Client,
    connect::Direct,
    error::Error,
    invoice::Invoice,
    objects::{PAUSED, Subscription},
};
use crate::entities::Recurrence;

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

    /// Ends a subscription at once, without a last invoice and without giving anything back.
    pub async fn cancel_now(&self, key: &str, subscription: &str) -> Result<(), Error> {
        let path = format!("/subscriptions/{subscription}");
        let call = RequestBuilder::new(StripeMethod::Delete, path);
        let _: IgnoredAny = self.send(&call, Some(key)).await?;
        Ok(())
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

    /// What changing to `price` at `at` (seconds since 1970) would charge now: the invoice as it would be.
    pub async fn preview(
        &self,
        subscription: &Subscription,
        price: &str,
        at: i64,
    ) -> Result<Invoice, Error> {
        let mut details = staying(subscription);
        if let Some(details) = details.as_object_mut() {
            details.remove("cancellation_details");
        }
        reprice(&mut details, subscription, price, Some(at));
        let asked = json!({ "subscription": subscription.id, "subscription_details": details });
        let call = RequestBuilder::new(StripeMethod::Post, "/invoices/create_preview").form(&asked);
        self.send(&call, None).await
    }

    /// Changes to `price` and charges just what [`Client::preview`] showed for `at`, and takes a booked end
    /// back; if the card does not pay, or not without its holder, nothing changes. Without `at`, as in a trial, nothing is charged.
    pub async fn change_now(
        &self,
        key: &str,
        subscription: &Subscription,
        price: &str,
        at: Option<i64>,
    ) -> Result<(), Error> {
        let mut asked = staying(subscription);
        reprice(&mut asked, subscription, price, at);
        asked["payment_behavior"] = json!("error_if_incomplete");
        self.change(key, &subscription.id, asked).await
    }

    /// Changes to `price`, which is paid for already, without charging anything; `stays` takes a booked end back.
    pub async fn change_paid(
        &self,
        key: &str,
        subscription: &Subscription,
        price: &str,
        stays: bool,
    ) -> Result<(), Error> {
        let mut asked = match stays {
            true => staying(subscription),
            false => json!({}),
        };
        reprice(&mut asked, subscription, price, None);
        self.change(key, &subscription.id, asked).await
    }

    /// Changes to `price` when the paid period ends, by a schedule that lets go of the subscription then.
    /// The money goes on where `direct` says.
    /// Source: <https://docs.stripe.com/billing/subscriptions/subscription-schedules>
    pub async fn change_later(
        &self,
        key: &str,
        subscription: &Subscription,
        (price, every): (&str, Recurrence),
        direct: Option<&Direct>,
    ) -> Result<(), Error> {
        let schedule = match &subscription.schedule {
            Some(schedule) => self.schedule(schedule.id()).await?,
            None => {
                let asked = json!({ "from_subscription": subscription.id });
                let key = format!("schedule:{key}");
                self.ask(&key, "/subscription_schedules", &asked).await?
            }
        };
        let asked = json!({
            "end_behavior": "release",
            "phases": schedule.then(subscription, (price, every.word()), direct),
        });
        let path = format!("/subscription_schedules/{}", schedule.id);
        let key = format!("phases:{key}");
        self.ask::<IgnoredAny>(&key, &path, &asked).await.map(drop)
    }

    /// Takes back whatever was to happen to a subscription later, if anything was.
    pub async fn let_be(&self, subscription: &Subscription) -> Result<(), Error> {
        let Some(schedule) = &subscription.schedule else {
            return Ok(());
        };
        let key = format!("release:{}", schedule.id());
        self.release(&key, schedule.id()).await
    }

    /// Takes back what a schedule was to do.
    pub async fn release(&self, key: &str, schedule: &str) -> Result<(), Error> {
        let path = format!("/subscription_schedules/{schedule}/release");
        self.ask::<IgnoredAny>(key, &path, &json!({}))
            .await
            .map(drop)
    }

    pub(super) async fn change(
        &self,
        key: &str,
        subscription: &str,
        asked: Value,
    ) -> Result<(), Error> {
        let path = format!("/subscriptions/{subscription}");
        self.ask::<IgnoredAny>(key, &path, &asked).await.map(drop)
    }

    pub(super) async fn ask<T: for<'a> Deserialize<'a>>(
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

/// Puts another price on the first item, billed at once for what is left of the period from `at` on.
pub(super) fn reprice(
    asked: &mut Value,
    subscription: &Subscription,
    price: &str,
    at: Option<i64>,
) {
    asked["items"] = json!([{ "id": subscription.item(), "price": price }]);
    match at {
        Some(at) => {
            asked["proration_behavior"] = json!("always_invoice");
            asked["proration_date"] = json!(at);
        }
        None => asked["proration_behavior"] = json!("none"),
    }
}
