//! What will become of a subscription by itself, phase after phase.
//! <https://docs.stripe.com/api/subscription_schedules/object>

use chrono::{DateTime, Utc};
use serde::{Deserialize, de::IgnoredAny};
use serde_json::{Value, json};
use stripe_client_core::{RequestBuilder, StripeMethod};

use super::{
    client::Client,
    connect::Direct,
    error::Error,
    objects::{Reference, Subscription, instant},
};

/// A schedule.
#[derive(Clone, Debug, Deserialize)]
pub struct Schedule {
    pub(super) id: String,
    current_phase: Option<Span>,
    #[serde(default)]
    phases: Vec<Phase>,
}

#[derive(Clone, Debug, Deserialize)]
struct Span {
    #[serde(default, deserialize_with = "instant")]
    start_date: Option<DateTime<Utc>>,
    #[serde(default, deserialize_with = "instant")]
    end_date: Option<DateTime<Utc>>,
}

#[derive(Clone, Debug, Deserialize)]
struct Phase {
    #[serde(flatten)]
    span: Span,
    #[serde(default)]
    items: Vec<PhaseItem>,
    #[serde(default)]
    discounts: Vec<Discount>,
}

#[derive(Clone, Debug, Deserialize)]
struct PhaseItem {
    price: Reference,
    quantity: Option<i64>,
}

#[derive(Clone, Debug, Deserialize)]
struct Discount {
    discount: Option<Reference>,
}

/// A subscription's schedule: its id, or all of it where the call expanded it.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Scheduled {
    Id(String),
    Whole(Box<Schedule>),
}

impl Scheduled {
    pub fn id(&self) -> &str {
        match self {
            Self::Id(id) => id,
            Self::Whole(schedule) => &schedule.id,
        }
    }
}

impl Schedule {
    /// The price of the next phase and when it begins, if there is one.
    fn next(&self) -> Option<(&str, DateTime<Utc>)> {
        let ends = self.current_phase.as_ref()?.end_date?;
        let mut phases = self.phases.iter();
        let next = phases.find(|phase| phase.span.start_date.is_some_and(|start| start >= ends))?;
        Some((next.items.first()?.price.id(), next.span.start_date?))
    }

    /// The present phase until the paid period ends, and one interval of a price after it.
    pub(super) fn then(
        &self,
        subscription: &Subscription,
        (price, interval): (&str, &str),
        direct: Option<&Direct>,
    ) -> Value {
        let start = self.current_phase.as_ref();
        let start = start.and_then(|phase| phase.start_date);
        let present = subscription.price().map(|price| price.id.as_str());
        let mut present = json!({
            "start_date": seconds(start),
            "end_date": seconds(subscription.period().1),
            "items": [{ "price": present, "quantity": 1 }],
        });
        let mut next = json!({
            "duration": { "interval": interval, "interval_count": 1 },
            "items": [{ "price": price, "quantity": 1 }],
            "proration_behavior": "none",
        });
        let discounts = self.phases.first().map(Phase::discounts);
        for phase in [&mut present, &mut next] {
            keep(phase, discounts.clone().unwrap_or_default());
            point(phase, direct);
        }
        json!([present, next])
    }

    /// The phases that are not over, as they are, with their money going where `direct` says.
    fn redirected(&self, direct: Option<&Direct>) -> Value {
        let begun = self.current_phase.as_ref();
        let begun = begun.and_then(|phase| phase.start_date);
        let left = self
            .phases
            .iter()
            .filter(|phase| phase.span.start_date >= begun);
        let phases = left.map(|phase| {
            let items = phase.items.iter();
            let items: Vec<Value> = items
                .map(|item| {
                    json!({ "price": item.price.id(), "quantity": item.quantity.unwrap_or(1) })
                })
                .collect();
            let mut asked = json!({
                "start_date": seconds(phase.span.start_date),
                "end_date": seconds(phase.span.end_date),
                "items": items,
                "proration_behavior": "none",
            });
            keep(&mut asked, phase.discounts());
            point(&mut asked, direct);
            asked
        });
        phases.collect()
    }
}

impl Phase {
    /// The discounts that run, as a phase is to keep them.
    fn discounts(&self) -> Vec<Value> {
        let named = self.discounts.iter();
        let named =
            named.filter_map(|one| Some(json!({ "discount": one.discount.as_ref()?.id() })));
        named.collect()
    }
}

fn keep(phase: &mut Value, discounts: Vec<Value>) {
    if !discounts.is_empty() {
        phase["discounts"] = Value::Array(discounts);
    }
}

/// A phase says for itself where its money goes: what it does not say ends when it begins.
fn point(phase: &mut Value, direct: Option<&Direct>) {
    if let Some(direct) = direct {
        phase["transfer_data"] = json!({ "destination": direct.destination });
        phase["application_fee_percent"] = json!(direct.percent());
    }
}

fn seconds(at: Option<DateTime<Utc>>) -> Option<i64> {
    at.map(|at| at.timestamp())
}

impl Subscription {
    /// The price it is to have next and when it begins, if the call expanded its schedule.
    pub fn coming(&self) -> Option<(&str, DateTime<Utc>)> {
        match self.schedule.as_ref()? {
            Scheduled::Id(_) => None,
            Scheduled::Whole(schedule) => schedule.next(),
        }
    }
}

impl Client {
    pub async fn schedule(&self, id: &str) -> Result<Schedule, Error> {
        self.look(&format!("/subscription_schedules/{id}"), &())
            .await
    }

    /// Lets the money of what is scheduled go where `direct` says. Saying it twice is saying it once.
    pub(super) async fn redirect(&self, id: &str, direct: Option<&Direct>) -> Result<(), Error> {
        let schedule = self.schedule(id).await?;
        let asked = json!({ "phases": schedule.redirected(direct) });
        let path = format!("/subscription_schedules/{id}");
        let call = RequestBuilder::new(StripeMethod::Post, path).form(&asked);
        self.send::<IgnoredAny>(&call, None).await.map(drop)
    }
}
