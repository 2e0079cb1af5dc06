//! Moving time: everything due happens at its own instant, in order.

use chrono::Duration;

use super::{Stripe, billing};
use serde_json::Value;

/// What comes due.
enum Due {
    Renewal(String),
    Retry(String),
    Expiry(String),
}

impl Stripe {
    /// Moves the shared clock forward, renewing, retrying, ending and expiring on the way.
    pub fn advance(&self, by: Duration) {
        let target = self.now() + by.num_seconds();
        while let Some((at, due)) = self.next_due().filter(|(at, _)| *at <= target) {
            let ahead = at - self.now();
            self.shared.clock.advance(Duration::seconds(ahead.max(0)));
            let now = self.now().max(at);
            let mut state = self.state();
            match due {
                Due::Renewal(id) => billing::renew(&mut state, now, &id),
                Due::Retry(id) => billing::retry(&mut state, now, &id, false),
                Due::Expiry(id) => {
                    let fields = serde_json::json!({ "status": "expired", "url": null });
                    state.set(&id, fields);
                    state.emit(now, "checkout.session.expired", &id);
                }
            }
        }
        let left = target - self.now();
        self.shared.clock.advance(Duration::seconds(left.max(0)));
        self.changed();
    }

    fn next_due(&self) -> Option<(i64, Due)> {
        let state = self.state();
        let text =
            |object: &Value, name: &str| object[name].as_str().unwrap_or_default().to_owned();
        let subscriptions = state.of_kind("subscription").filter_map(|object| {
            let id = text(object, "id");
            match object["status"].as_str()? {
                "active" | "trialing" => {
                    let end = object["items"]["data"][0]["current_period_end"].as_i64()?;
                    let booked = object["cancel_at"].as_i64().unwrap_or(i64::MAX);
                    Some((end.min(booked), Due::Renewal(id)))
                }
                "past_due" => {
                    let invoice = state.get(&text(object, "latest_invoice"));
                    Some((invoice["next_payment_attempt"].as_i64()?, Due::Retry(id)))
                }
                _ => None,
            }
        });
        let sessions = state.of_kind("checkout.session");
        let expiries = sessions
            .filter(|object| object["status"] == "open")
            .filter_map(|object| {
                Some((
                    object["expires_at"].as_i64()?,
                    Due::Expiry(text(object, "id")),
                ))
            });
        subscriptions.chain(expiries).min_by_key(|(at, _)| *at)
    }
}
