//! Letters about the life of a membership: its end, a pause, a trial, a renewal.

use chrono::{DateTime, Utc};
use sea_orm::{DatabaseTransaction, EntityTrait};
use serde_json::json;
use uuid::Uuid;

use super::Story;
use crate::{
    entities::{
        membership::{self, Stopped},
        price, tier,
    },
    membership::stay::stay,
};

/// CX: once a subscription and date.
pub(in super::super) async fn cancellation(
    tx: &DatabaseTransaction,
    story: &Story<'_>,
    row: &membership::Model,
    ends_at: DateTime<Utc>,
) -> anyhow::Result<()> {
    let values = json!({
        "author_name": story.author.name,
        "ends_at": ends_at,
        "account_url": story.link("/account"),
    });
    let subscription = &row.stripe_subscription_id;
    let key = format!("cancellation:{subscription}:{}", ends_at.timestamp());
    story.write(tx, "cancellation_booked", key, values).await
}

/// END, with why where her bank would not pay: what told of that before may never have come. Where she has another membership with the author, `goes_on`, it is that one of two that ended; and
/// she may stay a patron by what she was given.
pub(in super::super) async fn ended(
    tx: &DatabaseTransaction,
    story: &Story<'_>,
    row: &membership::Model,
    goes_on: bool,
) -> anyhow::Result<()> {
    let now = story.app.clock.now();
    let stay = stay(tx, story.account.id, story.author.id, now).await?;
    let values = json!({
        "author_name": story.author.name,
        "gift": null,
        "tier_name": null,
        "starts_at": null,
        "is_unpaid": row.stopped_why == Some(Stopped::Unpaid),
        "goes_on": goes_on,
        "stay": stay,
        "account_url": story.link("/account"),
        "support_url": story.support_url(),
    });
    let key = format!("ended:{}", row.stripe_subscription_id);
    story.write(tx, "ended", key, values).await
}

/// RS: once a pause or a booked end that is over. `over` is when that had begun or would have ended.
pub(in super::super) async fn resumed(
    tx: &DatabaseTransaction,
    story: &Story<'_>,
    row: &membership::Model,
    over: Option<DateTime<Utc>>,
) -> anyhow::Result<()> {
    let values = json!({
        "author_name": story.author.name,
        "amount": charged(row),
        "currency": row.currency,
        "next_payment": row.current_period_end,
        "account_url": story.link("/account"),
    });
    let subscription = &row.stripe_subscription_id;
    let since = over.map(|at| at.timestamp()).unwrap_or_default();
    let key = format!("resumed:{subscription}:{since}");
    story.write(tx, "resumed", key, values).await
}

/// The membership rests: once a pause. `needs_card` after a trial that ended without one.
pub(in super::super) async fn paused(
    tx: &DatabaseTransaction,
    story: &Story<'_>,
    row: &membership::Model,
    needs_card: bool,
) -> anyhow::Result<()> {
    let card = format!("/account/memberships/{}/card", row.id);
    let values = json!({
        "author_name": story.author.name,
        "needs_card": needs_card,
        "card_url": story.link(&card),
        "account_url": story.link("/account"),
    });
    let subscription = &row.stripe_subscription_id;
    let since = row.paused_at.map(|at| at.timestamp()).unwrap_or_default();
    let key = format!("paused:{subscription}:{since}");
    story.write(tx, "paused", key, values).await
}

/// TW: once a subscription and date.
pub(in super::super) async fn trial_ends(
    tx: &DatabaseTransaction,
    story: &Story<'_>,
    row: &membership::Model,
    ends_at: DateTime<Utc>,
) -> anyhow::Result<()> {
    let values = json!({
        "author_name": story.author.name,
        "ends_at": ends_at,
        "amount": charged(row),
        "currency": row.currency,
        "recurrence": row.recurrence,
        "account_url": story.link("/account"),
    });
    let subscription = &row.stripe_subscription_id;
    let key = format!("trial_ends:{subscription}:{}", ends_at.timestamp());
    story.write(tx, "trial_ends", key, values).await
}

/// She gives more or less from now on: once a change. `told`: the price she was last told of.
pub(in super::super) async fn tier_changed(
    tx: &DatabaseTransaction,
    story: &Story<'_>,
    told: Uuid,
    row: &membership::Model,
) -> anyhow::Result<()> {
    let told = price::Entity::find_by_id(told).find_also_related(tier::Entity);
    let Some((old, old_tier)) = told.one(tx).await? else {
        return Ok(());
    };
    let values = json!({
        "author_name": story.author.name,
        "tier_name": story.tier.map(|tier| &tier.name),
        "amount": row.amount,
        "currency": row.currency,
        "recurrence": row.recurrence,
        "old_name": old_tier.map(|tier| tier.name),
        "old_amount": old.amount,
        "old_currency": old.currency,
        "old_recurrence": old.recurrence,
        "next_payment": row.current_period_end.filter(|_| row.cancel_at.is_none()),
        "account_url": story.link("/account"),
    });
    let subscription = &row.stripe_subscription_id;
    let key = format!("tier_changed:{subscription}:{}", row.generation);
    story.write(tx, "tier_changed", key, values).await
}

/// A yearly membership is about to be charged: once a subscription and date.
pub(in super::super) async fn renewal(
    tx: &DatabaseTransaction,
    story: &Story<'_>,
    row: &membership::Model,
    renews_at: DateTime<Utc>,
) -> anyhow::Result<()> {
    let values = json!({
        "author_name": story.author.name,
        "renews_at": renews_at,
        "amount": charged(row),
        "currency": row.currency,
        "account_url": story.link("/account"),
    });
    let subscription = &row.stripe_subscription_id;
    let key = format!("renewal:{subscription}:{}", renews_at.timestamp());
    story.write(tx, "renewal", key, values).await
}

/// What is charged next, in minor units: less than it costs where there is a discount.
fn charged(row: &membership::Model) -> i64 {
    let left = row.discount.as_ref();
    left.map_or(row.amount, |left| left.charged)
}
