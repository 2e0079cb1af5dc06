//! What other programs' comments have in common, and how they become ours.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect as _};
use uuid::Uuid;

use super::{
    Imported, Lost, Reason,
    arriving::{articles, blank, make_guests, readers, slug_of, write},
    html,
};
use crate::{
    app::App,
    comments::body::{LONGEST, is_blank, is_seen, turns_direction},
    db,
    entities::{comment, site},
    render::marked,
};

/// The longest name a guest goes by, in characters.
const LONGEST_NAME: usize = 100;

/// What a file says.
#[derive(Debug, Default)]
pub(super) struct Read {
    pub comments: Vec<Foreign>,
    /// What was left out while reading.
    pub left_out: Vec<Reason>,
}

impl Read {
    /// Takes what a comment was read as.
    pub fn take(&mut self, one: Result<Foreign, Reason>) {
        match one {
            Ok(one) => self.comments.push(one),
            Err(why) => self.left_out.push(why),
        }
    }
}

/// A comment of another program.
#[derive(Clone, Debug)]
pub(super) struct Foreign {
    /// What it is called there, once and for all: `disqus:123`.
    pub origin: String,
    /// What it answers, called so too.
    pub parent: Option<String>,
    /// The address of its article, and a slug beside it where there is one.
    pub url: String,
    pub slug: Option<String>,
    pub name: String,
    pub email: Option<String>,
    pub words: Words,
    pub created_at: DateTime<Utc>,
    pub edited_at: Option<DateTime<Utc>>,
    pub state: State,
    /// How many liked it; nobody here knows who.
    pub hearts: i32,
    /// How many did not.
    pub votes_against: usize,
    pub is_pinned: bool,
}

/// The text of a comment.
#[derive(Clone, Debug)]
pub(super) enum Words {
    Html(String),
    Markdown(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Shown,
    Held,
    Deleted,
}

/// Brings comments in, in one transaction.
pub(super) async fn bring_in(app: &App, read: Read) -> anyhow::Result<Imported> {
    let now = app.clock.now();
    let tx = db::begin(&app.db).await?;
    let articles = articles(&tx).await?;
    let emails = read.comments.iter().filter_map(Foreign::email).collect();
    let readers = readers(&tx, emails).await?;
    let known: HashMap<String, (Uuid, Option<Uuid>)> = comment::Entity::find()
        .select_only()
        .columns([
            comment::Column::Origin,
            comment::Column::Id,
            comment::Column::ThreadId,
        ])
        .filter(comment::Column::Origin.is_not_null())
        .into_tuple::<(String, Uuid, Option<Uuid>)>()
        .all(&tx)
        .await?
        .into_iter()
        .map(|(origin, id, thread)| (origin, (id, thread)))
        .collect();
    let language = &app.config.publication.language;
    let mut desk = Desk {
        articles,
        readers,
        nameless: app.templates.words().plain(language, "comments-anonymous"),
        known,
        rows: Vec::new(),
        result: Imported::default(),
    };
    for why in read.left_out {
        desk.result.leave(why);
    }
    let (ordered, unanswered) = in_order(read.comments);
    for _ in 0..unanswered {
        desk.result.leave(Reason::Deleted);
    }
    for foreign in ordered {
        desk.take(foreign);
    }
    let Desk { rows, result, .. } = desk;
    if !rows.is_empty() {
        make_guests(&tx, now, language).await?;
        write(&tx, rows).await?;
        site::Entity::touch(&tx).await?;
    }
    tx.commit().await?;
    Ok(result)
}

/// Oldest first, and what is answered before its answers; each once. What was deleted stays only where it
/// was answered; of the rest it says how many.
fn in_order(comments: Vec<Foreign>) -> (Vec<Foreign>, usize) {
    let mut waiting: BTreeMap<(DateTime<Utc>, String), Foreign> = comments
        .into_iter()
        .map(|one| ((one.created_at, one.origin.clone()), one))
        .collect();
    let answered: HashSet<String> = waiting
        .values()
        .filter_map(|one| one.parent.clone())
        .collect();
    let whole = waiting.len();
    waiting.retain(|_, one| one.state != State::Deleted || answered.contains(&one.origin));
    let unanswered = whole - waiting.len();
    let all: HashSet<String> = waiting.values().map(|one| one.origin.clone()).collect();
    let mut placed: HashSet<String> = HashSet::new();
    let mut ordered = Vec::with_capacity(waiting.len());
    loop {
        let (ready, later): (BTreeMap<_, _>, BTreeMap<_, _>) =
            waiting.into_iter().partition(|(_, one)| {
                let parent = one.parent.as_ref().filter(|parent| all.contains(*parent));
                parent.is_none_or(|parent| placed.contains(parent))
            });
        // A ring of answers is none.
        let is_stuck = ready.is_empty();
        let (take, rest) = if is_stuck {
            (later, BTreeMap::new())
        } else {
            (ready, later)
        };
        placed.extend(take.values().map(|one| one.origin.clone()));
        ordered.extend(take.into_values());
        if rest.is_empty() {
            return (ordered, unanswered);
        }
        waiting = rest;
    }
}

/// Where comments become rows.
struct Desk {
    articles: HashMap<String, Uuid>,
    readers: HashMap<String, Uuid>,
    /// What guests without a name are called.
    nameless: String,
    /// By origin, what is here: its id, and the head of its thread.
    known: HashMap<String, (Uuid, Option<Uuid>)>,
    rows: Vec<comment::Model>,
    result: Imported,
}

impl Desk {
    fn take(&mut self, one: Foreign) {
        if self.known.contains_key(&one.origin) {
            self.result.known += 1;
            return;
        }
        let by_url = self.articles.get(&slug_of(&one.url));
        let by_slug = one.slug.as_ref().and_then(|slug| self.articles.get(slug));
        let Some(article) = by_url.or(by_slug).copied() else {
            *self.result.unknown_articles.entry(one.url).or_default() += 1;
            return;
        };
        let (markdown, html, is_less) = set(&one.words);
        let is_deleted = one.state == State::Deleted;
        if !is_deleted && !is_seen(&html) {
            self.result.leave(Reason::Empty);
            return;
        }
        let account = one
            .email()
            .and_then(|email| self.readers.get(&email))
            .copied();
        let parent = one
            .parent
            .as_ref()
            .and_then(|parent| self.known.get(parent));
        let parent = parent.copied();
        let mut row = blank(Uuid::now_v7(), article, one.created_at);
        row.parent_id = parent.map(|(id, _)| id);
        row.thread_id = parent.map(|(id, thread)| thread.unwrap_or(id));
        if let Some(account) = account {
            row.account_id = account;
        } else {
            row.guest_name = Some(self.name(&one.name));
        }
        match is_deleted {
            true => row.deleted_at = Some(one.edited_at.unwrap_or(one.created_at)),
            false => (row.body_markdown, row.body_html) = (markdown, html),
        }
        if one.state == State::Held {
            row.held_at = Some(one.created_at);
            row.held_for = Some("imported".to_owned());
        }
        row.edited_at = one.edited_at.filter(|_| !is_deleted);
        row.origin = Some(one.origin.clone());
        if !is_deleted {
            row.hearts = one.hearts;
            self.result.hearts += usize::try_from(one.hearts).unwrap_or_default();
            self.result.lose(Lost::VotesAgainst, one.votes_against);
            self.result.lose(Lost::Marks, usize::from(is_less));
            self.result.lose(Lost::Pins, usize::from(one.is_pinned));
        }
        let is_alone = one.parent.is_some() && parent.is_none();
        self.result.lose(Lost::Answers, usize::from(is_alone));
        self.result.added += 1;
        match account {
            Some(_) => self.result.by_readers += 1,
            None => self.result.by_guests += 1,
        }
        self.known.insert(one.origin, (row.id, row.thread_id));
        self.rows.push(row);
    }

    /// A name on one line, of a length that fits beside a date.
    fn name(&self, typed: &str) -> String {
        let words: Vec<&str> = typed.split_whitespace().collect();
        let name: String = clean(&words.join(" ")).chars().take(LONGEST_NAME).collect();
        match name.chars().all(is_blank) {
            true => self.nameless.clone(),
            false => name,
        }
    }
}

impl Foreign {
    fn email(&self) -> Option<String> {
        let email = self.email.as_deref()?.trim().to_lowercase();
        Some(email).filter(|email| email.contains('@'))
    }
}

/// The words as typed, or the nearest to it, their sanitised HTML, and whether marks were lost.
fn set(words: &Words) -> (String, String, bool) {
    let (typed, is_less) = match words {
        Words::Markdown(typed) => (clean(typed).chars().take(LONGEST).collect(), false),
        Words::Html(html) => html::markdown(&clean(html)),
    };
    let html = marked::render(&typed);
    (typed, html, is_less)
}

fn clean(text: &str) -> String {
    let kept = |c: &char| !turns_direction(*c) && (!c.is_control() || matches!(c, '\n' | '\t'));
    text.replace("\r\n", "\n").chars().filter(kept).collect()
}
