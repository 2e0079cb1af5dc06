//! `GET /studio/articles`: this author's articles by state, and those that are looked for.

use axum::{
    extract::{Query, State},
    response::Response,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    accounts::Author,
    app::App,
    articles::{self, Desk, DeskShown},
    notices,
    web::Result,
};

/// What the list's address says.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    /// A filter: `draft`, `scheduled`, `published`, `withdrawn`.
    #[serde(default)]
    show: String,
    /// What titles are searched for.
    #[serde(default)]
    q: String,
    /// From 0.
    #[serde(default)]
    page: usize,
}

#[derive(Serialize)]
struct Page<'a> {
    #[serde(flatten)]
    desk: Desk,
    /// This author's slug.
    me: &'a str,
    show: &'static str,
    q: &'a str,
    page: usize,
}

/// `GET /studio/articles`
pub async fn list(
    State(app): State<App>,
    author: Author,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let written = articles::written(&app.db, Some(author.author.id)).await?;
    let shown = DeskShown::named(&asked.show);
    let mut desk = articles::desk(written, app.clock.now(), shown, (&asked.q, asked.page));
    let ids: Vec<Uuid> = desk.articles.iter().map(|entry| entry.article.id).collect();
    let letters = notices::counts(&app.db, &ids).await?;
    for entry in &mut desk.articles {
        entry.letters = letters.get(&entry.article.id).copied();
    }
    let page = Page {
        desk,
        me: &author.author.slug,
        show: shown.word(),
        q: &asked.q,
        page: asked.page,
    };
    author.visitor.page(&app, "studio/articles.html", &page)
}
