//! Announcing an article: one row however many readers, the mail rendered once a language.

use std::collections::HashMap;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, ExprTrait as _, QueryFilter,
    QuerySelect as _, QueryTrait as _,
    sea_query::{Expr, OnConflict},
};
use serde_json::json;
use uuid::Uuid;

use crate::{
    app::App,
    entities::{Audience, article, author, notice, outbox},
    mail::{NAME_PLACE, Rendering, Renderings, UNSUBSCRIBE_PLACE, inlined},
    render::LANGUAGES,
};

/// Announces an article as part of publishing it. Nobody hears of an article twice: one that was taken
/// back and comes out again reaches those whom the first notice had not.
///
/// # Errors
/// If a template misses a value or the database fails: then nothing is published either.
pub async fn announce(
    app: &App,
    tx: &DatabaseTransaction,
    article: &article::Model,
) -> anyhow::Result<()> {
    let author = author::Entity::find_by_id(article.author_id)
        .one(tx)
        .await?
        .context("an article without an author")?;
    let row = notice::ActiveModel {
        id: Set(Uuid::now_v7()),
        article_id: Set(article.id),
        author_id: Set(author.id),
        rendered: Set(serde_json::to_string(&renderings(app, article, &author)?)?),
        state: Set(notice::State::FanningOut),
        cursor: Set(None),
        queued: Set(0),
        locked_until: Set(None),
        created_at: Set(app.clock.now()),
        finished_at: Set(None),
    };
    let stopped = Expr::col((notice::Entity, notice::Column::State)).eq(notice::State::Stopped);
    let once = OnConflict::column(notice::Column::ArticleId)
        .update_columns([
            notice::Column::Rendered,
            notice::Column::State,
            notice::Column::CreatedAt,
        ])
        .action_and_where(stopped)
        .to_owned();
    notice::Entity::insert(row)
        .on_conflict(once)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// Stops telling anybody more, as part of withdrawing an article. Mails that wait to be sent are taken
/// out of the outbox.
///
/// # Errors
/// If the database fails.
pub async fn stop(
    tx: &DatabaseTransaction,
    now: DateTime<Utc>,
    article: Uuid,
) -> Result<(), DbErr> {
    use notice::Column;
    let ours = notice::Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::ArticleId.eq(article));
    // First the notice: a fan-out under way ends before the outbox is looked at.
    notice::Entity::update_many()
        .col_expr(Column::State, notice::State::Stopped.into())
        .col_expr(Column::Cursor, Expr::value(Option::<Uuid>::None))
        .col_expr(Column::Queued, Expr::value(0_i64))
        .col_expr(
            Column::FinishedAt,
            Expr::value(Option::<DateTime<Utc>>::None),
        )
        .filter(Column::ArticleId.eq(article))
        .exec(tx)
        .await?;
    outbox::Entity::delete_many()
        .filter(outbox::Column::NoticeId.in_subquery(ours.into_query()))
        .filter(outbox::Entity::untouched(now))
        .exec(tx)
        .await
        .map(drop)
}

/// Whom a variant is for. A patron reads all; a follower what the article's audience lets her.
pub(super) const PATRON: &str = "patron";
pub(super) const FOLLOWER: &str = "follower";

/// The mail in every language and for everybody.
pub(super) fn renderings(
    app: &App,
    article: &article::Model,
    author: &author::Model,
) -> anyhow::Result<Renderings> {
    let mut letters = HashMap::new();
    for language in LANGUAGES {
        for reason in [PATRON, FOLLOWER] {
            let letter = rendering(app, article, author, language, reason)?;
            letters.insert(format!("{language}/{reason}"), letter);
        }
    }
    let site = url::Url::parse(&app.config.server.public_url)?;
    let host = site.host_str().unwrap_or("localhost").to_owned();
    Ok(Renderings {
        author_id: author.id,
        list_id: format!("{}.{host}", author.slug),
        list_name: author.name.clone(),
        letters,
    })
}

fn rendering(
    app: &App,
    article: &article::Model,
    author: &author::Model,
    language: &str,
    reason: &str,
) -> anyhow::Result<Rendering> {
    let is_full = reason == PATRON || article.audience != Audience::Patrons;
    let public_url = &app.config.server.public_url;
    let absolute = |html: &str| {
        html.replace("href=\"/", &format!("href=\"{public_url}/"))
            .replace("src=\"/", &format!("src=\"{public_url}/"))
    };
    let values = json!({
        "name": NAME_PLACE,
        "publication": app.config.publication.name,
        "public_url": public_url,
        "address": app.config.publication.address,
        "author_name": author.name,
        "author_url": app.config.link(&format!("/authors/{}", author.slug)),
        "title": article.title,
        "standfirst": article.standfirst,
        "article_url": app.config.link(&format!("/articles/{}", article.slug)),
        "reason": reason,
        "is_full": is_full,
        "body_html": if is_full { absolute(&article.body_html) } else { String::new() },
        "body_text": if is_full { article.body_markdown.as_str() } else { "" },
        "excerpt": article.excerpt,
        "unsubscribe_url": UNSUBSCRIBE_PLACE,
        "preferences_url": app.config.link("/account/notices"),
    });
    let part = |file: &str| {
        let name = format!("emails/notice/{file}");
        app.templates.render(&name, language, &values)
    };
    Ok(Rendering {
        subject: part("subject.txt")?.trim().to_owned(),
        text: part("body.txt")?,
        html: inlined(&part("body.html")?)?,
    })
}
