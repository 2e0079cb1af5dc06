//! Everything kept about a reader, as one JSON document of her own.

use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder as _, Select};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Reader, profile::profile};
use crate::{
    app::App,
    entities::{
        article, author, comment, following, grant, heart, membership, outbox, payment, report, tip,
    },
};

/// Profile, sessions, comments, hearts, reports, memberships, tips, gifts, payments, authors followed, and the mails sent to her.
/// Amounts are minor units.
///
/// # Errors
/// If the database fails.
pub(super) async fn export(app: &App, reader: &Reader) -> anyhow::Result<Value> {
    let id = reader.account.id;
    Ok(json!({
        "exported_at": app.clock.now(),
        "publication": app.house.now().name,
        "account": {
            "id": id,
            "contact_email": reader.account.contact_email,
            "stripe_customer_id": reader.account.stripe_customer_id,
            "profile": profile(app, reader).await?,
        },
        "comments": comments(app, id).await?,
        "hearts": hearts(app, id).await?,
        "reports": reports(app, id).await?,
        "memberships": memberships(app, id).await?,
        "tips": tips(app, id).await?,
        "granted": grants(app, grant::Entity::find().filter(grant::Column::AccountId.eq(id))).await?,
        "gifts": grants(app, grant::Entity::bought_by(id)).await?,
        "payments": payments(app, id).await?,
        "following": followings(app, id).await?,
        "mails": mails(app, id).await?,
    }))
}

async fn comments(app: &App, account: Uuid) -> Result<Vec<Value>, DbErr> {
    let rows = comment::Entity::find()
        .filter(comment::Column::AccountId.eq(account))
        .find_also_related(article::Entity)
        .order_by_asc(comment::Column::CreatedAt)
        .all(&app.db)
        .await?;
    let each = rows.into_iter().map(|(row, article)| {
        json!({
            "article": article.map(|article| app.config.link(&format!("/articles/{}", article.slug))),
            "body": row.body_markdown,
            "created_at": row.created_at,
            "edited_at": row.edited_at,
            "deleted_at": row.deleted_at,
        })
    });
    Ok(each.collect())
}

async fn hearts(app: &App, account: Uuid) -> Result<Vec<Value>, DbErr> {
    let rows = heart::Entity::find()
        .filter(heart::Column::AccountId.eq(account))
        .order_by_asc(heart::Column::CreatedAt)
        .all(&app.db)
        .await?;
    let each = rows
        .into_iter()
        .map(|row| json!({ "comment": row.comment_id, "given_at": row.created_at }));
    Ok(each.collect())
}

async fn reports(app: &App, account: Uuid) -> Result<Vec<Value>, DbErr> {
    let rows = report::Entity::find()
        .filter(report::Column::AccountId.eq(account))
        .order_by_asc(report::Column::CreatedAt)
        .all(&app.db)
        .await?;
    let each = rows.into_iter().map(|row| {
        json!({ "comment": row.comment_id, "reason": row.reason, "reported_at": row.created_at })
    });
    Ok(each.collect())
}

async fn memberships(app: &App, account: Uuid) -> Result<Vec<Value>, DbErr> {
    let rows = membership::Entity::find()
        .filter(membership::Column::AccountId.eq(account))
        .find_also_related(author::Entity)
        .order_by_asc(membership::Column::CreatedAt)
        .all(&app.db)
        .await?;
    let each = rows.into_iter().map(|(row, author)| {
        json!({
            "author": author.map(|author| author.name),
            "amount": row.amount,
            "currency": row.currency,
            "recurrence": row.recurrence,
            "status": row.stripe_status,
            "stripe_subscription_id": row.stripe_subscription_id,
            "stripe_customer_id": row.stripe_customer_id,
            "started_at": row.started_at,
            "cancel_at": row.cancel_at,
            "ended_at": row.ended_at,
            "cancel_reason": row.cancel_reason,
            "cancel_words": row.cancel_words,
        })
    });
    Ok(each.collect())
}

async fn tips(app: &App, account: Uuid) -> Result<Vec<Value>, DbErr> {
    let rows = tip::Entity::find()
        .filter(tip::Column::AccountId.eq(account))
        .order_by_asc(tip::Column::PaidAt)
        .all(&app.db)
        .await?;
    let each = rows.into_iter().map(|row| {
        json!({
            "author_id": row.author_id,
            "amount": row.amount,
            "currency": row.currency,
            "paid_at": row.paid_at,
            "patron_until": row.patron_until,
        })
    });
    Ok(each.collect())
}

/// What she was granted, or has bought for others.
async fn grants(app: &App, rows: Select<grant::Entity>) -> Result<Vec<Value>, DbErr> {
    let each = rows.all(&app.db).await?.into_iter().map(|row| {
        json!({
            "author_id": row.author_id,
            "tier_id": row.tier_id,
            "months": row.months,
            "recipient_name": row.recipient_name,
            "recipient_email": row.recipient_email,
            "message": row.message,
            "send_at": row.send_at,
            "claimed_at": row.claimed_at,
            "starts_at": row.starts_at,
            "ends_at": row.ends_at,
            "revoked_at": row.revoked_at,
        })
    });
    Ok(each.collect())
}

async fn payments(app: &App, account: Uuid) -> Result<Vec<Value>, DbErr> {
    let rows = payment::Entity::find()
        .filter(payment::Column::AccountId.eq(account))
        .order_by_asc(payment::Column::Number)
        .all(&app.db)
        .await?;
    let each = rows.into_iter().map(|row| {
        json!({
            "number": row.number,
            "author_id": row.author_id,
            "amount": row.amount,
            "refunded": row.refunded,
            "currency": row.currency,
            "paid_at": row.paid_at,
        })
    });
    Ok(each.collect())
}

async fn followings(app: &App, account: Uuid) -> Result<Vec<Value>, DbErr> {
    let rows = following::Entity::find()
        .filter(following::Column::AccountId.eq(account))
        .order_by_asc(following::Column::CreatedAt)
        .all(&app.db)
        .await?;
    let each = rows.into_iter().map(|row| {
        json!({
            "author_id": row.author_id,
            "notices": row.frequency,
            "since": row.created_at,
        })
    });
    Ok(each.collect())
}

async fn mails(app: &App, account: Uuid) -> Result<Vec<Value>, DbErr> {
    let rows = outbox::Entity::find()
        .filter(outbox::Column::AccountId.eq(account))
        .order_by_asc(outbox::Column::CreatedAt)
        .all(&app.db)
        .await?;
    let each = rows.into_iter().map(|row| {
        json!({
            "kind": row.kind,
            "to": row.to_address,
            "subject": row.subject,
            "created_at": row.created_at,
            "sent_at": row.sent_at,
        })
    });
    Ok(each.collect())
}
