//! `/admin/audit`: who did what, the last first, to be searched by what the page shows.

mod entry;
mod names;

use axum::{
    extract::{Query, State},
    response::Response,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder as _,
    QuerySelect as _,
};
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::page::room;
use crate::{
    accounts::Owner,
    app::App,
    db::folded,
    entities::audit_entry::{Column, Entity, Model},
    web::Result,
};
use entry::{Line, Teller};

/// How many entries one page shows.
const PAGE: usize = 50;
/// How many are looked through at once, and at most for one page, where words are looked for.
const STRIDE: usize = 500;
const MOST: usize = 10_000;

/// What the page's address may say.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    /// Words of an entry, as the page shows it: a name, a title, what was done, an id; or somebody's address.
    q: Option<String>,
    /// The entry after which this page begins.
    before: Option<Uuid>,
}

/// `GET /admin/audit`
pub async fn list(
    State(app): State<App>,
    owner: Owner,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let words = asked.q.as_deref().map(str::trim);
    let words = words.filter(|words| !words.is_empty());
    let mut teller = Teller::new(&app, owner.visitor.language(&app));
    let found = match words {
        Some(words) => found(&app.db, &mut teller, words, asked.before).await?,
        None => page(&app.db, &mut teller, asked.before).await?,
    };
    let page = json!({
        "entries": found.lines,
        "search": words,
        "older": found.older.map(|id| link(words, id)),
        "is_first": asked.before.is_none(),
    });
    room(&app, &owner, "admin/audit.html", page).await
}

/// A page of the log.
struct Found {
    lines: Vec<Line>,
    /// Where the next one begins, if there is one.
    older: Option<Uuid>,
}

async fn page(
    db: &impl ConnectionTrait,
    teller: &mut Teller<'_>,
    before: Option<Uuid>,
) -> Result<Found, DbErr> {
    let mut entries = entries(db, before, PAGE + 1).await?;
    let has_older = entries.len() > PAGE;
    entries.truncate(PAGE);
    let last = entries.last().map(|entry| entry.id);
    Ok(Found {
        lines: teller.tell(&entries).await?,
        older: last.filter(|_| has_older),
    })
}

/// Words are looked for in what is shown. That stands in no column: names and titles are those of today, and the
/// rest is in the reader's language. So entries are told, and those that say the words are kept.
async fn found(
    db: &impl ConnectionTrait,
    teller: &mut Teller<'_>,
    words: &str,
    mut before: Option<Uuid>,
) -> Result<Found, DbErr> {
    let words = folded(words);
    let mut lines = Vec::new();
    for _ in 0..MOST / STRIDE {
        let entries = entries(db, before, STRIDE).await?;
        let is_last = entries.len() < STRIDE;
        let told = teller.tell(&entries).await?;
        for (entry, line) in entries.iter().zip(told) {
            if !line.says(&words) {
                continue;
            }
            if lines.len() == PAGE {
                return Ok(Found {
                    lines,
                    older: before,
                });
            }
            before = Some(entry.id);
            lines.push(line);
        }
        if is_last {
            return Ok(Found { lines, older: None });
        }
        before = entries.last().map(|entry| entry.id);
    }
    Ok(Found {
        lines,
        older: before,
    })
}

/// So many, the last first. Ids rise with time.
async fn entries(
    db: &impl ConnectionTrait,
    before: Option<Uuid>,
    many: usize,
) -> Result<Vec<Model>, DbErr> {
    let mut entries = Entity::find();
    if let Some(before) = before {
        entries = entries.filter(Column::Id.lt(before));
    }
    entries
        .order_by_desc(Column::Id)
        .limit(many as u64)
        .all(db)
        .await
}

fn link(words: Option<&str>, before: Uuid) -> String {
    let before = before.to_string();
    let mut query = vec![("before", before.as_str())];
    query.extend(words.map(|words| ("q", words)));
    let query = serde_urlencoded::to_string(query).unwrap_or_default();
    format!("/admin/audit?{query}")
}
