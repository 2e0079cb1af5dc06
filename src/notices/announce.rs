//! Announcing an article: one row however many readers, the mail rendered once a language.

use std::collections::HashMap;

use anyhow::Context as _;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter,
    sea_query::OnConflict,
};
use serde_json::json;
use uuid::Uuid;

use crate::{
    app::App,
    entities::{Audience, article, author, notice},
    mail::{NAME_PLACE, Rendering, Renderings, UNSUBSCRIBE_PLACE, inlined},
    render::LANGUAGES,
};

/// Announces an article as part of publishing it. An article is announced once, ever.
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
    let once = OnConflict::column(notice::Column::ArticleId)
        .do_nothing()
        .to_owned();
    notice::Entity::insert(row)
        .on_conflict(once)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// Stops telling anybody more, as part of withdrawing an article.
///
/// # Errors
/// If the database fails.
pub async fn stop(tx: &DatabaseTransaction, article: Uuid) -> Result<(), DbErr> {
    notice::Entity::update_many()
        .col_expr(notice::Column::State, notice::State::Stopped.into())
        .filter(notice::Column::ArticleId.eq(article))
        .filter(notice::Column::State.eq(notice::State::FanningOut))
        .exec(tx)
        .await
        .map(drop)
}

/// The variants a recipient can be sent.
pub(super) const FULL: &str = "full";
pub(super) const TEASER: &str = "teaser";

fn renderings(
    app: &App,
    article: &article::Model,
    author: &author::Model,
) -> anyhow::Result<Renderings> {
    let variants: &[&str] = match article.audience {
        Audience::Public | Audience::Readers => &[FULL],
        Audience::Patrons => &[FULL, TEASER],
    };
    let mut letters = HashMap::new();
    for language in LANGUAGES {
        for variant in variants {
            let letter = rendering(app, article, author, language, variant)?;
            letters.insert(format!("{language}/{variant}"), letter);
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
    variant: &str,
) -> anyhow::Result<Rendering> {
    let is_full = variant == FULL;
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
