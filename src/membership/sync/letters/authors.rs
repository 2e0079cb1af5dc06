//! What authors hear: who has come, who leaves and why, who gave something.

use chrono::{DateTime, Utc};
use sea_orm::{DatabaseTransaction, DbErr, EntityTrait};
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
        named: &[("supporter_name", Some(story.account.id))],
        said: json!({
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
        named: &[("supporter_name", Some(story.account.id))],
        said: json!({
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

/// Somebody leaves, with what she said: once a subscription and date, and again after she had stayed after all. Where
/// the author has not been told yet that she stays, he is told of neither.
pub(in super::super) async fn leaving_for_author(
    tx: &DatabaseTransaction,
    story: &Story<'_>,
    row: &membership::Model,
    ends_at: DateTime<Utc>,
) -> anyhow::Result<()> {
    let end = End::of(tx, row, ends_at).await?;
    if end.nth > 1 && author_news::take_back(tx, &end.stayed(end.nth - 1)).await? {
        return Ok(());
    }
    let known = |reason: &&String| crate::membership::REASONS.contains(&reason.as_str());
    let news = News {
        key: end.left(),
        kind: "author_cancellation",
        author: story.author,
        named: &[("supporter_name", Some(story.account.id))],
        said: json!({
            "ends_at": ends_at,
            "reason": row.cancel_reason.as_ref().filter(known),
            "message_lines": lines(row.cancel_words.as_deref()),
        }),
    };
    author_news::tell(story.app, tx, news).await
}

/// She stays after all: once each time that an end was taken back. Where the author has not been told yet that she
/// leaves, he is told of neither.
pub(in super::super) async fn stays_for_author(
    tx: &DatabaseTransaction,
    story: &Story<'_>,
    row: &membership::Model,
    would_end: DateTime<Utc>,
) -> anyhow::Result<()> {
    let end = End::of(tx, row, would_end).await?;
    let (left, key) = (end.left(), end.stayed(end.nth));
    if author_news::take_back(tx, &left).await? || !author_news::is_known(tx, &left).await? {
        return Ok(());
    }
    let news = News {
        key,
        kind: "author_stays",
        author: story.author,
        named: &[("supporter_name", Some(story.account.id))],
        said: json!({
            "would_end": would_end,
            "message_lines": [],
        }),
    };
    author_news::tell(story.app, tx, news).await
}

/// An end that is booked, or was: the same day can be booked and taken back again and again.
struct End {
    /// Subscription and day.
    of: String,
    /// How often it was booked, as far as its author has heard.
    nth: u32,
}

impl End {
    async fn of(
        tx: &DatabaseTransaction,
        row: &membership::Model,
        at: DateTime<Utc>,
    ) -> Result<Self, DbErr> {
        let of = format!("{}:{}", row.stripe_subscription_id, at.timestamp());
        let mut end = Self { of, nth: 1 };
        while author_news::is_known(tx, &end.stayed(end.nth)).await? {
            end.nth += 1;
        }
        Ok(end)
    }

    fn left(&self) -> String {
        match self.nth {
            1 => format!("author_cancellation:{}", self.of),
            nth => format!("author_cancellation:{}:{nth}", self.of),
        }
    }

    fn stayed(&self, nth: u32) -> String {
        format!("author_stays:{}:{nth}", self.of)
    }
}

fn lines(words: Option<&str>) -> Vec<&str> {
    words.unwrap_or_default().lines().collect()
}

async fn title(tx: &DatabaseTransaction, article: Option<Uuid>) -> anyhow::Result<Option<String>> {
    let Some(id) = article else { return Ok(None) };
    let article = article::Entity::find_by_id(id).one(tx).await?;
    Ok(article.map(|article| article.title))
}
