//! The pages of a conversation that is longer than one, and the lasting address of each comment.

use std::sync::Arc;

use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use serde::Serialize;
use uuid::Uuid;

use super::{
    article_page::{find, viewer},
    audience::{Access, access},
    reading::{Found, Piece},
    relation::{Reading, reading as reading_of},
};
use crate::{
    accounts::Visitor,
    app::App,
    comments::{self, Order, Section, Wanted},
    web::{Error, Path, Result},
};

#[derive(Serialize)]
struct ConversationPage<'a> {
    title: &'a str,
    path: String,
    comments: Section,
}

/// `GET /articles/{slug}/comments`: where they begin.
pub async fn first(
    State(app): State<App>,
    visitor: Visitor,
    Path(slug): Path<String>,
) -> Result<Response> {
    let (piece, _) = open(&app, &visitor, &slug).await?;
    let path = format!("/articles/{}#comments", piece.article.slug);
    Ok(Redirect::to(&path).into_response())
}

/// `GET /articles/{slug}/comments/from/{id}`: the fifty that begin with this one.
pub async fn from(
    State(app): State<App>,
    visitor: Visitor,
    Path((slug, first)): Path<(String, Uuid)>,
) -> Result<Response> {
    let (order, first) = (Order::Oldest, Some(first));
    page(&app, &visitor, &slug, Wanted { order, first }).await
}

/// `GET /articles/{slug}/comments/newest`: the newest threads first.
pub async fn newest(
    State(app): State<App>,
    visitor: Visitor,
    Path(slug): Path<String>,
) -> Result<Response> {
    let (order, first) = (Order::Newest, None);
    page(&app, &visitor, &slug, Wanted { order, first }).await
}

/// `GET /articles/{slug}/comments/newest/from/{id}`
pub async fn newest_from(
    State(app): State<App>,
    visitor: Visitor,
    Path((slug, first)): Path<(String, Uuid)>,
) -> Result<Response> {
    let (order, first) = (Order::Newest, Some(first));
    page(&app, &visitor, &slug, Wanted { order, first }).await
}

/// `GET /articles/{slug}/comments/{id}`: to the page on which the comment stands now.
pub async fn permalink(
    State(app): State<App>,
    visitor: Visitor,
    Path((slug, id)): Path<(String, Uuid)>,
) -> Result<Response> {
    let (piece, reading) = open(&app, &visitor, &slug).await?;
    let viewer = viewer(&visitor, &reading);
    let path = comments::permalink(&app, viewer, &piece.article, id).await?;
    Ok(Redirect::to(&path.ok_or(Error::NotFound)?).into_response())
}

async fn page(app: &App, visitor: &Visitor, slug: &str, wanted: Wanted) -> Result<Response> {
    let (piece, reading) = open(app, visitor, slug).await?;
    let Piece {
        article, author, ..
    } = &*piece;
    let viewer = viewer(visitor, &reading);
    let page = ConversationPage {
        title: &article.title,
        path: format!("/articles/{}", article.slug),
        comments: comments::section(app, viewer, article, author, wanted).await?,
    };
    visitor.public_page(app, "articles/conversation.html", &page)
}

/// The article, for those who may read it.
async fn open(app: &App, visitor: &Visitor, slug: &str) -> Result<(Arc<Piece>, Reading)> {
    let piece = match find(app, visitor, slug).await? {
        Found::Here(piece) => piece,
        // Lasting addresses outlive a slug.
        Found::Moved(slug) => match find(app, visitor, &slug).await? {
            Found::Here(piece) => piece,
            Found::Moved(_) => return Err(Error::NotFound),
        },
    };
    let reading = reading_of(app, visitor, &piece).await?;
    match access(piece.article.audience_at(app.clock.now()), reading.asking) {
        Access::Whole => Ok((piece, reading)),
        Access::SignIn => Err(Error::SignIn {
            return_to: visitor.path.clone(),
        }),
        Access::Join => Err(Error::Forbidden),
    }
}
