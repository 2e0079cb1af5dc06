//! What has happened: each event is kept for thirty days and, where the endpoint wants it, sent.

use serde_json::{Map, Value, json};

use super::{deliver::Delivery, state::State};

/// The version whose shapes are spoken here.
pub(super) const API_VERSION: &str = "2026-09-30.endive";
/// How long events are kept, in seconds. <https://docs.stripe.com/api/events>
const KEPT: i64 = 30 * 24 * 60 * 60;

/// The types the endpoint is subscribed to; all others are in the list of events alone.
/// `invoice.created` is not among them: Stripe would wait with the invoice for an answer.
const SENT: [&str; 37] = [
    "charge.dispute.closed",
    "charge.dispute.created",
    "charge.dispute.funds_withdrawn",
    "charge.pending",
    "charge.refunded",
    "charge.succeeded",
    "checkout.session.async_payment_failed",
    "checkout.session.async_payment_succeeded",
    "checkout.session.completed",
    "checkout.session.expired",
    "customer.created",
    "customer.deleted",
    "customer.subscription.created",
    "customer.subscription.deleted",
    "customer.subscription.paused",
    "customer.subscription.pending_update_applied",
    "customer.subscription.pending_update_expired",
    "customer.subscription.resumed",
    "customer.subscription.trial_will_end",
    "customer.subscription.updated",
    "customer.updated",
    "invoice.finalized",
    "invoice.marked_uncollectible",
    "invoice.paid",
    "invoice.payment_action_required",
    "invoice.payment_failed",
    "invoice.upcoming",
    "invoice.voided",
    "payment_intent.succeeded",
    "radar.early_fraud_warning.created",
    "refund.created",
    "refund.failed",
    "refund.updated",
    "account.updated",
    "account.application.deauthorized",
    "application_fee.refunded",
    "transfer.reversed",
];

impl State {
    /// Records an event about an object as it is now. Returns the event's id.
    pub fn emit(&mut self, kind: &str, id: &str) -> String {
        let object = self.get(id);
        self.record(kind, object, None, is_sent(kind))
    }

    /// Records that an object has changed since `before`, if it has.
    pub fn emit_changed(&mut self, kind: &str, id: &str, before: &Value) {
        let object = self.get(id);
        let previous = difference(before, &object);
        if !previous.is_empty() {
            self.record(kind, object, Some(previous), is_sent(kind));
        }
    }

    /// Records an event about something that is no object of its own, such as a preview.
    pub fn emit_about(&mut self, kind: &str, object: Value) {
        self.record(kind, object, None, is_sent(kind));
    }

    /// Records and sends an event of any type, as a test or the control room wants it.
    pub fn emit_anyway(&mut self, kind: &str, id: &str) -> String {
        let object = self.get(id);
        self.record(kind, object, None, true)
    }

    /// Records an event of a connected account.
    pub fn emit_of(&mut self, kind: &str, object: Value, account: &str) {
        let id = self.record(kind, object, None, is_sent(kind));
        self.set(&id, json!({ "account": account }));
    }

    fn record(
        &mut self,
        kind: &str,
        object: Value,
        previous: Option<Map<String, Value>>,
        sent: bool,
    ) -> String {
        let id = self.id("evt");
        let connected = (object["object"] == "account").then(|| object["id"].clone());
        let (request, key) = match &self.request {
            Some((request, key)) => (json!(request), json!(key)),
            None => (Value::Null, Value::Null),
        };
        let mut data = json!({ "object": object });
        if let Some(previous) = previous {
            data["previous_attributes"] = Value::Object(previous);
        }
        self.put(json!({
            "id": id,
            "object": "event",
            "api_version": API_VERSION,
            "created": self.now,
            "data": data,
            "livemode": false,
            "pending_webhooks": i64::from(sent),
            "request": { "id": request, "idempotency_key": key },
            "type": kind,
        }));
        if sent {
            self.enqueue(&id);
        }
        if let Some(account) = connected {
            self.set(&id, json!({ "account": account }));
        }
        id
    }

    /// Queues an event for the endpoint, or loses, repeats or holds it as the chaos wants.
    pub fn enqueue(&mut self, event: &str) {
        if self.chaos.drop_next > 0 {
            self.chaos.drop_next -= 1;
            return;
        }
        for _ in 0..=self.chaos.repeats {
            let held = self.chaos.hold;
            self.queue.push_back(Delivery::new(event, self.now, held));
        }
    }

    /// Forgets what is older than Stripe keeps, and answers given under old idempotency keys.
    pub fn forget_old(&mut self) {
        let queue = std::mem::take(&mut self.queue);
        let since = self.now - KEPT;
        self.forget("event", |event| {
            let is_old = event["created"].as_i64() < Some(since);
            is_old && !queue.iter().any(|one| event["id"] == one.event)
        });
        self.queue = queue;
        let now = self.now;
        self.replies.retain(|_, reply| !reply.is_over(now));
    }
}

fn is_sent(kind: &str) -> bool {
    SENT.contains(&kind)
}

/// The fields of `before` that are different in `after`.
fn difference(before: &Value, after: &Value) -> Map<String, Value> {
    let after = after.as_object().into_iter().flatten();
    let changed = after.filter(|(name, value)| before[name.as_str()] != **value);
    changed
        .map(|(name, _)| (name.clone(), before[name.as_str()].clone()))
        .collect()
}
