//! Atom: everything, one author's, and a reader's own with all that she may read. RFC 4287.

use std::collections::HashMap;

use atom_syndication::{Content, Entry, Feed, FixedDateTime, Link, Person, Text, TextType};
use axum::{
    body::Body,
    extract::State,
    http::{HeaderName, HeaderValue, header},
    response::{IntoResponse, Redirect, Response},
};
use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit as _, Mac};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QuerySelect};
use sha2::Sha256;
use uuid::Uuid;

use super::{
    audience::{Access, Asking, access},
    reading::Piece,
    relation::asking,
};
use crate::{
    app::App,
    authors,
    entities::{account, article, article_author, author},
    media::Picture,
    web::{Cacheable, Error, Path, Result},
};

/// How many articles a feed holds.
const LENGTH: u64 = 30;

/// `GET /feed.xml`
pub async fn everything(State(app): State<App>) -> Result<Response> {
    let pieces = pieces(&app, None).await?;
    let feed = feed(&app, &app.house.now().name, "/", "/feed.xml");
    let entries = entries(&app, pieces, |_| Asking::default());
    Ok(answer(feed, entries, Cacheable::Public))
}

/// `GET /authors/{slug}/feed.xml`
pub async fn of_author(State(app): State<App>, Path(slug): Path<String>) -> Result<Response> {
    let author = match authors::find(&app.db, &slug).await? {
        Some(authors::Found::Here(author)) => author,
        Some(authors::Found::Moved(slug)) => {
            let moved = format!("/authors/{slug}/feed.xml");
            return Ok(Redirect::permanent(&moved).into_response());
        }
        None => return Err(Error::NotFound),
    };
    let pieces = pieces(&app, Some(author.id)).await?;
    let title = format!("{} · {}", author.name, app.house.now().name);
    let page = format!("/authors/{}", author.slug);
    let feed = feed(&app, &title, &page, &format!("{page}/feed.xml"));
    let entries = entries(&app, pieces, |_| Asking::default());
    Ok(answer(feed, entries, Cacheable::Public))
}

/// `GET /feed/{secret}.xml`: for her feed reader, which cannot sign in.
pub async fn own(State(app): State<App>, Path(file): Path<String>) -> Result<Response> {
    let owner = owner(&app, &file).ok_or(Error::NotFound)?;
    let account = account::Entity::find_by_id(owner)
        .filter(account::Column::DeletedAt.is_null())
        .one(&app.db)
        .await?;
    let account = account.ok_or(Error::NotFound)?;
    let pieces = pieces(&app, None).await?;
    let mut known = HashMap::new();
    for piece in &pieces {
        known.insert(piece.article.id, asking(&app, &account, piece).await?);
    }
    let title = format!("{} · {}", app.house.now().name, account.name);
    let feed = feed(&app, &title, "/", &own_path(&app, account.id));
    let entries = entries(&app, pieces, |article| {
        known.get(&article).copied().unwrap_or_default()
    });
    let mut response = answer(feed, entries, Cacheable::Private);
    let robots = HeaderName::from_static("x-robots-tag");
    response
        .headers_mut()
        .insert(robots, HeaderValue::from_static("noindex"));
    Ok(response)
}

/// The address of an account's own feed. Whoever has it reads what she may read.
pub fn own_path(app: &App, account: Uuid) -> String {
    let seal = hex::encode(seal(app, account).finalize().into_bytes());
    format!("/feed/{}{}.xml", account.simple(), &seal[..32])
}

/// Whose feed this is, if the seal is ours.
fn owner(app: &App, file: &str) -> Option<Uuid> {
    let secret = file.strip_suffix(".xml")?;
    let (account, sealed) = secret.split_at_checked(32)?;
    let account = Uuid::try_parse(account).ok()?;
    let sealed = hex::decode(sealed).ok().filter(|seal| seal.len() == 16)?;
    let seal = seal(app, account);
    seal.verify_truncated_left(&sealed)
        .is_ok()
        .then_some(account)
}

fn seal(app: &App, account: Uuid) -> Hmac<Sha256> {
    #[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
    let mut seal = Hmac::<Sha256>::new_from_slice(&app.key).expect("a key");
    seal.update(b"feed:");
    seal.update(account.as_bytes());
    seal
}

/// The newest articles with their texts.
async fn pieces(app: &App, author: Option<Uuid>) -> Result<Vec<Piece>, DbErr> {
    let mut query = article::Entity::published(app.clock.now());
    if let Some(author) = author {
        query = query.filter(article_author::Entity::written_by(author));
    }
    let found = query
        .find_also_related(author::Entity)
        .limit(LENGTH)
        .all(&app.db)
        .await?;
    let ids: Vec<Uuid> = found.iter().map(|(article, _)| article.id).collect();
    let mut others = authors::co_authors_of(&app.db, &ids).await?;
    Ok(found
        .into_iter()
        .filter_map(|(article, author)| {
            Some(Piece {
                co_authors: others.remove(&article.id).unwrap_or_default(),
                article,
                author: author?,
            })
        })
        .collect())
}

fn entries(app: &App, pieces: Vec<Piece>, asking: impl Fn(Uuid) -> Asking) -> Vec<Entry> {
    pieces
        .into_iter()
        .map(|piece| {
            let audience = piece.article.audience_at(app.clock.now());
            let access = access(audience, asking(piece.article.id));
            entry(app, piece, access)
        })
        .collect()
}

fn entry(app: &App, piece: Piece, access: Access) -> Entry {
    let Piece {
        article,
        author,
        co_authors,
    } = piece;
    let person = |author: author::Model| Person {
        name: author.name,
        uri: Some(app.config.link(&format!("/authors/{}", author.slug))),
        ..Person::default()
    };
    let link = app.config.link(&format!("/articles/{}", article.slug));
    let published = article.published_at.unwrap_or(article.created_at);
    let updated = published.max(article.changed_at(app.clock.now()));
    let cover = article.cover.as_deref().and_then(Picture::parse);
    let content = (access == Access::Whole).then(|| Content {
        base: Some(link.clone()),
        content_type: Some("html".to_owned()),
        value: Some(match &cover {
            Some(cover) => cover.html(&article.cover_alt, "", true) + &article.body_html,
            None => article.body_html,
        }),
        ..Content::default()
    });
    let mut links = vec![related("alternate", link, "text/html")];
    links.extend(cover.map(|cover| {
        let address = app.config.link(&cover.address(None));
        related("enclosure", address, cover.media_type())
    }));
    Entry {
        title: Text::plain(article.title),
        id: format!("urn:uuid:{}", article.id),
        updated: fixed(updated),
        authors: std::iter::once(author)
            .chain(co_authors)
            .map(person)
            .collect(),
        links,
        published: Some(fixed(published)),
        summary: Some(article.excerpt)
            .filter(|excerpt| !excerpt.is_empty())
            .map(Text::plain),
        content,
        ..Entry::default()
    }
}

fn feed(app: &App, title: &str, page: &str, path: &str) -> Feed {
    let own = app.config.link(path);
    let publication = app.house.now();
    let tagline = &publication.tagline;
    Feed {
        title: Text::plain(title),
        id: own.clone(),
        subtitle: (!tagline.is_empty()).then(|| Text {
            value: tagline.clone(),
            r#type: TextType::Text,
            ..Text::default()
        }),
        links: vec![
            related("self", own, "application/atom+xml"),
            related("alternate", app.config.link(page), "text/html"),
        ],
        lang: Some(app.config.publication.language.clone()),
        ..Feed::default()
    }
}

fn answer(mut feed: Feed, entries: Vec<Entry>, kind: Cacheable) -> Response {
    let newest = entries.iter().map(|entry| entry.updated).max();
    feed.updated = newest.unwrap_or_else(|| fixed(DateTime::UNIX_EPOCH));
    feed.entries = entries;
    let mut response = Response::new(Body::from(feed.to_string()));
    let atom = HeaderValue::from_static("application/atom+xml; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, atom);
    response.extensions_mut().insert(kind);
    response
}

fn related(rel: &str, href: String, mime_type: &str) -> Link {
    Link {
        href,
        rel: rel.to_owned(),
        mime_type: Some(mime_type.to_owned()),
        ..Link::default()
    }
}

fn fixed(time: DateTime<Utc>) -> FixedDateTime {
    time.fixed_offset()
}
