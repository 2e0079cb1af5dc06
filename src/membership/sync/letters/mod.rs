//! What is written to whom when a membership changes; each letter once, by its key.

mod authors;
mod life;
mod money;
mod patron;

use chrono::{DateTime, Duration, Utc};
use sea_orm::DatabaseTransaction;
use serde::Serialize;

use crate::{
    app::App,
    entities::{account, author, membership, tier},
    mail::Letter,
};

pub(super) use authors::{leaving_for_author, patron_for_author, stays_for_author, tip_for_author};
pub(super) use life::{cancellation, ended, paused, renewal, resumed, tier_changed, trial_ends};
pub(super) use money::{checkout_failed, receipt, refund, unpaid};
pub(super) use patron::{claim_url, thanks, welcome};

/// Who a change is between.
#[derive(Clone, Copy)]
pub(super) struct Story<'a> {
    pub app: &'a App,
    pub account: &'a account::Model,
    pub author: &'a author::Model,
    /// `None` for a tip.
    pub tier: Option<&'a tier::Model>,
}

impl Story<'_> {
    fn link(&self, path: &str) -> String {
        self.app.config.link(path)
    }

    fn support_url(&self) -> String {
        self.link(&format!("/authors/{}/support", self.author.slug))
    }

    /// When the grace of a membership whose renewal failed is over.
    fn grace_ends(&self, row: &membership::Model) -> DateTime<Utc> {
        let failed = row.past_due_since.unwrap_or(row.updated_at);
        let days = i64::from(self.app.config.membership.grace_days);
        failed + Duration::days(days)
    }

    async fn write(
        &self,
        tx: &DatabaseTransaction,
        kind: &'static str,
        key: String,
        values: impl Serialize,
    ) -> anyhow::Result<()> {
        let letter = Letter {
            key,
            kind,
            to: self.account,
            values,
        };
        let now = self.app.clock.now();
        self.app.outbox.enqueue(tx, now, letter).await.map(drop)
    }
}
