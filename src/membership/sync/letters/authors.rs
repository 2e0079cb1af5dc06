//! What authors hear: who has come, who leaves and why, who gave something.

use chrono::{DateTime, Utc};
use sea_orm::{DatabaseTransaction, EntityTrait};
use serde_json::json;
use uuid::Uuid;

use super::Story;
use crate::{
    entities::{article, membership, tip},
    membership::author_news::{self, News},
};

/// A tip with its message: once a tip.
pub(in super::super) async fn tip_for_author(
    tx: &DatabaseTransaction,
    story: &Story<'_>,
    row: &tip::Model,
) -> anyhow::Result<()> {
    let news = News {
        key: format!("author_tip:{}", row.id),
        kind: "author_tip",
        author: story.author,
        said: json!({
            "supporter_name": story.account.name,
            "amount": row.amount,
            "currency": row.currency,
            "message_lines": lines(row.message.as_deref()),
            "article_title": title(tx, row.article_id).await?,
        }),
    };
    author_news::tell(story.app, tx, news).await
}

/// A new patron: once a subscription.
pub(in super::super) async fn patron_for_author(
    tx: &DatabaseTransaction,
    story: &Story<'_>,
    row: &membership::Model,
) -> anyhow::Result<()> {
    let news = News {
        key: format!("author_patron:{}", row.stripe_subscription_id),
        kind: "author_patron",
        author: story.author,
        said: json!({
            "supporter_name": story.account.name,
            "tier_name": story.tier.map(|tier| &tier.name),
            "amount": row.amount,
            "currency": row.currency,
            "recurrence": row.recurrence,
            "article_title": title(tx, row.article_id).await?,
            "message_lines": [],
        }),
    };
    author_news::tell(story.app, tx, news).await
}

/// Somebody leaves, with what she said: once a subscription and date.
pub(in super::super) async fn leaving_for_author(
    tx: &DatabaseTransaction,
    story: &Story<'_>,
    row: &membership::Model,
    ends_at: DateTime<Utc>,
) -> anyhow::Result<()> {
    let subscription = &row.stripe_subscription_id;
    let known = |reason: &&String| crate::membership::REASONS.contains(&reason.as_str());
    let news = News {
        key: format!("author_cancellation:{subscription}:{}", ends_at.timestamp()),
        kind: "author_cancellation",
        author: story.author,
        said: json!({
            "supporter_name": story.account.name,
            "ends_at": ends_at,
            "reason": row.cancel_reason.as_ref().filter(known),
            "message_lines": lines(row.cancel_words.as_deref()),
        }),
    };
    author_news::tell(story.app, tx, news).await
}

fn lines(words: Option<&str>) -> Vec<&str> {
    words.unwrap_or_default().lines().collect()
}

async fn title(tx: &DatabaseTransaction, article: Option<Uuid>) -> anyhow::Result<Option<String>> {
    let Some(id) = article else { return Ok(None) };
    let article = article::Entity::find_by_id(id).one(tx).await?;
    Ok(article.map(|article| article.title))
}
