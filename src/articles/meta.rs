//! What search engines and other sites are told of a page: nothing that is not public.

use serde::Serialize;
use serde_json::{Value, json};

use super::reading::Piece;
use crate::{
    app::App,
    authors::{self, Link},
    entities::{Audience, author},
    media::Picture,
};

/// What `articles/meta.html` puts into a page's head.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Meta {
    /// The page's own address.
    pub canonical: String,
    /// `article`, `profile` or `website`.
    pub kind: &'static str,
    pub title: String,
    pub description: String,
    pub image: Option<String>,
    /// What the picture shows, where it is an article's own; shown large then.
    pub image_alt: Option<String>,
    /// The author's Atom feed, and whose it is.
    pub feed: Option<Feed>,
    /// A JSON-LD document, safe inside a `script` element.
    pub json_ld: String,
}

/// A feed to subscribe to.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Feed {
    path: String,
    title: String,
}

/// Of an article's page.
pub(super) fn of_article(app: &App, piece: &Piece) -> Meta {
    let Piece {
        article,
        author,
        co_authors,
    } = piece;
    let canonical = app.config.link(&format!("/articles/{}", article.slug));
    let mut people: Vec<Value> = std::iter::once(author)
        .chain(co_authors)
        .map(|author| {
            let url = app.config.link(&format!("/authors/{}", author.slug));
            json!({"@type": "Person", "name": author.name, "url": url})
        })
        .collect();
    let writers = match people.len() {
        1 => people.remove(0),
        _ => Value::Array(people),
    };
    let now = app.clock.now();
    let cover = article.cover.as_deref().and_then(Picture::parse);
    let is_large = cover.is_some();
    let image = match cover {
        Some(cover) => Some(app.config.link(&cover.address(None))),
        None => image(app, author),
    };
    let document = json!({
        "@context": "https://schema.org",
        "@type": "Article",
        "headline": article.title,
        "description": article.excerpt,
        "datePublished": article.published_at,
        "dateModified": article.published_at.max(Some(article.changed_at(now))),
        "image": image,
        "mainEntityOfPage": canonical,
        "isAccessibleForFree": article.audience_at(now) == Audience::Public,
        "author": writers,
        "publisher": {"@type": "Organization", "name": app.house.now().name},
    });
    Meta {
        canonical,
        kind: "article",
        title: article.title.clone(),
        description: article.excerpt.clone(),
        image,
        image_alt: is_large.then(|| article.cover_alt.clone()),
        feed: Some(feed(author)),
        json_ld: inside_script(&document),
    }
}

/// Of an author's page.
pub(super) fn of_author(app: &App, author: &author::Model, links: &[Link]) -> Meta {
    let canonical = app.config.link(&format!("/authors/{}", author.slug));
    let image = image(app, author);
    let document = json!({
        "@context": "https://schema.org",
        "@type": "ProfilePage",
        "mainEntity": {
            "@type": "Person",
            "name": author.name,
            "description": author.bio,
            "image": image,
            "url": canonical,
            "sameAs": links.iter().map(|link| &link.address).collect::<Vec<_>>(),
        },
    });
    Meta {
        canonical,
        kind: "profile",
        title: author.name.clone(),
        description: author.bio.clone(),
        image,
        image_alt: None,
        feed: Some(feed(author)),
        json_ld: inside_script(&document),
    }
}

/// Of the front page.
pub(super) fn of_front(app: &App) -> Meta {
    let publication = app.house.now();
    let canonical = app.config.link("/");
    let document = json!({
        "@context": "https://schema.org",
        "@type": "WebSite",
        "name": publication.name,
        "description": publication.tagline,
        "url": canonical,
    });
    Meta {
        canonical,
        kind: "website",
        title: publication.name.clone(),
        description: publication.tagline.clone(),
        image: None,
        image_alt: None,
        feed: None,
        json_ld: inside_script(&document),
    }
}

fn feed(author: &author::Model) -> Feed {
    Feed {
        path: format!("/authors/{}/feed.xml", author.slug),
        title: author.name.clone(),
    }
}

fn image(app: &App, author: &author::Model) -> Option<String> {
    Some(app.config.link(&authors::portrait(author)?))
}

/// No text in it can end the element or open a comment.
fn inside_script(document: &Value) -> String {
    document
        .to_string()
        .replace('<', "\\u003c")
        .replace('>', "\\u003e")
        .replace('&', "\\u0026")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_cannot_end_the_script() {
        let text = inside_script(&json!({"headline": "</script><script>alert(1)</script>"}));
        assert!(!text.contains('<') && !text.contains('>'), "{text}");
        let read: Value = serde_json::from_str(&text).expect("still JSON");
        assert_eq!(read["headline"], "</script><script>alert(1)</script>");
    }
}
