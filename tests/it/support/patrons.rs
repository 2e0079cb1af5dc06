//! Memberships that are already there: rows written directly, so that a test starts at its story.

use chrono::{DateTime, Duration, Utc};
use plaudit::entities::{MembershipState, Recurrence, author, membership, price, tier};
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use uuid::Uuid;

use super::TestApp;

impl TestApp {
    /// A membership in force of this account with this author, at 5 euros a month.
    pub async fn patron(&self, account: Uuid, author: &author::Model) -> membership::Model {
        self.member(account, author, MembershipState::Active, |_| {})
            .await
    }

    /// A membership in `state`, begun a month ago, with changes before it is written. A grace began
    /// yesterday, a booked end is in ten days.
    pub async fn member(
        &self,
        account: Uuid,
        author: &author::Model,
        state: MembershipState,
        change: impl FnOnce(&mut membership::ActiveModel),
    ) -> membership::Model {
        let now = self.app.clock.now();
        let (tier_id, price_id) = self.on_sale(author, now).await;
        let id = Uuid::now_v7();
        let is = |wanted, at| (state == wanted).then_some(at);
        let mut row = membership::ActiveModel {
            id: Set(id),
            account_id: Set(account),
            author_id: Set(author.id),
            tier_id: Set(tier_id),
            price_id: Set(price_id),
            checkout_id: Set(None),
            article_id: Set(None),
            state: Set(state),
            amount: Set(500),
            currency: Set("eur".to_owned()),
            recurrence: Set(Recurrence::Month),
            stripe_subscription_id: Set(format!("sub_{}", id.simple())),
            stripe_customer_id: Set(format!("cus_{}", account.simple())),
            stripe_status: Set("active".to_owned()),
            current_period_start: Set(Some(now - Duration::days(10))),
            current_period_end: Set(Some(now + Duration::days(20))),
            cancel_at: Set(is(MembershipState::Cancelling, now + Duration::days(10))),
            past_due_since: Set(is(MembershipState::Grace, now - Duration::days(1))),
            next_attempt_at: Set(None),
            started_at: Set(Some(now - Duration::days(30))),
            ended_at: Set(is(MembershipState::Ended, now - Duration::days(1))),
            collection_paused: Set(None),
            paused_at: Set(None),
            cancel_reason: Set(None),
            cancel_words: Set(None),
            stopped_why: Set(None),
            next_price_id: Set(None),
            next_at: Set(None),
            unconfirmed_price_id: Set(None),
            unconfirmed_until: Set(None),
            paying_since: Set(None),
            paying_amount: Set(None),
            untold_price_id: Set(None),
            discount: Set(None),
            is_current: Set(false),
            flag: Set(None),
            generation: Set(1),
            created_at: Set(now - Duration::days(30)),
            updated_at: Set(now),
        };
        change(&mut row);
        row.insert(&self.app.db).await.expect("a membership")
    }

    async fn on_sale(&self, author: &author::Model, now: DateTime<Utc>) -> (Uuid, Uuid) {
        let tier = tier::ActiveModel {
            id: Set(Uuid::now_v7()),
            author_id: Set(author.id),
            name: Set("Friend".to_owned()),
            description: Set("Comments".to_owned()),
            currency: Set("eur".to_owned()),
            is_open_ended: Set(false),
            trial_days: Set(None),
            seats: Set(None),
            position: Set(1),
            stripe_product_id: Set(None),
            created_at: Set(now),
            archived_at: Set(None),
        };
        let tier = tier.insert(&self.app.db).await.expect("a tier");
        let price = price::ActiveModel {
            id: Set(Uuid::now_v7()),
            tier_id: Set(tier.id),
            recurrence: Set(Recurrence::Month),
            amount: Set(500),
            currency: Set("eur".to_owned()),
            stripe_price_id: Set(None),
            is_chosen: Set(false),
            created_at: Set(now),
            retired_at: Set(None),
        };
        let price = price.insert(&self.app.db).await.expect("a price");
        (tier.id, price.id)
    }
}
