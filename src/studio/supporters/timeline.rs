//! One supporter's life with an author: what she gave and changed, what was written to her, what she said.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder as _,
    QuerySelect as _,
};
use serde::Serialize;
use uuid::Uuid;

use crate::entities::{
    article, comment, membership, movement, notice, outbox, payment, refund, tip,
};

/// How many of each kind are told, the newest.
const MOST: u64 = 100;

/// The kinds of letters to a supporter that the catalogues have a name for. What each said stands in her language,
/// which may be another than her author's.
const MAILS: [&str; 20] = [
    "action_needed",
    "cancellation_booked",
    "card_expiring",
    "checkout_failed",
    "ended",
    "gift",
    "gift_bought",
    "gift_claimed",
    "gift_ends",
    "gift_welcome",
    "membership_given",
    "paused",
    "payment_failed",
    "receipt",
    "refund",
    "renewal",
    "resumed",
    "tier_changed",
    "trial_ends",
    "welcome",
];

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Happening {
    pub at: DateTime<Utc>,
    /// `payment`, `refund`, `came`, `went`, `more`, `less`, `mail`, `notice` or `comment`.
    pub kind: &'static str,
    /// Minor units.
    pub amount: Option<i64>,
    pub currency: Option<String>,
    /// A payment's number.
    pub number: Option<i64>,
    /// What kind of letter it was.
    pub mail: Option<&'static str>,
    /// The subject of another letter, an article's title, what was said with a tip.
    pub words: Option<String>,
    pub path: Option<String>,
}

impl Happening {
    fn new(at: DateTime<Utc>, kind: &'static str) -> Self {
        Self {
            at,
            kind,
            amount: None,
            currency: None,
            number: None,
            mail: None,
            words: None,
            path: None,
        }
    }
}

/// All of it, the newest first.
pub(super) async fn of(
    db: &impl ConnectionTrait,
    author: Uuid,
    account: Uuid,
) -> Result<Vec<Happening>, DbErr> {
    let payments = payment::Entity::find()
        .filter(payment::Column::AuthorId.eq(author))
        .filter(payment::Column::AccountId.eq(account))
        .order_by_desc(payment::Column::PaidAt)
        .limit(MOST)
        .all(db)
        .await?;
    let refunds = refund::Entity::find()
        .filter(refund::Column::PaymentId.is_in(payments.iter().map(|payment| payment.id)))
        .all(db)
        .await?;
    let tips = tip::Entity::between(account, author).all(db).await?;
    let mut all = moved(db, author, account).await?;
    all.extend(paid(&payments, &refunds, &tips));
    all.extend(said(db, author, account).await?);
    let about = about(db, author, account, &payments, &refunds).await?;
    all.extend(written(db, author, account, &about).await?);
    all.sort_by_key(|one| std::cmp::Reverse(one.at));
    Ok(all)
}

fn paid(
    payments: &[payment::Model],
    refunds: &[refund::Model],
    tips: &[tip::Model],
) -> Vec<Happening> {
    let mut all = Vec::new();
    for payment in payments {
        let path = format!("/studio/payments/{}", payment.number);
        let tip = tips.iter().find(|tip| Some(tip.id) == payment.tip_id);
        all.push(Happening {
            amount: Some(payment.amount),
            currency: Some(payment.currency.clone()),
            number: Some(payment.number),
            words: tip.and_then(|tip| tip.message.clone()),
            path: Some(path.clone()),
            ..Happening::new(payment.paid_at, "payment")
        });
        let back = refunds
            .iter()
            .filter(|refund| refund.payment_id == payment.id);
        all.extend(back.map(|refund| Happening {
            amount: Some(-refund.amount),
            currency: Some(refund.currency.clone()),
            number: Some(payment.number),
            path: Some(path.clone()),
            ..Happening::new(refund.refunded_at, "refund")
        }));
    }
    all
}

async fn moved(
    db: &impl ConnectionTrait,
    author: Uuid,
    account: Uuid,
) -> Result<Vec<Happening>, DbErr> {
    let rows = movement::Entity::between(account, author).all(db).await?;
    let kind = |row: &movement::Model| match (row.patrons, row.kind) {
        (1.., _) => "came",
        (..=-1, _) => "went",
        (_, movement::Kind::Upgrade | movement::Kind::New) => "more",
        _ => "less",
    };
    Ok(rows
        .iter()
        .map(|row| Happening::new(row.at, kind(row)))
        .collect())
}

async fn said(
    db: &impl ConnectionTrait,
    author: Uuid,
    account: Uuid,
) -> Result<Vec<Happening>, DbErr> {
    let rows = comment::Entity::find()
        .find_also_related(article::Entity)
        .filter(comment::Column::AccountId.eq(account))
        .filter(comment::Column::DeletedAt.is_null())
        .filter(article::Column::AuthorId.eq(author))
        .order_by_desc(comment::Column::CreatedAt)
        .limit(MOST)
        .all(db)
        .await?;
    Ok(rows
        .into_iter()
        .filter_map(|(comment, article)| {
            let article = article?;
            Some(Happening {
                words: Some(article.title),
                path: Some(format!("/articles/{}#comment-{}", article.slug, comment.id)),
                ..Happening::new(comment.created_at, "comment")
            })
        })
        .collect())
}

/// The ids at Stripe that letters about these two are named for.
async fn about(
    db: &impl ConnectionTrait,
    author: Uuid,
    account: Uuid,
    payments: &[payment::Model],
    refunds: &[refund::Model],
) -> Result<HashSet<String>, DbErr> {
    let memberships = membership::Entity::between(account, author).all(db).await?;
    let mut ids: HashSet<String> = HashSet::new();
    ids.extend(
        memberships
            .into_iter()
            .map(|row| row.stripe_subscription_id),
    );
    ids.extend(refunds.iter().map(|row| row.stripe_refund_id.clone()));
    for payment in payments {
        ids.extend(payment.stripe_invoice_id.clone());
        ids.extend(payment.stripe_payment_intent_id.clone());
        ids.insert(payment.id.to_string());
    }
    Ok(ids)
}

async fn written(
    db: &impl ConnectionTrait,
    author: Uuid,
    account: Uuid,
    about: &HashSet<String>,
) -> Result<Vec<Happening>, DbErr> {
    let mails = outbox::Entity::find()
        .filter(outbox::Column::AccountId.eq(account))
        .filter(outbox::Column::State.eq(outbox::State::Sent))
        .order_by_desc(outbox::Column::CreatedAt)
        .limit(MOST)
        .all(db)
        .await?;
    let notices = notice::Entity::find()
        .find_also_related(article::Entity)
        .filter(notice::Column::Id.is_in(mails.iter().filter_map(|mail| mail.notice_id)))
        .filter(notice::Column::AuthorId.eq(author))
        .all(db)
        .await?;
    Ok(mails
        .into_iter()
        .filter_map(|mail| {
            let at = mail.sent_at.unwrap_or(mail.created_at);
            if let Some(id) = mail.notice_id {
                let (_, article) = notices.iter().find(|(notice, _)| notice.id == id)?;
                return Some(Happening {
                    words: article.as_ref().map(|article| article.title.clone()),
                    ..Happening::new(at, "notice")
                });
            }
            let is_about = mail.key.split(':').any(|part| about.contains(part));
            let kind = MAILS.into_iter().find(|kind| *kind == mail.kind);
            is_about.then(|| Happening {
                mail: kind,
                words: Some(mail.subject).filter(|_| kind.is_none()),
                ..Happening::new(at, "mail")
            })
        })
        .collect())
}
