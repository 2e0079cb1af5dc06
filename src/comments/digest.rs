//! Once a day, for authors who want it so: what was written under their articles since the last time.

use chrono::{DateTime, Duration, Utc};
use sea_orm::{
    ColumnTrait, Condition, DatabaseTransaction, DbErr, EntityTrait, QueryFilter, QueryOrder as _,
    QuerySelect as _,
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    link::{Link, Purpose},
    queue::{self, Scope},
    telling::{lines, url},
    wishes,
};
use crate::{
    app::App,
    db,
    entities::{
        account, article, author, comment,
        comment_mail::{self, Pace},
    },
    mail::Letter,
};

/// How many comments one letter shows.
const MOST: u64 = 30;

/// Writes the daily letters that are due. Returns how many authors were looked at.
pub(super) async fn send(app: &App) -> anyhow::Result<usize> {
    let day_ago = app.clock.now() - Duration::days(1);
    let due: Vec<Uuid> = comment_mail::Entity::find()
        .select_only()
        .column(comment_mail::Column::AccountId)
        .filter(comment_mail::Column::OwnArticles.eq(Pace::Daily))
        .filter(is_due(day_ago))
        .into_tuple()
        .all(&app.db)
        .await?;
    for account in &due {
        send_to(app, *account, day_ago).await?;
    }
    Ok(due.len())
}

fn is_due(day_ago: DateTime<Utc>) -> Condition {
    Condition::any()
        .add(comment_mail::Column::DigestAt.is_null())
        .add(comment_mail::Column::DigestAt.lte(day_ago))
}

async fn send_to(app: &App, to: Uuid, day_ago: DateTime<Utc>) -> anyhow::Result<()> {
    let now = app.clock.now();
    let tx = db::begin(&app.db).await?;
    let row = comment_mail::Entity::find_by_id(to)
        .filter(is_due(day_ago))
        .lock_exclusive();
    let Some(row) = row.one(&tx).await? else {
        return Ok(());
    };
    let since = row.digest_at.unwrap_or(day_ago);
    if let Some(to) = account::Entity::find_by_id(to).one(&tx).await?
        && let Some(author) = author::Entity::of_account(to.id).one(&tx).await?
    {
        let comments = since_then(app, &tx, author.id, to.id, since).await?;
        if !comments.is_empty() {
            // Of earlier days, too: the letter leads to where all of them stand.
            let scope = Scope::Authors(vec![author.id]);
            let (held, reported) = queue::waiting(&tx, &scope).await?;
            write(app, &tx, now, &to, (comments, held + reported)).await?;
        }
    }
    let told = comment_mail::Model {
        digest_at: Some(now),
        ..row
    };
    wishes::write(&tx, told).await?;
    Ok(tx.commit().await?)
}

async fn since_then(
    app: &App,
    tx: &DatabaseTransaction,
    author: Uuid,
    own: Uuid,
    since: DateTime<Utc>,
) -> Result<Vec<Value>, DbErr> {
    use comment::Column;
    let rows = comment::Entity::find()
        .find_also_related(article::Entity)
        .filter(article::Column::AuthorId.eq(author))
        .filter(Column::CreatedAt.gt(since))
        .filter(Column::AccountId.ne(own))
        .filter(Column::DeletedAt.is_null())
        .filter(Column::HiddenAt.is_null())
        .filter(Column::Origin.is_null())
        .order_by_asc(Column::CreatedAt)
        .limit(MOST)
        .all(tx)
        .await?;
    let writers = rows.iter().map(|(comment, _)| comment.account_id);
    let writers = account::Entity::find()
        .filter(account::Column::Id.is_in(writers))
        .all(tx)
        .await?;
    let each = rows.iter().filter_map(|(comment, article)| {
        let article = article.as_ref()?;
        let writer = writers.iter().find(|one| one.id == comment.account_id)?;
        let path = format!("/articles/{}/comments/{}", article.slug, comment.id);
        Some(json!({
            "writer_name": writer.name,
            "article_title": article.title,
            "url": app.config.link(&path),
            "lines": lines(&comment.body_markdown),
            "is_held": comment.held_at.is_some(),
        }))
    });
    Ok(each.collect())
}

async fn write(
    app: &App,
    tx: &DatabaseTransaction,
    now: DateTime<Utc>,
    to: &account::Model,
    (comments, waiting): (Vec<Value>, u64),
) -> anyhow::Result<()> {
    let room = match waiting {
        0 => "/studio/comments?state=all",
        _ => "/studio/comments",
    };
    let own = Link {
        purpose: Purpose::Own,
        account: to.id,
        about: to.id,
    };
    let letter = Letter {
        key: format!("comment_digest:{}:{}", to.id, now.timestamp()),
        kind: "comment_digest",
        to,
        values: json!({
            "count": comments.len(),
            "comments": comments,
            "waiting": waiting,
            "queue_url": app.config.link(room),
            "settings_url": url(app, &own),
        }),
    };
    app.outbox.enqueue(tx, now, letter).await?;
    Ok(())
}
