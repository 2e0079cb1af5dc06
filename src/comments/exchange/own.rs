//! Our own document: everything about every comment, so that what goes out comes in again as it was.

use std::collections::{HashMap, HashSet};

use anyhow::{Context as _, ensure};
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait as _, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel as _,
    QueryOrder as _, QuerySelect as _,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    Imported,
    arriving::{articles, blank, make_guests, readers, write},
};
use crate::{
    app::App,
    db,
    entities::{account, article, comment, heart, site},
    render::marked,
};

const FORMAT: &str = "plaudit-comments";
const VERSION: u32 = 1;
/// Rows an INSERT.
const CHUNK: usize = 500;

#[derive(Debug, Serialize, Deserialize)]
struct Document {
    format: String,
    version: u32,
    comments: Vec<Kept>,
}

/// A comment as it is kept. People are named by the address they have proven.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Kept {
    id: Uuid,
    /// The article's slug.
    article: String,
    parent: Option<Uuid>,
    thread: Option<Uuid>,
    name: Option<String>,
    email: Option<String>,
    body: String,
    html: String,
    created_at: DateTime<Utc>,
    edited_at: Option<DateTime<Utc>>,
    deleted_at: Option<DateTime<Utc>>,
    /// Not by its writer.
    removed: bool,
    hidden_at: Option<DateTime<Utc>>,
    hidden_by: Option<String>,
    hidden_above: bool,
    held_at: Option<DateTime<Utc>>,
    held_for: Option<String>,
    approved_at: Option<DateTime<Utc>>,
    picked_at: Option<DateTime<Utc>>,
    pinned_at: Option<DateTime<Utc>>,
    hearts: i32,
    hearts_by: Vec<String>,
    origin: Option<String>,
}

/// All comments as JSON. It holds e-mail addresses: keep it as you keep a backup.
///
/// # Errors
/// If the database fails.
pub async fn export(app: &App) -> anyhow::Result<String> {
    let db = &app.db;
    let people = account::Entity::find().all(db).await?;
    let people: HashMap<Uuid, account::Model> =
        people.into_iter().map(|row| (row.id, row)).collect();
    let slugs: HashMap<Uuid, String> = article::Entity::find()
        .select_only()
        .columns([article::Column::Id, article::Column::Slug])
        .into_tuple::<(Uuid, String)>()
        .all(db)
        .await?
        .into_iter()
        .collect();
    let mut hearts = hearts(db, &people).await?;
    let rows = comment::Entity::find()
        .order_by_asc(comment::Column::CreatedAt)
        .order_by_asc(comment::Column::Id)
        .all(db)
        .await?;
    let kept = rows.into_iter().map(|row| {
        let email = |id: &Uuid| people.get(id).and_then(|one| one.email.clone());
        let writer = people
            .get(&row.account_id)
            .filter(|one| one.deleted_at.is_none());
        let is_gone = row.deleted_at.is_some();
        let words = |words: String| if is_gone { String::new() } else { words };
        Kept {
            article: slugs.get(&row.article_id).cloned().unwrap_or_default(),
            name: writer.map(|one| one.name.clone()).or(row.guest_name),
            email: writer.and_then(|one| one.email.clone()),
            hidden_by: row.hidden_by.as_ref().and_then(email),
            removed: row.deleted_by.is_some(),
            hearts_by: hearts.remove(&row.id).unwrap_or_default(),
            id: row.id,
            parent: row.parent_id,
            thread: row.thread_id,
            // What she has deleted goes out without its words, even while she could take that back.
            body: words(row.body_markdown),
            html: words(row.body_html),
            created_at: row.created_at,
            edited_at: row.edited_at,
            deleted_at: row.deleted_at,
            hidden_at: row.hidden_at,
            hidden_above: row.hidden_above,
            held_at: row.held_at,
            held_for: row.held_for,
            approved_at: row.approved_at,
            picked_at: row.picked_at.filter(|_| !is_gone),
            pinned_at: row.pinned_at.filter(|_| !is_gone),
            hearts: row.hearts,
            origin: row.origin,
        }
    });
    let document = Document {
        format: FORMAT.to_owned(),
        version: VERSION,
        comments: kept.collect(),
    };
    Ok(serde_json::to_string_pretty(&document)?)
}

/// By comment, the addresses of those who gave a heart, in order.
async fn hearts(
    db: &impl ConnectionTrait,
    people: &HashMap<Uuid, account::Model>,
) -> Result<HashMap<Uuid, Vec<String>>, DbErr> {
    let mut by_comment: HashMap<Uuid, Vec<String>> = HashMap::new();
    for heart in heart::Entity::find().all(db).await? {
        let giver = people.get(&heart.account_id);
        if let Some(email) = giver.and_then(|giver| giver.email.clone()) {
            by_comment.entry(heart.comment_id).or_default().push(email);
        }
    }
    by_comment.values_mut().for_each(|givers| givers.sort());
    Ok(by_comment)
}

/// Brings such a document in, in one transaction.
pub(super) async fn restore(app: &App, text: &str) -> anyhow::Result<Imported> {
    let document: Document =
        serde_json::from_str(text).context("this is no export of comments of ours")?;
    ensure!(
        document.format == FORMAT && document.version == VERSION,
        "this is {} {}, not {FORMAT} {VERSION}",
        document.format,
        document.version
    );
    let tx = db::begin(&app.db).await?;
    let articles = articles(&tx).await?;
    let readers = readers(&tx, addresses(&document.comments)).await?;
    let here: Vec<Uuid> = comment::Entity::find()
        .select_only()
        .column(comment::Column::Id)
        .into_tuple()
        .all(&tx)
        .await?;
    let here: HashSet<Uuid> = here.into_iter().collect();
    let mut result = Imported::default();
    let (mut rows, mut hearts) = (Vec::new(), Vec::new());
    for kept in document.comments {
        if here.contains(&kept.id) {
            result.known += 1;
            continue;
        }
        let Some(article) = articles.get(&kept.article) else {
            let url = app.config.link(&format!("/articles/{}", kept.article));
            *result.unknown_articles.entry(url).or_default() += 1;
            continue;
        };
        hearts.extend(kept.hearts_by.iter().filter_map(|email| {
            Some(heart::Model {
                comment_id: kept.id,
                account_id: *readers.get(email)?,
                created_at: kept.created_at,
            })
        }));
        result.added += 1;
        match kept.email.as_ref().and_then(|email| readers.get(email)) {
            Some(_) => result.by_readers += 1,
            None => result.by_guests += 1,
        }
        rows.push(row(kept, *article, &readers));
    }
    let whole: HashSet<Uuid> = rows.iter().map(|row| row.id).chain(here).collect();
    for row in &mut rows {
        // What it answered may be on an article that is not here.
        row.parent_id = row.parent_id.filter(|parent| whole.contains(parent));
        row.thread_id = row.thread_id.filter(|thread| whole.contains(thread));
    }
    if !rows.is_empty() {
        let language = &app.config.publication.language;
        make_guests(&tx, app.clock.now(), language).await?;
        write(&tx, rows).await?;
        for chunk in hearts.chunks(CHUNK) {
            let chunk = chunk.iter().cloned();
            let chunk = chunk.map(|row| row.into_active_model().reset_all());
            heart::Entity::insert_many(chunk)
                .exec_without_returning(&tx)
                .await?;
        }
        site::Entity::touch(&tx).await?;
    }
    tx.commit().await?;
    Ok(result)
}

/// Every address the document names.
fn addresses(comments: &[Kept]) -> HashSet<String> {
    let all = comments.iter().flat_map(|kept| {
        let people = kept.email.iter().chain(&kept.hidden_by);
        people.chain(&kept.hearts_by)
    });
    all.cloned().collect()
}

fn row(kept: Kept, article: Uuid, readers: &HashMap<String, Uuid>) -> comment::Model {
    let reader = |email: &Option<String>| email.as_ref().and_then(|one| readers.get(one)).copied();
    let mut row = blank(kept.id, article, kept.created_at);
    match reader(&kept.email) {
        Some(account) => row.account_id = account,
        None => row.guest_name = kept.name,
    }
    row.hidden_by = reader(&kept.hidden_by);
    row.deleted_by = kept.removed.then_some(Uuid::nil());
    row.parent_id = kept.parent;
    row.thread_id = kept.thread;
    row.body_markdown = kept.body;
    // Whoever wrote the file: it is sanitised as if it came from anywhere.
    row.body_html = marked::sanitise(&kept.html);
    row.edited_at = kept.edited_at;
    row.deleted_at = kept.deleted_at;
    row.hidden_at = kept.hidden_at;
    row.hidden_above = kept.hidden_above;
    row.held_at = kept.held_at;
    row.held_for = kept.held_for;
    row.approved_at = kept.approved_at;
    row.picked_at = kept.picked_at;
    row.pinned_at = kept.pinned_at;
    row.hearts = kept.hearts;
    row.origin = kept.origin;
    row
}
