//! The JSON side: what the public pages show, for programs. Described in `openapi.json`.

use axum::{
    Json,
    extract::{Query, State},
    http::{HeaderValue, header},
    response::{IntoResponse, Redirect, Response},
};
use chrono::{DateTime, Utc};
use sea_orm::ActiveEnum;
use serde::Serialize;

use super::{
    audience::{Access, Asking, access},
    pages::Page,
    reading::{self, Among, Found, Piece, Teaser, Teasers},
    tags::{self, Tag},
};
use crate::{
    app::App,
    authors::{self, Link},
    entities::author,
    media::Picture,
    membership::tiers,
    web::{Cacheable, Error, Path, Result},
};

/// The description of it all.
const DESCRIPTION: &str = include_str!("openapi.json");

#[derive(Serialize)]
struct List {
    articles: Vec<Article>,
    /// The address of the next page.
    older: Option<String>,
}

#[derive(Serialize)]
struct Article {
    slug: String,
    url: String,
    title: String,
    excerpt: String,
    audience: String,
    reading_minutes: i32,
    published_at: Option<DateTime<Utc>>,
    updated_at: DateTime<Utc>,
    cover: Option<Cover>,
    author: Person,
    /// Who wrote it with the author.
    co_authors: Vec<Person>,
}

#[derive(Serialize)]
struct Cover {
    url: String,
    width: u32,
    height: u32,
    alt: String,
}

#[derive(Serialize)]
struct WholeArticle {
    #[serde(flatten)]
    article: Article,
    standfirst: String,
    comments: String,
    tags: Vec<Tag>,
    /// From when on it is for more people, and for whom.
    opens_at: Option<DateTime<Utc>>,
    opens_to: Option<String>,
    /// `None` where it is not for everybody.
    body_html: Option<String>,
}

#[derive(Serialize)]
struct Person {
    slug: String,
    name: String,
    url: String,
}

#[derive(Serialize)]
struct WholePerson {
    #[serde(flatten)]
    person: Person,
    bio: String,
    portrait_url: Option<String>,
    links: Vec<Link>,
    support_url: String,
    tiers: Vec<Tier>,
    feed_url: String,
    articles: Vec<Article>,
}

/// What an author has on sale. Amounts are minor units.
#[derive(Serialize)]
struct Tier {
    name: String,
    description: String,
    currency: String,
    monthly: Option<i64>,
    yearly: Option<i64>,
    places: Option<i64>,
    places_left: Option<i64>,
}

/// `GET /api/v1/articles`
pub async fn articles(State(app): State<App>, Query(page): Query<Page>) -> Result<Response> {
    let now = app.clock.now();
    let list = reading::newest(&app.db, now, Among::Everything, page.before.as_deref()).await?;
    let Teasers { articles, older } = list.ok_or(Error::NotFound)?;
    Ok(public(List {
        older: older.map(|slug| app.config.link(&format!("/api/v1/articles?before={slug}"))),
        articles: of_teasers(&app, articles),
    }))
}

/// `GET /api/v1/articles/{slug}`
pub async fn article(State(app): State<App>, Path(slug): Path<String>) -> Result<Response> {
    let piece = match reading::find(&app.db, app.clock.now(), &slug).await? {
        Some(Found::Here(piece)) => piece,
        Some(Found::Moved(slug)) => {
            return Ok(Redirect::permanent(&format!("/api/v1/articles/{slug}")).into_response());
        }
        None => return Err(Error::NotFound),
    };
    let tags = tags::of(&app.db, piece.article.id).await?;
    Ok(public(of_piece(&app, &piece, tags)))
}

/// `GET /api/v1/authors/{slug}`
pub async fn author(State(app): State<App>, Path(slug): Path<String>) -> Result<Response> {
    let author = match authors::find(&app.db, &slug).await? {
        Some(authors::Found::Here(author)) => author,
        Some(authors::Found::Moved(slug)) => {
            return Ok(Redirect::permanent(&format!("/api/v1/authors/{slug}")).into_response());
        }
        None => return Err(Error::NotFound),
    };
    let list = reading::newest(&app.db, app.clock.now(), Among::Author(author.id), None).await?;
    let articles = list.map_or_else(Vec::new, |list| list.articles);
    let portrait = authors::portrait(&author);
    let url = app.config.link(&format!("/authors/{}", author.slug));
    let tiers = on_sale(&app, &author).await?;
    Ok(public(WholePerson {
        person: of_author(&app, &author),
        bio: author.bio,
        portrait_url: portrait.map(|path| app.config.link(&path)),
        links: authors::links(&app.db, author.id).await?,
        tiers,
        support_url: format!("{url}/support"),
        feed_url: format!("{url}/feed.xml"),
        articles: of_teasers(&app, articles),
    }))
}

async fn on_sale(app: &App, author: &author::Model) -> Result<Vec<Tier>> {
    let sold = tiers::on_sale(&app.db, author.id).await?;
    let of_all = sold.iter().map(|sold| &sold.tier);
    let places = tiers::seats(app, &app.db, of_all, None).await?;
    let each = sold.into_iter().map(|sold| {
        let places = places.get(&sold.tier.id);
        Tier {
            monthly: sold.monthly.map(|price| price.amount),
            yearly: sold.yearly.map(|price| price.amount),
            places: places.map(|seats| seats.limit),
            places_left: places.map(|seats| seats.left()),
            name: sold.tier.name,
            description: sold.tier.description,
            currency: sold.tier.currency,
        }
    });
    Ok(each.collect())
}

/// `GET /api/v1/openapi.json`
pub async fn description() -> Response {
    let json = HeaderValue::from_static("application/json");
    let mut response = DESCRIPTION.into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    response.extensions_mut().insert(Cacheable::Public);
    response
}

fn of_teasers(app: &App, teasers: Vec<Teaser>) -> Vec<Article> {
    teasers
        .into_iter()
        .map(|teaser| Article {
            url: app.config.link(&format!("/articles/{}", teaser.slug)),
            slug: teaser.slug,
            title: teaser.title,
            excerpt: teaser.excerpt,
            audience: teaser.audience.to_value(),
            reading_minutes: teaser.reading_minutes,
            published_at: Some(teaser.published_at),
            updated_at: teaser.updated_at,
            cover: cover(app, teaser.cover.as_deref(), teaser.cover_alt),
            author: person(app, teaser.author_slug, teaser.author_name),
            co_authors: teaser
                .co_authors
                .into_iter()
                .map(|other| person(app, other.slug, other.name))
                .collect(),
        })
        .collect()
}

fn cover(app: &App, path: Option<&str>, alt: String) -> Option<Cover> {
    let picture = Picture::parse(path?)?;
    Some(Cover {
        url: app.config.link(&picture.address(None)),
        width: picture.width,
        height: picture.height,
        alt,
    })
}

fn of_piece(app: &App, piece: &Piece, tags: Vec<Tag>) -> WholeArticle {
    let Piece {
        article,
        author,
        co_authors,
    } = piece;
    let now = app.clock.now();
    let access = access(article.audience_at(now), Asking::default());
    let opening = article.opening(now);
    WholeArticle {
        article: Article {
            url: app.config.link(&format!("/articles/{}", article.slug)),
            slug: article.slug.clone(),
            title: article.title.clone(),
            excerpt: article.excerpt.clone(),
            audience: article.audience_at(now).to_value(),
            reading_minutes: article.reading_minutes,
            published_at: article.published_at,
            updated_at: article.changed_at(now),
            cover: cover(app, article.cover.as_deref(), article.cover_alt.clone()),
            author: of_author(app, author),
            co_authors: co_authors
                .iter()
                .map(|other| of_author(app, other))
                .collect(),
        },
        standfirst: article.standfirst.clone(),
        comments: article.gate.to_value(),
        tags,
        opens_at: opening.map(|(at, _)| at),
        opens_to: opening.map(|(_, to)| to.to_value()),
        body_html: (access == Access::Whole).then(|| article.body_html.clone()),
    }
}

fn of_author(app: &App, author: &author::Model) -> Person {
    person(app, author.slug.clone(), author.name.clone())
}

fn person(app: &App, slug: String, name: String) -> Person {
    Person {
        url: app.config.link(&format!("/authors/{slug}")),
        slug,
        name,
    }
}

fn public(document: impl Serialize) -> Response {
    let mut response = Json(document).into_response();
    response.extensions_mut().insert(Cacheable::Public);
    response
}
