//! `/admin/audit`: who did what, the last first, to be searched.

use std::collections::HashMap;

use axum::{
    extract::{Query, State},
    response::Response,
};
use sea_orm::{
    ColumnTrait, Condition, DbErr, EntityTrait, QueryFilter, QueryOrder as _, QuerySelect as _,
};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::page::{known_word, room};
use crate::{
    accounts::Owner,
    app::App,
    db::contains,
    entities::{
        account, article,
        audit_entry::{self, Column},
        author,
    },
    web::Result,
};

/// How many entries one page shows.
const PAGE: u64 = 50;

/// What the page's address may say.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    /// Words of an entry: a name, an act, an id, an address.
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
    let words = asked
        .q
        .as_deref()
        .map(str::trim)
        .filter(|words| !words.is_empty());
    let mut entries = found(&app, words, asked.before).await?;
    let has_older = entries.len() as u64 > PAGE;
    entries.truncate(PAGE as usize);
    let last = entries.last().map(|entry| entry.id.to_string());
    let page = json!({
        "entries": lines(&app, &entries).await?,
        "search": words,
        "older": last.filter(|_| has_older).map(|id| link(words, &id)),
        "is_first": asked.before.is_none(),
    });
    room(&app, &owner, "admin/audit.html", page).await
}

/// One more than a page, so that it shows whether there are older ones. Ids rise with time.
async fn found(
    app: &App,
    words: Option<&str>,
    before: Option<Uuid>,
) -> Result<Vec<audit_entry::Model>, DbErr> {
    let mut entries = audit_entry::Entity::find();
    if let Some(words) = words {
        let people = account::Entity::find()
            .select_only()
            .column(account::Column::Id)
            .filter(contains(account::Column::Name, words))
            .into_tuple::<Uuid>()
            .all(&app.db)
            .await?;
        entries = entries.filter(
            Condition::any()
                .add(contains(Column::Subject, words))
                .add(contains(Column::Act, words))
                .add(contains(Column::Detail, words))
                .add(Column::AccountId.is_in(people)),
        );
    }
    if let Some(before) = before {
        entries = entries.filter(Column::Id.lt(before));
    }
    entries
        .order_by_desc(Column::Id)
        .limit(PAGE + 1)
        .all(&app.db)
        .await
}

async fn lines(app: &App, entries: &[audit_entry::Model]) -> Result<Vec<Value>, DbErr> {
    let subjects = entries
        .iter()
        .filter_map(|entry| entry.subject.parse::<Uuid>().ok());
    let people = entries
        .iter()
        .filter_map(|entry| entry.account_id)
        .chain(subjects);
    let details: Vec<Value> = entries
        .iter()
        .map(|entry| serde_json::from_str(&entry.detail).unwrap_or_default())
        .collect();
    let named = details.iter().flat_map(ids);
    let people = names(app, people.chain(named).collect()).await?;
    let line = |(entry, detail): (&audit_entry::Model, &Value)| {
        let subject = entry.subject.parse::<Uuid>().ok();
        let word = format!("admin-did-{}", entry.act.replace('_', "-"));
        json!({
            "at": entry.at,
            "who": entry.account_id.and_then(|id| people.get(&id)),
            "is_service": entry.account_id.is_none(),
            "words": known_word(app, word, "admin-did-other"),
            "act": entry.act,
            "subject": subject.and_then(|id| people.get(&id)).unwrap_or(&entry.subject),
            "href": place(&entry.subject),
            "detail": said(app, detail, &people),
        })
    };
    Ok(entries.iter().zip(&details).map(line).collect())
}

/// Where one sees what an entry is about.
fn place(subject: &str) -> Option<String> {
    match subject.split('_').next() {
        Some("evt") => Some(format!("/admin/events/{subject}")),
        Some("sub" | "in" | "ch" | "cs" | "re") => Some(format!("/admin/events?q={subject}")),
        _ => None,
    }
}

/// The details, a name and a value each, where the catalogues have one by the key of its word.
fn said(app: &App, detail: &Value, names: &HashMap<Uuid, String>) -> Vec<Value> {
    let fields = detail.as_object().into_iter().flatten();
    let known = |word: String| Some(word).filter(|word| app.templates.words().knows("en", word));
    fields
        .filter(|(_, value)| !value.is_null())
        .map(|(field, value)| {
            let text = text(value, names);
            let of = field.trim_end_matches("_before");
            json!({
                "word": known(format!("admin-detail-{}", field.replace('_', "-"))),
                "field": field,
                "value_word": known(format!("admin-detail-{of}-{text}")),
                "value": text,
            })
        })
        .collect()
}

fn text(value: &Value, names: &HashMap<Uuid, String>) -> String {
    match value {
        Value::String(text) => {
            let name = text.parse().ok().and_then(|id: Uuid| names.get(&id));
            name.unwrap_or(text).clone()
        }
        Value::Array(each) => {
            let each: Vec<String> = each.iter().map(|one| text(one, names)).collect();
            each.join(", ")
        }
        other => other.to_string(),
    }
}

/// What a detail names by an id.
fn ids(detail: &Value) -> Vec<Uuid> {
    let fields = detail.as_object().into_iter().flatten();
    fields
        .filter_map(|(_, value)| value.as_str()?.parse().ok())
        .collect()
}

/// The names of people and authors and the titles of articles among these ids.
async fn names(app: &App, ids: Vec<Uuid>) -> Result<HashMap<Uuid, String>, DbErr> {
    let some = || ids.iter().copied();
    let people = account::Entity::find().filter(account::Column::Id.is_in(some()));
    let people = people.all(&app.db).await?;
    let authors = author::Entity::find().filter(author::Column::Id.is_in(some()));
    let authors = authors.all(&app.db).await?;
    let articles: Vec<(Uuid, String)> = article::Entity::find()
        .select_only()
        .columns([article::Column::Id, article::Column::Title])
        .filter(article::Column::Id.is_in(some()))
        .into_tuple()
        .all(&app.db)
        .await?;
    let people = people.into_iter().map(|person| (person.id, person.name));
    let authors = authors.into_iter().map(|author| (author.id, author.name));
    Ok(people.chain(authors).chain(articles).collect())
}

fn link(words: Option<&str>, before: &str) -> String {
    let mut query = vec![("before", before)];
    query.extend(words.map(|words| ("q", words)));
    let query = serde_urlencoded::to_string(query).unwrap_or_default();
    format!("/admin/audit?{query}")
}
