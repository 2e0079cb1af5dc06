//! From one notice to a mail for each reader: in batches, each with its cursor in one transaction, so
//! that a crash in between costs nothing and repeats nothing.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait,
    QueryFilter, QueryOrder as _, QuerySelect as _, sea_query::OnConflict,
};
use uuid::Uuid;

use super::{
    audience::{candidates, twins},
    held::{advance, finish, lease, rendered_again},
    hours,
    wishes::Known,
};
use crate::{
    app::App,
    authors, db,
    entities::{Frequency, account, digest_item, notice, outbox},
    mail::TO_MANY,
};

/// How many readers one transaction reaches. 23 values a row stay below SQLite's 32,766 and
/// PostgreSQL's 65,535.
const BATCH: usize = 1000;

/// Takes one batch of one notice further; with the last readers it is done. Returns how many it reached,
/// at least 1 if anything was done.
///
/// # Errors
/// If the database fails; the next round goes on from the cursor.
pub async fn fan_out(app: &App) -> anyhow::Result<usize> {
    let Some((notice, article)) = lease(app).await? else {
        return Ok(0);
    };
    let now = app.clock.now();
    let writers = authors::writers(&app.db, &article).await?;
    let rendered = rendered_again(app, &notice, &article, &writers)?;
    let ids: Vec<Uuid> = writers.iter().map(|author| author.id).collect();
    let tx = db::begin(&app.db).await?;
    let readers = candidates(app, &tx, &ids, notice.cursor, BATCH).await?;
    if let Some(last) = readers.last() {
        if !advance(&tx, &notice, *last, readers.len(), rendered).await? {
            tx.rollback().await?;
            return Ok(1);
        }
        tell(app, &tx, &notice, &ids, &readers).await?;
    }
    if readers.len() < BATCH {
        finish(&tx, &notice, now).await?;
    }
    tx.commit().await?;
    app.work.notify_one();
    Ok(readers.len().max(1))
}

/// Writes for each of `readers` how she hears: a letter now, or a place in her next one.
async fn tell(
    app: &App,
    tx: &DatabaseTransaction,
    notice: &notice::Model,
    authors: &[Uuid],
    readers: &[Uuid],
) -> Result<(), DbErr> {
    let now = app.clock.now();
    let accounts = account::Entity::find()
        .filter(account::Column::Id.is_in(readers.iter().copied()))
        .filter(account::Column::DeletedAt.is_null())
        .order_by_asc(account::Column::Id)
        .all(tx)
        .await?;
    let time = (now, app.config.membership.grace_days);
    let known = Known::load(tx, authors, readers, time).await?;
    let twins = twins(app, tx, authors, &accounts).await?;
    let told = in_digests(tx, notice.article_id, readers).await?;
    let (mut letters, mut later) = (Vec::new(), Vec::new());
    for reader in &accounts {
        if reader.address().is_none() || twins.contains(&reader.id) || told.contains(&reader.id) {
            continue;
        }
        match known.wish(reader.id, authors).frequency {
            Frequency::AtOnce => letters.push(letter(notice, reader, now)),
            Frequency::None => {}
            often => later.push((reader.id, often)),
        }
    }
    if !letters.is_empty() {
        write(tx, letters).await?;
    }
    if !later.is_empty() {
        collect(app, tx, notice.article_id, later).await?;
    }
    Ok(())
}

/// Who has heard of the article, or will, by a letter of the day or the week.
async fn in_digests(
    db: &impl ConnectionTrait,
    article: Uuid,
    readers: &[Uuid],
) -> Result<HashSet<Uuid>, DbErr> {
    let rows: Vec<Uuid> = digest_item::Entity::find()
        .select_only()
        .column(digest_item::Column::AccountId)
        .filter(digest_item::Column::ArticleId.eq(article))
        .filter(digest_item::Column::AccountId.is_in(readers.iter().copied()))
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().collect())
}

/// Puts an article into the next letters of those who have not heard of it by a letter of its own.
async fn collect(
    app: &App,
    tx: &DatabaseTransaction,
    article: Uuid,
    readers: Vec<(Uuid, Frequency)>,
) -> Result<(), DbErr> {
    let keys = readers.iter().map(|(reader, _)| key(article, *reader));
    let told: Vec<String> = outbox::Entity::find()
        .select_only()
        .column(outbox::Column::Key)
        .filter(outbox::Column::Key.is_in(keys))
        .into_tuple()
        .all(tx)
        .await?;
    let told: HashSet<String> = told.into_iter().collect();
    let now = app.clock.now();
    let due = |often| (often, hours::next(app, often, now));
    let (daily, weekly) = (due(Frequency::Daily), due(Frequency::Weekly));
    let rows: Vec<_> = readers
        .into_iter()
        .filter(|(reader, _)| !told.contains(&key(article, *reader)))
        .map(|(reader, often)| {
            let (frequency, due_at) = if often == Frequency::Weekly {
                weekly
            } else {
                daily
            };
            digest_item::ActiveModel {
                article_id: Set(article),
                account_id: Set(reader),
                frequency: Set(frequency),
                due_at: Set(due_at),
                digest_id: Set(None),
            }
        })
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    let once = OnConflict::columns([
        digest_item::Column::ArticleId,
        digest_item::Column::AccountId,
    ])
    .do_nothing()
    .to_owned();
    digest_item::Entity::insert_many(rows)
        .on_conflict(once)
        .exec_without_returning(tx)
        .await
        .map(drop)
}

/// Writes letters, each once.
pub(super) async fn write(
    tx: &DatabaseTransaction,
    letters: Vec<outbox::ActiveModel>,
) -> Result<(), DbErr> {
    let once = OnConflict::column(outbox::Column::Key)
        .do_nothing()
        .to_owned();
    let written = outbox::Entity::insert_many(letters)
        .on_conflict(once)
        .exec_without_returning(tx)
        .await;
    match written {
        Ok(_) | Err(DbErr::RecordNotInserted) => Ok(()),
        Err(error) => Err(error),
    }
}

/// One mail an article and reader; short, because there is one a reader.
pub(super) fn key(article: Uuid, reader: Uuid) -> String {
    format!("n:{}:{}", short(article), short(reader))
}

/// An id in 22 characters instead of 36.
fn short(id: Uuid) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(id.as_bytes())
}

/// A row without text of its own: what it says stands in the notice, and to whom is decided when it goes.
pub(super) fn letter(
    notice: &notice::Model,
    reader: &account::Model,
    now: DateTime<Utc>,
) -> outbox::ActiveModel {
    let key = key(notice.article_id, reader.id);
    outbox::ActiveModel {
        notice_id: Set(Some(notice.id)),
        ..to_one_of_many((key, "notice"), reader, now)
    }
}

/// A row of mail to many.
pub(super) fn to_one_of_many(
    (key, kind): (String, &str),
    reader: &account::Model,
    now: DateTime<Utc>,
) -> outbox::ActiveModel {
    outbox::ActiveModel {
        id: Set(Uuid::now_v7()),
        key: Set(key),
        kind: Set(kind.to_owned()),
        account_id: Set(Some(reader.id)),
        notice_id: Set(None),
        variant: Set(None),
        to_address: Set(reader.address().unwrap_or_default().to_owned()),
        to_name: Set(reader.name.clone()),
        language: Set(reader.language.clone()),
        subject: Set(String::new()),
        body_text: Set(String::new()),
        body_html: Set(String::new()),
        thread: Set(None),
        state: Set(outbox::State::Waiting),
        priority: Set(TO_MANY),
        attempts: Set(0),
        run_at: Set(now),
        locked_until: Set(None),
        worker: Set(None),
        error: Set(None),
        created_at: Set(now),
        sent_at: Set(None),
    }
}
