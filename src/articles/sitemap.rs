//! What search engines ask first: the list of all pages, and what they had better leave alone.

use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, SecondsFormat, Utc};
use sea_orm::{EntityTrait, QueryOrder, QuerySelect};

use crate::{
    app::App,
    entities::{article, author},
    web::{Cacheable, Result},
};

/// The most addresses a sitemap may hold, with some left over. Source: <https://www.sitemaps.org/protocol.html>
const MOST: u64 = 49_000;

/// `GET /sitemap.xml`
pub async fn sitemap(State(app): State<App>) -> Result<Response> {
    let articles: Vec<(String, DateTime<Utc>)> = article::Entity::published(app.clock.now())
        .select_only()
        .columns([article::Column::Slug, article::Column::UpdatedAt])
        .limit(MOST)
        .into_tuple()
        .all(&app.db)
        .await?;
    let authors: Vec<String> = author::Entity::find()
        .select_only()
        .column(author::Column::Slug)
        .order_by_asc(author::Column::CreatedAt)
        .limit(500)
        .into_tuple()
        .all(&app.db)
        .await?;
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    page(&mut xml, &app, "/", None);
    for (slug, updated_at) in &articles {
        page(
            &mut xml,
            &app,
            &format!("/articles/{slug}"),
            Some(updated_at),
        );
    }
    for slug in &authors {
        page(&mut xml, &app, &format!("/authors/{slug}"), None);
    }
    xml.push_str("</urlset>\n");
    Ok(answer("application/xml; charset=utf-8", xml))
}

/// `GET /robots.txt`
pub async fn robots(State(app): State<App>) -> Response {
    let sitemap = app.config.link("/sitemap.xml");
    let closed = [
        "/account", "/admin", "/feed/", "/join", "/sandbox", "/sign-in", "/studio",
    ]
    .map(|path| format!("Disallow: {path}\n"))
    .concat();
    let text = format!("User-agent: *\n{closed}\nSitemap: {sitemap}\n");
    answer("text/plain; charset=utf-8", text)
}

fn page(xml: &mut String, app: &App, path: &str, changed: Option<&DateTime<Utc>>) {
    let address = app.config.link(path).replace('&', "&amp;");
    let changed = changed.map_or_else(String::new, |at| {
        let at = at.to_rfc3339_opts(SecondsFormat::Secs, true);
        format!("<lastmod>{at}</lastmod>")
    });
    xml.push_str(&format!("<url><loc>{address}</loc>{changed}</url>\n"));
}

fn answer(media_type: &'static str, text: String) -> Response {
    let mut response = ([(header::CONTENT_TYPE, media_type)], text).into_response();
    response.extensions_mut().insert(Cacheable::Public);
    response
}
