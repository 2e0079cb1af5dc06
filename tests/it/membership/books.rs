//! What a story comes to: its letters and its ledger.

use std::collections::BTreeMap;

use plaudit::entities::{
    ledger_entry::{self, Account, Kind},
    outbox,
};
use reqwest::StatusCode;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::world::World;

impl World {
    /// What moved at Stripe, summed by kind. Each group of entries must come to nothing, with what corrects it.
    pub async fn ledger(&self) -> String {
        let entries = ledger_entry::Entity::find().all(&self.app.app.db).await;
        let entries = entries.expect("entries");
        let mut groups: BTreeMap<&str, i64> = BTreeMap::new();
        let mut sums: BTreeMap<Kind, i64> = BTreeMap::new();
        for entry in &entries {
            *groups.entry(entry.about()).or_default() += entry.amount;
            if entry.account == Account::Stripe {
                *sums.entry(entry.kind).or_default() += entry.amount;
            }
        }
        assert!(groups.values().all(|sum| *sum == 0), "{groups:?}");
        let name = |kind: &Kind| match kind {
            Kind::Payment => "payment",
            Kind::Refund => "refund",
            Kind::RefundFailed => "refund failed",
            Kind::Dispute => "dispute",
            Kind::Fee => "fee",
            Kind::Transfer => "transfer",
        };
        let sums = sums
            .iter()
            .map(|(kind, sum)| format!("{} {sum}", name(kind)));
        sums.collect::<Vec<_>>().join(", ")
    }

    /// Stripe tells of the next invoice, which has no id yet.
    pub async fn renewal_is_near(&self, subscription: &str) {
        let body = serde_json::json!({
            "id": "evt_upcoming", "object": "event", "type": "invoice.upcoming",
            "created": self.app.app.clock.now().timestamp(), "livemode": false,
            "data": { "object": {
                "object": "invoice", "currency": "eur",
                "parent": { "subscription_details": { "subscription": subscription } },
            } },
        });
        let body = body.to_string();
        let signature = self.app.stripe.sign(&body);
        let answer = self.post_raw(body, &signature).await;
        assert_eq!(answer.status, StatusCode::OK);
        self.app.work().await;
    }

    /// The mails about money so far, by the letters of the scenario table, sorted.
    pub async fn mails(&self) -> String {
        let rows = outbox::Entity::find()
            .filter(outbox::Column::Kind.ne("notice"))
            .all(&self.app.app.db)
            .await
            .expect("mails");
        let mut letters: Vec<&str> = rows
            .iter()
            .filter_map(|row| match row.kind.as_str() {
                "welcome" | "gift_welcome" => Some("W"),
                "gift_bought" => Some("GB"),
                "gift" => Some("GI"),
                "gift_ends" => Some("GE"),
                "receipt" => Some("R"),
                "payment_failed" | "checkout_failed" => Some("PF"),
                "action_needed" => Some("AR"),
                "trial_ends" => Some("TW"),
                "resumed" => Some("RS"),
                "paused" => Some("PA"),
                "refund" => Some("RF"),
                "renewal" => Some("RN"),
                "cancellation_booked" => Some("CX"),
                "ended" => Some("END"),
                "owner_alert" => Some("ADM"),
                _ => None,
            })
            .collect();
        letters.sort_unstable();
        letters.join(" ")
    }
}
