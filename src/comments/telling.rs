//! Telling those whom a comment concerns, once everybody sees it, or at once the author where it is held.
//!
//! Posting only marks the comment; the worker decides who hears of it by how things stand then. So nobody is
//! told of what was hidden or deleted meanwhile, and a letter's key keeps anybody from being told twice. What its
//! writer has deleted the worker looks at once more, when that cannot be taken back: then its words go.

use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter, QueryOrder as _,
    QuerySelect as _, sea_query::Expr,
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    deleting,
    link::{Link, Purpose},
    wishes,
};
use crate::{
    app::App,
    db,
    entities::{Audience, account, article, author, comment, comment_mail::Pace},
    mail::Letter,
    membership::standing,
};

/// How many comments one round takes.
const BATCH: u64 = 100;

/// A comment, with all that letters about it say.
struct News {
    comment: comment::Model,
    article: article::Model,
    author: author::Model,
    writer: account::Model,
}

/// Writes the letters that are due. Returns about how many comments.
///
/// # Errors
/// If the database fails or a template misses a value.
pub async fn tell(app: &App) -> anyhow::Result<usize> {
    let due: Vec<Uuid> = comment::Entity::find()
        .select_only()
        .column(comment::Column::Id)
        .filter(comment::Column::TellingAt.lte(app.clock.now()))
        .order_by_asc(comment::Column::TellingAt)
        .limit(BATCH)
        .into_tuple()
        .all(&app.db)
        .await?;
    for comment in &due {
        tell_of(app, *comment).await?;
    }
    if !due.is_empty() {
        app.work.notify_one();
    }
    Ok(due.len() + super::digest::send(app).await?)
}

async fn tell_of(app: &App, id: Uuid) -> anyhow::Result<()> {
    let now = app.clock.now();
    let tx = db::begin(&app.db).await?;
    let waits = comment::Entity::find_by_id(id)
        .filter(comment::Column::TellingAt.lte(now))
        .lock_exclusive();
    let Some(comment) = waits.one(&tx).await? else {
        return Ok(());
    };
    comment::Entity::update_many()
        .col_expr(
            comment::Column::TellingAt,
            Expr::value(Option::<DateTime<Utc>>::None),
        )
        .filter(comment::Column::Id.eq(id))
        .exec(&tx)
        .await?;
    if comment.deleted_at.is_some() {
        deleting::erase(&tx, id).await?;
    } else if comment.hidden_at.is_none()
        && let Some(news) = news(&tx, comment).await?
    {
        let told = match news.comment.held_at {
            Some(_) => None,
            None => tell_answered(app, &tx, now, &news).await?,
        };
        tell_author(app, &tx, now, &news, told).await?;
    }
    Ok(tx.commit().await?)
}

async fn news(tx: &DatabaseTransaction, comment: comment::Model) -> Result<Option<News>, DbErr> {
    let article = article::Entity::find_by_id(comment.article_id)
        .find_also_related(author::Entity)
        .one(tx)
        .await?;
    let writer = account::Entity::find_by_id(comment.account_id)
        .one(tx)
        .await?;
    Ok(match (article, writer) {
        (Some((article, Some(author))), Some(writer)) => Some(News {
            comment,
            article,
            author,
            writer,
        }),
        _ => None,
    })
}

/// A letter to whoever wrote what this one answers, and it alone: never to oneself, never about a thread she
/// muted, never about what she may not read. Returns whom.
async fn tell_answered(
    app: &App,
    tx: &DatabaseTransaction,
    now: DateTime<Utc>,
    news: &News,
) -> anyhow::Result<Option<Uuid>> {
    let Some(parent) = news.comment.parent_id else {
        return Ok(None);
    };
    let parent = comment::Entity::find_by_id(parent).find_also_related(account::Entity);
    let Some((parent, Some(to))) = parent.one(tx).await? else {
        return Ok(None);
    };
    let thread = news.comment.thread();
    let wants = parent.is_public()
        && to.deleted_at.is_none()
        && to.email.is_some()
        && to.id != news.writer.id
        && wishes::of(tx, to.id).await?.replies
        && !wishes::is_muted(tx, to.id, thread).await?
        && may_read(app, tx, now, &to, news).await?;
    if !wants {
        return Ok(None);
    }
    let link = Link {
        purpose: Purpose::Replies,
        account: to.id,
        about: thread,
    };
    let mut values = news.values(app);
    values["mute_url"] = json!(url(app, &link));
    values["own_lines"] = json!(lines(&parent.body_markdown));
    let letter = Letter {
        key: format!("comment_reply:{}:{}", news.comment.id, to.id),
        kind: "comment_reply",
        to: &to,
        values,
    };
    let thread = [
        format!("conversation:{}", news.article.id),
        format!("thread:{thread}"),
    ];
    app.outbox
        .enqueue_in_thread(tx, now, letter, &thread)
        .await?;
    Ok(Some(to.id))
}

async fn may_read(
    app: &App,
    tx: &DatabaseTransaction,
    now: DateTime<Utc>,
    to: &account::Model,
    news: &News,
) -> Result<bool, DbErr> {
    if news.article.audience_at(app.clock.now()) != Audience::Patrons
        || to.id == news.author.account_id
    {
        return Ok(true);
    }
    let grace = app.config.membership.grace_days;
    let standing = standing(tx, to.id, news.author.id, now, grace).await?;
    Ok(standing.is_patron())
}

/// A letter to the author, who wants them as they come and did not write or look the comment over before.
async fn tell_author(
    app: &App,
    tx: &DatabaseTransaction,
    now: DateTime<Utc>,
    news: &News,
    told: Option<Uuid>,
) -> anyhow::Result<()> {
    let author = news.author.account_id;
    let knows = told == Some(author)
        || news.writer.id == author
        || (news.comment.approved_at.is_some() && news.comment.held_at.is_none());
    if knows || wishes::of(tx, author).await?.own_articles != Pace::AtOnce {
        return Ok(());
    }
    let Some(to) = account::Entity::find_by_id(author).one(tx).await? else {
        return Ok(());
    };
    let link = |purpose, about| Link {
        purpose,
        account: author,
        about,
    };
    let mut values = news.values(app);
    let is_held = news.comment.held_at.is_some();
    values["held_for"] = json!(news.comment.held_for.as_deref().filter(|_| is_held));
    values["decide_url"] = json!(url(app, &link(Purpose::Decide, news.comment.id)));
    values["settings_url"] = json!(url(app, &link(Purpose::Own, author)));
    let state = if is_held { "held" } else { "new" };
    let letter = Letter {
        key: format!("comment_{state}:{}:{author}", news.comment.id),
        kind: "comment",
        to: &to,
        values,
    };
    let thread = [format!("conversation:{}", news.article.id)];
    app.outbox
        .enqueue_in_thread(tx, now, letter, &thread)
        .await?;
    Ok(())
}

impl News {
    fn values(&self, app: &App) -> Value {
        let path = format!("/articles/{}", self.article.slug);
        let name = self
            .comment
            .guest_name
            .as_ref()
            .unwrap_or(&self.writer.name);
        json!({
            "writer_name": name,
            "article_title": self.article.title,
            "comment_url": app.config.link(&format!("{path}/comments/{}", self.comment.id)),
            "lines": lines(&self.comment.body_markdown),
        })
    }
}

/// What was written, line by line, as far as a letter shows it.
pub(super) fn lines(body: &str) -> Vec<String> {
    /// How much of a comment a letter shows, in characters and lines.
    const MOST: (usize, usize) = (2_000, 40);
    let text: String = body.chars().take(MOST.0).collect();
    let mut lines: Vec<String> = text.lines().take(MOST.1).map(str::to_owned).collect();
    if text.len() < body.len() || body.lines().count() > MOST.1 {
        lines.push("…".to_owned());
    }
    lines
}

/// The address of a link.
pub(super) fn url(app: &App, link: &Link) -> String {
    let room = match link.purpose {
        Purpose::Decide => "decide",
        Purpose::Replies | Purpose::Own => "mail",
    };
    let token = link.token(&app.key);
    app.config.link(&format!("/comments/{room}/{token}"))
}
