//! What is written to whom when a membership changes; each letter once, by its key.

use chrono::{DateTime, Duration, Utc};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};
use serde::Serialize;
use serde_json::{Value, json};

use crate::{
    accounts::{NewToken, issue_token},
    app::App,
    entities::{
        Recurrence, Role, account, article, author, membership, payment, tier, tip, token::Purpose,
    },
    mail::Letter,
    payments::Invoice,
};

/// How long a claim link is good for, in days. A sign-in link to the same address does the same later.
const CLAIM_DAYS: i64 = 30;

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

/// W, for a membership.
pub(super) async fn welcome(
    tx: &DatabaseTransaction,
    story: &Story<'_>,
    row: &membership::Model,
) -> anyhow::Result<()> {
    let key = format!("welcome:{}", row.stripe_subscription_id);
    let terms = json!({
        "amount": row.amount,
        "currency": row.currency,
        "recurrence": row.recurrence,
    });
    welcome_letter(tx, story, key, row.article_id, terms).await
}

/// W, for a tip.
pub(super) async fn thanks(
    tx: &DatabaseTransaction,
    story: &Story<'_>,
    row: &tip::Model,
    session: &str,
) -> anyhow::Result<()> {
    let terms = json!({
        "amount": row.amount,
        "currency": row.currency,
        "recurrence": Value::Null,
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
async fn claim_url(
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

/// R.
pub(super) async fn receipt(
    tx: &DatabaseTransaction,
    story: &Story<'_>,
    payment: &payment::Model,
    recurrence: Option<Recurrence>,
) -> anyhow::Result<()> {
    let about = payment
        .stripe_invoice_id
        .as_ref()
        .or(payment.stripe_payment_intent_id.as_ref());
    let key = match about {
        Some(id) => format!("receipt:{id}"),
        None => format!("receipt:{}", payment.id),
    };
    let values = json!({
        "number": payment.number,
        "author_name": story.author.name,
        "tier_name": story.tier.map(|tier| &tier.name),
        "amount": payment.amount,
        "currency": payment.currency,
        "recurrence": recurrence,
        "paid_at": payment.paid_at,
        "period_start": payment.period_start,
        "period_end": payment.period_end,
        "receipt_url": story.link(&format!("/account/receipts/{}", payment.number)),
        "account_url": story.link("/account"),
    });
    story.write(tx, "receipt", key, values).await
}

/// PF: once an invoice and attempt.
pub(super) async fn payment_failed(
    tx: &DatabaseTransaction,
    story: &Story<'_>,
    row: &membership::Model,
    invoice: &Invoice,
) -> anyhow::Result<()> {
    let grace = i64::from(story.app.config.membership.grace_days);
    let failed = row.past_due_since.unwrap_or(row.updated_at);
    let mend = format!("/account/memberships/{}/card", row.id);
    let values = json!({
        "author_name": story.author.name,
        "amount": invoice.amount_due,
        "currency": invoice.currency,
        "attempt": invoice.attempt_count,
        "next_attempt_at": invoice.next_payment_attempt,
        "access_until": failed + Duration::days(grace),
        "mend_url": story.link(&mend),
    });
    let key = format!("payment_failed:{}:{}", invoice.id, invoice.attempt_count);
    story.write(tx, "payment_failed", key, values).await
}

/// CX: once a subscription and date.
pub(super) async fn cancellation(
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

/// END.
pub(super) async fn ended(
    tx: &DatabaseTransaction,
    story: &Story<'_>,
    row: &membership::Model,
) -> anyhow::Result<()> {
    let values = json!({
        "author_name": story.author.name,
        "support_url": story.support_url(),
    });
    let key = format!("ended:{}", row.stripe_subscription_id);
    story.write(tx, "ended", key, values).await
}

/// ADM: two memberships in force between the same two.
pub(super) async fn duplicate(
    tx: &DatabaseTransaction,
    story: &Story<'_>,
    newer: &membership::Model,
) -> anyhow::Result<()> {
    let owners = account::Entity::find()
        .filter(account::Column::Role.eq(Role::Owner))
        .filter(account::Column::DeletedAt.is_null())
        .all(tx)
        .await?;
    for owner in owners {
        let letter = Letter {
            key: format!(
                "owner:duplicate:{}:{}",
                newer.stripe_subscription_id, owner.id
            ),
            kind: "owner_alert",
            to: &owner,
            values: json!({
                "alert": "duplicate",
                "subject_name": story.account.name,
                "detail": format!("{} → {}", story.author.name, newer.stripe_subscription_id),
                "admin_url": story.link("/admin"),
            }),
        };
        let now = story.app.clock.now();
        story.app.outbox.enqueue(tx, now, letter).await?;
    }
    Ok(())
}
