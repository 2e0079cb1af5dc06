//! The front page and an author's page.

use axum::{
    extract::{Query, State},
    response::{IntoResponse, Redirect, Response},
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{
    feeds,
    meta::{self, Meta},
    reading::{self, Among, Teasers},
    relation::{Reading, of_author as reading_of},
};
use crate::{
    accounts::Visitor,
    app::App,
    authors::{self, Relation, SupportCall, support_call},
    entities::{Frequency, author},
    membership::{tiers, visibility},
    notices,
    web::{Error, Path, Result},
};

/// Where a list goes on.
#[derive(Debug, Default, Deserialize)]
pub struct Page {
    /// The slug of the last article that was shown.
    pub(super) before: Option<String>,
}

#[derive(Serialize)]
struct FrontPage {
    list: Teasers,
    meta: Meta,
    now: DateTime<Utc>,
}

#[derive(Serialize)]
struct AuthorPage {
    author: Byline,
    /// What the portrait shows.
    portrait_alt: String,
    bio: String,
    links: Vec<authors::Link>,
    list: Teasers,
    call: SupportCall,
    /// Whether she gets notices of new articles.
    follows: bool,
    /// The reader's own feed, with everything she may read.
    own_feed: Option<String>,
    /// Patrons who wanted to be named.
    thanked: Option<visibility::Thanked>,
    meta: Meta,
    now: DateTime<Utc>,
}

/// An author as pages name them.
#[derive(Serialize)]
pub(super) struct Byline {
    name: String,
    slug: String,
    /// The portrait's address.
    portrait: Option<String>,
}

impl Byline {
    pub(super) fn of(author: &author::Model) -> Self {
        Self {
            name: author.name.clone(),
            slug: author.slug.clone(),
            portrait: authors::portrait(author),
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
    let list = reading::newest(&app.db, now, Among::Everything, page.before.as_deref()).await?;
    let page = FrontPage {
        list: list.ok_or(Error::NotFound)?,
        meta: meta::of_front(&app),
        now,
    };
    visitor.public_page(&app, "articles/front.html", &page)
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
    let list = reading::newest(&app.db, now, Among::Author(author.id), before).await?;
    let reading = reading_of(&app, &visitor, &author).await?;
    let links = authors::links(&app.db, author.id).await?;
    let meta = meta::of_author(&app, &author, &links);
    let page = AuthorPage {
        author: Byline::of(&author),
        portrait_alt: author.portrait_alt.clone(),
        bio: author.bio.clone(),
        links,
        list: list.ok_or(Error::NotFound)?,
        call: call(&app, &author, &reading.relation, None).await?,
        follows: follows(&app, &visitor, &author, &reading).await?,
        own_feed: visitor
            .account
            .as_ref()
            .map(|account| feeds::own_path(&app, account.id)),
        thanked: visibility::thanked(&app.db, author.id, now).await?,
        meta,
        now,
    };
    visitor.public_page(&app, "authors/author.html", &page)
}

/// Whether she gets notices: patrons do unless they said no, others if they said yes.
async fn follows(
    app: &App,
    visitor: &Visitor,
    author: &author::Model,
    reading: &Reading,
) -> Result<bool> {
    let Some(account) = &visitor.account else {
        return Ok(false);
    };
    let wants = notices::wants(&app.db, account.id, author.id).await?;
    Ok(wants.map_or(reading.asking.patron, |wants| wants != Frequency::None))
}

/// The support call; the price only where somebody is asked.
pub(super) async fn call(
    app: &App,
    author: &author::Model,
    relation: &Relation,
    article: Option<&str>,
) -> Result<SupportCall> {
    let price = match relation {
        Relation::Stranger | Relation::Reader | Relation::Former => {
            tiers::cheapest_open_month(app, author.id).await?
        }
        _ => None,
    };
    Ok(support_call(author, relation, price, article))
}
