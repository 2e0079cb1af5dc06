//! Our own document comes in again: comments as they were, and the people it names.

use std::collections::{HashMap, HashSet};

use anyhow::{Context as _, ensure};
use sea_orm::{
    ActiveModelTrait as _, DatabaseTransaction, DbErr, EntityTrait, IntoActiveModel as _,
    QuerySelect as _,
};
use uuid::Uuid;

use super::{
    Imported, Lost,
    arriving::{CHUNK, articles, blank, make_guests, write},
    house::House,
    html::shallow,
    own::{Document, FORMAT, Kept, Person, VERSION},
};
use crate::{
    accounts::{Address, Brought, bring, by_address},
    app::App,
    db,
    entities::{account, comment, heart, site},
    render::marked,
};

/// By address, whose account it is.
type People = HashMap<String, account::Model>;

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
    let mut here = Here::of(&tx).await?;
    let mut result = Imported::default();
    let mut arriving = Vec::new();
    for kept in document.comments {
        if here.has(&kept) {
            result.known += 1;
        } else if let Some(article) = articles.get(&kept.article) {
            here.note(&kept);
            arriving.push((kept, *article));
        } else {
            let url = app.config.link(&format!("/articles/{}", kept.article));
            *result.unknown_articles.entry(url).or_default() += 1;
        }
    }
    result.lose(Lost::Rings, opened(&mut arriving));
    let house = document.house;
    let is_here = !arriving.is_empty() || result.known > 0;
    if is_here {
        let people = people(app, &tx, document.people, (&arriving, &house), &mut result).await?;
        let language = &app.config.publication.language;
        make_guests(&tx, app.clock.now(), language).await?;
        let hearts = hearts(&arriving, &people);
        let arriving = arriving.into_iter();
        let rows = arriving.map(|(kept, article)| row(kept, article, &people, &here, &mut result));
        write(&tx, rows.collect()).await?;
        give(&tx, hearts).await?;
        house.restore(&tx, &people, &here.ids, &mut result).await?;
        site::Entity::touch(&tx).await?;
    }
    tx.commit().await?;
    Ok(result)
}

/// Opens each ring of comments that answer one another: the oldest of it answers nothing, and the others stand below
/// it. Returns how many rings there were.
fn opened(arriving: &mut [(Kept, Uuid)]) -> usize {
    let mut parents: HashMap<Uuid, Uuid> = arriving
        .iter()
        .filter_map(|(kept, _)| Some((kept.id, kept.parent?)))
        .collect();
    let age: HashMap<Uuid, _> = arriving
        .iter()
        .map(|(kept, _)| (kept.id, (kept.created_at, kept.id)))
        .collect();
    let mut heads = Vec::new();
    let mut is_done: HashSet<Uuid> = HashSet::new();
    for (kept, _) in arriving.iter() {
        let mut way = Vec::new();
        let mut on_way = HashSet::new();
        let mut at = kept.id;
        let ring = loop {
            if is_done.contains(&at) {
                break None;
            }
            if !on_way.insert(at) {
                break way.iter().position(|one| *one == at);
            }
            way.push(at);
            match parents.get(&at) {
                Some(parent) => at = *parent,
                None => break None,
            }
        };
        if let Some(begin) = ring
            && let Some(oldest) = way[begin..].iter().min_by_key(|id| age.get(*id))
        {
            parents.remove(oldest);
            heads.push(*oldest);
        }
        is_done.extend(way);
    }
    let head_of = |mut id: Uuid| {
        while let Some(parent) = parents.get(&id) {
            id = *parent;
        }
        id
    };
    for (kept, _) in arriving.iter_mut() {
        let head = head_of(kept.id);
        if heads.contains(&head) {
            kept.parent = parents.get(&kept.id).copied();
            kept.thread = (head != kept.id).then_some(head);
        }
    }
    heads.len()
}

/// The comments that are here, or about to be.
struct Here {
    ids: HashSet<Uuid>,
    origins: HashSet<String>,
}

impl Here {
    async fn of(tx: &DatabaseTransaction) -> Result<Self, DbErr> {
        let rows: Vec<(Uuid, Option<String>)> = comment::Entity::find()
            .select_only()
            .columns([comment::Column::Id, comment::Column::Origin])
            .into_tuple()
            .all(tx)
            .await?;
        Ok(Self {
            ids: rows.iter().map(|(id, _)| *id).collect(),
            origins: rows.into_iter().filter_map(|(_, origin)| origin).collect(),
        })
    }

    fn has(&self, kept: &Kept) -> bool {
        let origin = kept.origin.as_ref();
        self.ids.contains(&kept.id) || origin.is_some_and(|origin| self.origins.contains(origin))
    }

    fn note(&mut self, kept: &Kept) {
        self.ids.insert(kept.id);
        self.origins.extend(kept.origin.clone());
    }
}

/// Everybody these comments name: who has an account here, and an unclaimed one for who has none.
async fn people(
    app: &App,
    tx: &DatabaseTransaction,
    told: Vec<Person>,
    (arriving, house): (&[(Kept, Uuid)], &House),
    result: &mut Imported,
) -> anyhow::Result<People> {
    let named = |(kept, _): &(Kept, Uuid)| {
        let people = kept.email.iter().chain(&kept.hidden_by);
        people.chain(&kept.hearts_by).cloned().collect::<Vec<_>>()
    };
    let addresses = arriving.iter().flat_map(named);
    let addresses: HashSet<String> = addresses.chain(house.people().cloned()).collect();
    let mut people = by_address(tx, &addresses).await?;
    let told: HashMap<String, Person> = told
        .into_iter()
        .map(|one| (one.email.clone(), one))
        .collect();
    let wrote: HashMap<&String, &String> = arriving
        .iter()
        .filter_map(|(kept, _)| Some((kept.email.as_ref()?, kept.name.as_ref()?)))
        .collect();
    let (mut missing, mut lost) = (Vec::new(), 0);
    for address in addresses.iter().filter(|one| !people.contains_key(*one)) {
        match Address::parse(address) {
            Ok(parsed) if parsed.as_str() == address => {
                let one = told.get(address);
                let name = one.map(|one| &one.name).or(wrote.get(address).copied());
                missing.push(Brought {
                    address: parsed,
                    name: name.cloned().unwrap_or_default(),
                    language: one.map(|one| one.language.clone()).unwrap_or_default(),
                });
            }
            _ => lost += 1,
        }
    }
    result.lose(Lost::Addresses, lost);
    result.accounts_made = missing.len();
    let (now, language) = (app.clock.now(), &app.config.publication.language);
    people.extend(bring(tx, now, language, missing).await?);
    Ok(people)
}

/// Who has given which of them a heart, each once.
fn hearts(arriving: &[(Kept, Uuid)], people: &People) -> Vec<heart::Model> {
    let mut given = HashSet::new();
    let mut hearts = Vec::new();
    for (kept, _) in arriving {
        let givers = kept.hearts_by.iter().filter_map(|email| people.get(email));
        for giver in givers {
            if given.insert((kept.id, giver.id)) {
                hearts.push(heart::Model {
                    comment_id: kept.id,
                    account_id: giver.id,
                    created_at: kept.created_at,
                });
            }
        }
    }
    hearts
}

async fn give(tx: &DatabaseTransaction, hearts: Vec<heart::Model>) -> Result<(), DbErr> {
    for chunk in hearts.chunks(CHUNK) {
        let chunk = chunk.iter().cloned();
        let chunk = chunk.map(|row| row.into_active_model().reset_all());
        heart::Entity::insert_many(chunk)
            .exec_without_returning(tx)
            .await?;
    }
    Ok(())
}

fn row(
    kept: Kept,
    article: Uuid,
    people: &People,
    here: &Here,
    result: &mut Imported,
) -> comment::Model {
    let whose = |email: &Option<String>| email.as_ref().and_then(|one| people.get(one));
    let mut row = blank(kept.id, article, kept.created_at);
    result.added += 1;
    match whose(&kept.email) {
        Some(account) => {
            result.by_readers += 1;
            let is_renamed = kept.name.as_ref().is_some_and(|name| *name != account.name);
            result.lose(Lost::Names, usize::from(is_renamed));
            row.account_id = account.id;
        }
        None => {
            result.by_guests += 1;
            row.guest_name = kept.name;
        }
    }
    // What it answered may be on an article that is not here.
    let answers = |id: &Uuid| here.ids.contains(id);
    let is_alone = kept.parent.is_some_and(|parent| !answers(&parent));
    result.lose(Lost::Answers, usize::from(is_alone));
    row.parent_id = kept.parent.filter(answers);
    row.thread_id = kept.thread.filter(answers);
    row.hidden_by = whose(&kept.hidden_by).map(|account| account.id);
    row.deleted_by = kept.removed.then_some(Uuid::nil());
    row.body_markdown = kept.body;
    // Whoever wrote the file: it is sanitised as if it came from anywhere.
    row.body_html = marked::sanitise(&shallow(&kept.html));
    row.edited_at = kept.edited_at;
    row.deleted_at = kept.deleted_at;
    row.hidden_at = kept.hidden_at;
    row.hidden_above = kept.hidden_above;
    row.held_at = kept.held_at;
    row.held_for = kept.held_for;
    row.approved_at = kept.approved_at;
    row.picked_at = kept.picked_at;
    row.pinned_at = kept.pinned_at;
    row.hearts = kept.hearts.max(0);
    result.hearts += usize::try_from(row.hearts).unwrap_or_default();
    row.origin = kept.origin;
    row
}
