//! The front page, an article, an author's page.

use axum::{
    extract::{Path, Query, State},
    response::{IntoResponse, Redirect, Response},
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{
    audience::{Access, access},
    feeds,
    meta::{self, Meta},
    reading::{self, Found, Piece, Teasers},
    relation::{Reading, reading as reading_of},
};
use crate::{
    accounts::Visitor,
    app::App,
    authors::{self, Relation, SupportCall, support_call},
    comments,
    entities::{Role, author},
    membership::tiers,
    render::assets,
    web::{Error, Result},
};

/// Where a list goes on.
#[derive(Debug, Default, Deserialize)]
pub struct Page {
    /// The slug of the last article that was shown.
    pub(super) before: Option<String>,
}

/// What an article's address may say.
#[derive(Debug, Default, Deserialize)]
pub struct Reply {
    /// The id of the comment that the form is to answer.
    reply: Option<String>,
}

#[derive(Serialize)]
struct FrontPage {
    list: Teasers,
    meta: Meta,
    now: DateTime<Utc>,
}

#[derive(Serialize)]
struct ArticlePage {
    slug: String,
    title: String,
    standfirst: String,
    author: Byline,
    /// `None` for a draft, which only its author sees.
    published_at: Option<DateTime<Utc>>,
    reading_minutes: i32,
    /// The whole text, where she may read it.
    body: Option<String>,
    excerpt: String,
    /// Where she may not: `sign-in` or `join`.
    gate: Option<&'static str>,
    call: SupportCall,
    /// Where she may read what it is about.
    comments: Option<comments::Section>,
    meta: Meta,
    now: DateTime<Utc>,
}

#[derive(Serialize)]
struct AuthorPage {
    author: Byline,
    bio: String,
    list: Teasers,
    call: SupportCall,
    /// The reader's own feed, with everything she may read.
    own_feed: Option<String>,
    meta: Meta,
    now: DateTime<Utc>,
}

/// An author as pages name them.
#[derive(Serialize)]
struct Byline {
    name: String,
    slug: String,
    /// The portrait's address.
    portrait: Option<String>,
}

impl Byline {
    fn of(author: &author::Model) -> Self {
        Self {
            name: author.name.clone(),
            slug: author.slug.clone(),
            portrait: author.portrait.as_deref().and_then(assets::url),
        }
    }
}

/// `GET /`
pub async fn front(
    State(app): State<App>,
    visitor: Visitor,
    Query(page): Query<Page>,
) -> Result<Response> {
    let now = app.clock.now();
    let list = reading::newest(&app.db, now, None, page.before.as_deref()).await?;
    let page = FrontPage {
        list: list.ok_or(Error::NotFound)?,
        meta: meta::of_front(&app),
        now,
    };
    visitor.public_page(&app, "articles/front.html", &page)
}

/// `GET /articles/{slug}`
pub async fn article(
    State(app): State<App>,
    visitor: Visitor,
    Path(slug): Path<String>,
    Query(asked): Query<Reply>,
) -> Result<Response> {
    match reading::find(&app.db, app.clock.now(), &slug).await? {
        Some(Found::Here(piece)) => show(&app, &visitor, *piece, asked).await,
        Some(Found::Moved(slug)) => {
            Ok(Redirect::permanent(&format!("/articles/{slug}")).into_response())
        }
        None => {
            let draft = own_draft(&app, &visitor, &slug).await?;
            show(&app, &visitor, draft.ok_or(Error::NotFound)?, asked).await
        }
    }
}

/// `GET /authors/{slug}`
pub async fn author(
    State(app): State<App>,
    visitor: Visitor,
    Path(slug): Path<String>,
    Query(page): Query<Page>,
) -> Result<Response> {
    let author = match authors::find(&app.db, &slug).await? {
        Some(authors::Found::Here(author)) => author,
        Some(authors::Found::Moved(slug)) => {
            return Ok(Redirect::permanent(&format!("/authors/{slug}")).into_response());
        }
        None => return Err(Error::NotFound),
    };
    let now = app.clock.now();
    let before = page.before.as_deref();
    let list = reading::newest(&app.db, now, Some(author.id), before).await?;
    let Reading { relation, .. } = reading_of(&app, &visitor, &author).await?;
    let page = AuthorPage {
        author: Byline::of(&author),
        bio: author.bio.clone(),
        list: list.ok_or(Error::NotFound)?,
        call: call(&app, &author, &relation, None).await?,
        own_feed: visitor
            .account
            .as_ref()
            .map(|account| feeds::own_path(&app, account.id)),
        meta: meta::of_author(&app, &author),
        now,
    };
    visitor.public_page(&app, "authors/author.html", &page)
}

async fn show(app: &App, visitor: &Visitor, piece: Piece, asked: Reply) -> Result<Response> {
    let reading = reading_of(app, visitor, &piece.author).await?;
    let Piece { article, author } = &piece;
    let gate = match access(article.audience, reading.asking) {
        Access::Whole => None,
        Access::SignIn => Some("sign-in"),
        Access::Join => Some("join"),
    };
    let comments = match gate {
        None => {
            let (viewer, standing) = (visitor.account.as_ref(), &reading.standing);
            let comments = comments::section(app, viewer, article, author, standing).await?;
            Some(comments.replying_to(asked.reply.as_deref()))
        }
        Some(_) => None,
    };
    let page = ArticlePage {
        comments,
        call: call(app, author, &reading.relation, Some(&article.slug)).await?,
        meta: meta::of_article(app, &piece),
        slug: article.slug.clone(),
        title: article.title.clone(),
        standfirst: article.standfirst.clone(),
        author: Byline::of(author),
        published_at: article.published_at,
        reading_minutes: article.reading_minutes,
        body: gate.is_none().then(|| article.body_html.clone()),
        excerpt: article.excerpt.clone(),
        gate,
        now: app.clock.now(),
    };
    visitor.public_page(app, "articles/article.html", &page)
}

/// A draft, or what is not out yet, for its author and the owner.
async fn own_draft(app: &App, visitor: &Visitor, slug: &str) -> Result<Option<Piece>> {
    let Some(account) = &visitor.account else {
        return Ok(None);
    };
    if account.role < Role::Author {
        return Ok(None);
    }
    let piece = reading::find_own(&app.db, slug).await?;
    Ok(piece.filter(|piece| piece.author.account_id == account.id || account.role == Role::Owner))
}

/// The support call; the price only where somebody is asked.
async fn call(
    app: &App,
    author: &author::Model,
    relation: &Relation,
    article: Option<&str>,
) -> Result<SupportCall> {
    let price = match relation {
        Relation::Stranger | Relation::Reader | Relation::Former => {
            tiers::cheapest_month(&app.db, author.id).await?
        }
        _ => None,
    };
    Ok(support_call(author, relation, price, article))
}
