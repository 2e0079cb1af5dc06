//! An article: the text for those it is for, the support call and the conversation under it.

use axum::{
    extract::{Query, State},
    http::{HeaderMap, Method},
    response::{IntoResponse, Redirect, Response},
};
use chrono::{DateTime, FixedOffset, Utc};
use sea_orm::ActiveEnum as _;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

use super::{
    audience::{Access, access},
    meta::{self, Meta},
    pages::{Byline, call},
    reading::{self, Found, Piece},
    relation::{Reading, reading as reading_of},
    shelf::{self, Likeness},
    tags::{self, Tag},
};
use crate::{
    accounts::Visitor,
    app::App,
    authors::{SupportCall, Together},
    comments::{self, Viewer, Wanted},
    entities::{Role, article},
    media::{Picture, Shown},
    web::{Error, Path, Result},
};

const TEMPLATE: &str = "articles/article.html";

/// What an article's address may say.
#[derive(Debug, Default, Deserialize)]
pub struct Reply {
    /// The id of the comment that the form is to answer.
    reply: Option<String>,
}

#[derive(Serialize)]
struct ArticlePage<'a> {
    slug: &'a str,
    title: &'a str,
    standfirst: &'a str,
    author: Byline,
    co_authors: Vec<Byline>,
    /// Whose patrons may read it, where it was written by more than one.
    together: Option<Together>,
    /// `None` for a draft, which only its author sees.
    published_at: Option<DateTime<Utc>>,
    reading_minutes: i32,
    /// The whole text, where she may read it.
    body: Option<&'a str>,
    excerpt: &'a str,
    /// Where she may not: `sign-in` or `join`.
    gate: Option<&'static str>,
    /// When it opens to more people, and to whom: `public` or `readers`.
    opening: Option<(DateTime<FixedOffset>, String)>,
    cover: Option<Cover<'a>>,
    tags: Vec<Tag>,
    call: SupportCall,
    /// Where she may read what it is about.
    comments: Option<comments::Section>,
    meta: Meta,
    now: DateTime<Utc>,
}

/// The picture above an article.
#[derive(Serialize)]
struct Cover<'a> {
    #[serde(flatten)]
    picture: Shown,
    alt: &'a str,
    credit: &'a str,
}

impl<'a> Cover<'a> {
    fn of(article: &'a article::Model) -> Option<Self> {
        let picture = Picture::parse(article.cover.as_deref()?)?;
        Some(Self {
            picture: picture.shown(),
            alt: &article.cover_alt,
            credit: &article.cover_credit,
        })
    }
}

/// `GET /articles/{slug}`
pub async fn article(
    State(app): State<App>,
    visitor: Visitor,
    Path(slug): Path<String>,
    Query(asked): Query<Reply>,
    headers: HeaderMap,
) -> Result<Response> {
    let piece = match find(&app, &visitor, &slug).await? {
        Found::Here(piece) => piece,
        Found::Moved(slug) => {
            return Ok(Redirect::permanent(&format!("/articles/{slug}")).into_response());
        }
    };
    let reading = reading_of(&app, &visitor, &piece).await?;
    let likeness = Likeness::of(&app, &visitor, &piece, &reading);
    let Some(likeness) = likeness else {
        let page = page(&app, &visitor, &piece, reading, &asked).await?;
        return visitor.public_page(&app, TEMPLATE, &page);
    };
    let drawn = match likeness.find(&app) {
        Some(drawn) => drawn,
        None => {
            let generation = app.pages.generation();
            let page = page(&app, &visitor, &piece, reading, &asked).await?;
            let response = visitor.page(&app, TEMPLATE, &page)?;
            let writers = page.comments.map(comments::Section::into_writers);
            let writers = writers.unwrap_or_default();
            likeness.keep(&app, response, writers, generation).await?
        }
    };
    Ok(drawn.answer(&Method::GET, &headers))
}

async fn page<'a>(
    app: &App,
    visitor: &Visitor,
    piece: &'a Piece,
    reading: Reading,
    asked: &Reply,
) -> Result<ArticlePage<'a>> {
    let Piece {
        article,
        author,
        co_authors,
    } = piece;
    let now = app.clock.now();
    let gate = match access(article.audience_at(now), reading.asking) {
        Access::Whole => None,
        Access::SignIn => Some("sign-in"),
        Access::Join => Some("join"),
    };
    let comments = match gate {
        None => {
            let viewer = viewer(visitor, &reading);
            let first = Wanted::default();
            let comments = comments::section(app, viewer, article, author, first).await?;
            Some(comments.replying_to(app, asked.reply.as_deref()).await?)
        }
        Some(_) => None,
    };
    Ok(ArticlePage {
        comments,
        call: call(app, author, &reading.relation, Some(&article.slug)).await?,
        meta: meta::of_article(app, piece),
        slug: &article.slug,
        title: &article.title,
        standfirst: &article.standfirst,
        author: Byline::of(author),
        co_authors: co_authors.iter().map(Byline::of).collect(),
        together: Together::of(author, co_authors),
        published_at: article.published_at,
        reading_minutes: article.reading_minutes,
        body: gate.is_none().then_some(article.body_html.as_str()),
        excerpt: &article.excerpt,
        gate,
        opening: article
            .opening(now)
            .map(|(at, to)| (app.config.publication.local(at), to.to_value())),
        cover: Cover::of(article),
        tags: tags::of(&app.db, article.id).await?,
        now,
    })
}

/// The article of this slug for this visitor.
///
/// # Errors
/// `NotFound`, also for a draft of somebody else.
pub(super) async fn find(app: &App, visitor: &Visitor, slug: &str) -> Result<Found> {
    match shelf::find(app, slug).await? {
        Some(found) => Ok(found),
        None => Ok(Found::Here(own_draft(app, visitor, slug).await?)),
    }
}

/// Who asks for the conversation.
pub(super) fn viewer<'a>(visitor: &'a Visitor, reading: &'a Reading) -> Viewer<'a> {
    Viewer {
        account: visitor.account.as_ref(),
        rank: reading.rank,
        standing: &reading.standing,
    }
}

/// A draft, or what is not out yet, for its authors and the owner.
async fn own_draft(app: &App, visitor: &Visitor, slug: &str) -> Result<Arc<Piece>> {
    let account = visitor.account.as_ref();
    let account = account.filter(|account| account.role >= Role::Author);
    let account = account.ok_or(Error::NotFound)?;
    let piece = reading::find_own(&app.db, slug).await?;
    let writes = |piece: &Piece| {
        let mut writers = std::iter::once(&piece.author).chain(&piece.co_authors);
        writers.any(|author| author.account_id == account.id)
    };
    let piece = piece.filter(|piece| writes(piece) || account.role == Role::Owner);
    piece.map(Arc::new).ok_or(Error::NotFound)
}
