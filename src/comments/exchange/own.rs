//! Our own document: everything about every comment, so that what goes out comes in again as it was.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, EntityTrait, QueryOrder as _, QuerySelect as _};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::house::House;
use crate::{
    app::App,
    entities::{account, article, comment, heart},
};

pub(super) const FORMAT: &str = "plaudit-comments";
pub(super) const VERSION: u32 = 1;

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Document {
    pub format: String,
    pub version: u32,
    /// Everybody the comments name by an address, in its order. Files from before have none.
    #[serde(default)]
    pub people: Vec<Person>,
    pub comments: Vec<Kept>,
    /// Files from before have none.
    #[serde(default)]
    pub house: House,
}

/// Somebody the comments name.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Person {
    pub email: String,
    pub name: String,
    pub language: String,
}

/// A comment as it is kept. People are named by their address.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Kept {
    pub id: Uuid,
    /// The article's slug.
    pub article: String,
    pub parent: Option<Uuid>,
    pub thread: Option<Uuid>,
    pub name: Option<String>,
    pub email: Option<String>,
    pub body: String,
    pub html: String,
    pub created_at: DateTime<Utc>,
    pub edited_at: Option<DateTime<Utc>>,
    pub deleted_at: Option<DateTime<Utc>>,
    /// Not by its writer.
    pub removed: bool,
    pub hidden_at: Option<DateTime<Utc>>,
    pub hidden_by: Option<String>,
    pub hidden_above: bool,
    pub held_at: Option<DateTime<Utc>>,
    pub held_for: Option<String>,
    pub approved_at: Option<DateTime<Utc>>,
    pub picked_at: Option<DateTime<Utc>>,
    pub pinned_at: Option<DateTime<Utc>>,
    pub hearts: i32,
    pub hearts_by: Vec<String>,
    pub origin: Option<String>,
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
        let email = |id: &Uuid| people.get(id).and_then(address);
        let writer = people
            .get(&row.account_id)
            .filter(|one| one.deleted_at.is_none());
        let is_gone = row.deleted_at.is_some();
        let words = |words: String| if is_gone { String::new() } else { words };
        Kept {
            article: slugs.get(&row.article_id).cloned().unwrap_or_default(),
            name: writer.map(|one| one.name.clone()).or(row.guest_name),
            email: writer.and_then(address),
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
    let comments: Vec<Kept> = kept.collect();
    let present = |id: &Uuid| people.get(id).filter(|one| one.deleted_at.is_none());
    let house = House::of(db, |id| present(id).and_then(address)).await?;
    let document = Document {
        format: FORMAT.to_owned(),
        version: VERSION,
        people: named(&comments, &house, people.into_values()),
        comments,
        house,
    };
    Ok(serde_json::to_string_pretty(&document)?)
}

/// How the document names somebody.
fn address(account: &account::Model) -> Option<String> {
    account.address().map(str::to_owned)
}

/// Those among all accounts whom the document names, in the order of their addresses.
fn named(
    comments: &[Kept],
    house: &House,
    all: impl Iterator<Item = account::Model>,
) -> Vec<Person> {
    let named: HashSet<&String> = comments
        .iter()
        .flat_map(|kept| {
            let people = kept.email.iter().chain(&kept.hidden_by);
            people.chain(&kept.hearts_by)
        })
        .chain(house.people())
        .collect();
    // Who has proven the address stands over who has not.
    let mut people = BTreeMap::new();
    for one in all.filter(|one| one.deleted_at.is_none()) {
        let Some(email) = address(&one).filter(|email| named.contains(email)) else {
            continue;
        };
        if one.email.is_some() || !people.contains_key(&email) {
            let (name, language) = (one.name, one.language);
            let person = Person {
                email: email.clone(),
                name,
                language,
            };
            people.insert(email, person);
        }
    }
    people.into_values().collect()
}

/// By comment, the addresses of those who gave a heart, in order.
async fn hearts(
    db: &impl ConnectionTrait,
    people: &HashMap<Uuid, account::Model>,
) -> Result<HashMap<Uuid, Vec<String>>, DbErr> {
    let mut by_comment: HashMap<Uuid, Vec<String>> = HashMap::new();
    for heart in heart::Entity::find().all(db).await? {
        let giver = people.get(&heart.account_id);
        if let Some(email) = giver.and_then(address) {
            by_comment.entry(heart.comment_id).or_default().push(email);
        }
    }
    for givers in by_comment.values_mut() {
        givers.sort();
        givers.dedup();
    }
    Ok(by_comment)
}
