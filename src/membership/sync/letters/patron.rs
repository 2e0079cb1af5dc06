//! The welcome, and the link by which a stranger who paid takes her account over.

use chrono::Duration;
use sea_orm::{DatabaseTransaction, EntityTrait};
use serde_json::{Value, json};

use super::Story;
use crate::{
    accounts::{NewToken, issue_token},
    authors,
    entities::{article, membership, tip, token::Purpose},
    membership::stay::{By, stay},
};

/// How long a claim link is good for, in days. A sign-in link to the same address does the same later.
const CLAIM_DAYS: i64 = 30;

/// W, for a membership.
pub(in super::super) async fn welcome(
    tx: &DatabaseTransaction,
    story: &Story<'_>,
    row: &membership::Model,
) -> anyhow::Result<()> {
    let key = format!("welcome:{}", row.stripe_subscription_id);
    // Who was given a membership has read it then.
    let now = story.app.clock.now();
    let given = stay(tx, row.account_id, row.author_id, now).await?;
    let is_new = given.is_none_or(|stay| stay.by == By::Tip);
    let terms = json!({
        "amount": row.amount,
        "currency": row.currency,
        "recurrence": row.recurrence,
        "welcome": authors::welcome(story.author).filter(|_| is_new),
    });
    welcome_letter(tx, story, key, row.article_id, terms).await
}

/// W, for a tip.
pub(in super::super) async fn thanks(
    tx: &DatabaseTransaction,
    story: &Story<'_>,
    row: &tip::Model,
    session: &str,
) -> anyhow::Result<()> {
    let terms = json!({
        "amount": row.amount,
        "currency": row.currency,
        "recurrence": Value::Null,
        "welcome": Value::Null,
    });
    let key = format!("welcome:{session}");
    welcome_letter(tx, story, key, row.article_id, terms).await
}

async fn welcome_letter(
    tx: &DatabaseTransaction,
    story: &Story<'_>,
    key: String,
    article_id: Option<uuid::Uuid>,
    mut values: Value,
) -> anyhow::Result<()> {
    let article = match article_id {
        Some(id) => article::Entity::find_by_id(id).one(tx).await?,
        None => None,
    };
    let author_path = format!("/authors/{}", story.author.slug);
    let more = json!({
        "author_name": story.author.name,
        "author_url": story.link(&author_path),
        "tier_name": story.tier.map(|tier| &tier.name),
        "claim_url": claim_url(tx, story, article.as_ref()).await?,
        "article_title": article.as_ref().map(|article| &article.title),
        "article_url": article
            .as_ref()
            .map(|article| story.link(&format!("/articles/{}", article.slug))),
    });
    if let (Value::Object(values), Value::Object(more)) = (&mut values, more) {
        values.extend(more);
    }
    story.write(tx, "welcome", key, values).await
}

/// The link by which a stranger who paid proves her address and takes the account over.
pub(in super::super) async fn claim_url(
    tx: &DatabaseTransaction,
    story: &Story<'_>,
    article: Option<&article::Model>,
) -> anyhow::Result<Option<String>> {
    let account = story.account;
    if account.email.is_some() || account.contact_email.is_none() {
        return Ok(None);
    }
    let token = NewToken {
        purpose: Purpose::Claim,
        account_id: Some(account.id),
        email: account.contact_email.clone(),
        return_to: Some(match article {
            Some(article) => format!("/articles/{}", article.slug),
            None => format!("/authors/{}", story.author.slug),
        }),
        valid_for: Duration::days(CLAIM_DAYS),
    };
    let secret = issue_token(tx, story.app.clock.now(), token).await?;
    Ok(Some(story.link(&format!("/sign-in/{secret}"))))
}
