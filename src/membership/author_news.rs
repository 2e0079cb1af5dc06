//! What an author hears of those who support the work: at once, in the morning in one letter, or never.

use std::{collections::HashMap, slice};

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter, QueryOrder as _,
    QuerySelect as _,
    sea_query::{Expr, OnConflict},
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::visibility::secret_among;
use crate::{
    app::App,
    clock, db,
    entities::{
        account,
        author::{self, Hears},
        author_news::{self, Column},
        outbox,
    },
    mail::Letter,
};

/// The value that tells whose names stand in the others.
const NAMED: &str = "named";

/// Something an author may wish to hear.
pub(super) struct News<'a> {
    /// What it is about, once.
    pub key: String,
    /// The folder of its letter; `author_digest` knows how to say each in a line.
    pub kind: &'static str,
    pub author: &'a author::Model,
    /// Whom it names, and by which value of the letter. Whoever supports in secret is not named.
    pub named: &'a [(&'static str, Option<Uuid>)],
    /// Values of its letter, beside where the author's rooms are.
    pub said: Value,
}

/// Tells it as the author wishes, as part of the caller's act.
///
/// # Errors
/// If the database fails or the letter cannot be written.
pub(super) async fn tell(
    app: &App,
    tx: &DatabaseTransaction,
    news: News<'_>,
) -> anyhow::Result<()> {
    let now = app.clock.now();
    let mut said = news.said;
    said[NAMED] = news
        .named
        .iter()
        .map(|(value, of)| json!([value, of]))
        .collect();
    match news.author.hears {
        Hears::Never => Ok(()),
        Hears::AtOnce => {
            name_people(tx, news.author.id, slice::from_mut(&mut said)).await?;
            write(app, tx, news.author, news.key, news.kind, said).await
        }
        Hears::Daily => {
            let row = author_news::ActiveModel {
                id: Set(Uuid::now_v7()),
                key: Set(news.key),
                author_id: Set(news.author.id),
                kind: Set(news.kind.to_owned()),
                said: Set(said.to_string()),
                created_at: Set(now),
                told_at: Set(None),
            };
            author_news::Entity::insert(row)
                .on_conflict(OnConflict::column(Column::Key).do_nothing().to_owned())
                .exec_without_returning(tx)
                .await?;
            Ok(())
        }
    }
}

/// Whether there is news under this key, told or not.
///
/// # Errors
/// If the database fails.
pub(super) async fn is_known(tx: &DatabaseTransaction, key: &str) -> Result<bool, DbErr> {
    let at_once = outbox::Entity::find().filter(outbox::Column::Key.eq(key));
    if at_once.one(tx).await?.is_some() {
        return Ok(true);
    }
    let waits = author_news::Entity::find().filter(Column::Key.eq(key));
    Ok(waits.one(tx).await?.is_some())
}

/// Takes back what waits for the morning under this key. Returns whether it did.
///
/// # Errors
/// If the database fails.
pub(super) async fn take_back(tx: &DatabaseTransaction, key: &str) -> Result<bool, DbErr> {
    let taken = author_news::Entity::delete_many()
        .filter(Column::Key.eq(key))
        .filter(Column::ToldAt.is_null())
        .exec(tx)
        .await?;
    Ok(taken.rows_affected > 0)
}

/// Names the people as they may be named at this moment: what they chose counts when the letter is written, whenever
/// they chose it.
async fn name_people(
    tx: &DatabaseTransaction,
    author: Uuid,
    news: &mut [Value],
) -> Result<(), DbErr> {
    let mut named: Vec<(usize, String, Option<Uuid>)> = Vec::new();
    for (index, said) in news.iter_mut().enumerate() {
        let names: Vec<(String, Option<Uuid>)> =
            serde_json::from_value(said[NAMED].take()).unwrap_or_default();
        named.extend(names.into_iter().map(|(value, id)| (index, value, id)));
    }
    let people: Vec<Uuid> = named.iter().filter_map(|(.., id)| *id).collect();
    let secret = secret_among(tx, author, &people).await?;
    let open = people.iter().filter(|id| !secret.contains(id)).copied();
    let known: HashMap<Uuid, String> = account::Entity::find()
        .filter(account::Column::Id.is_in(open))
        .all(tx)
        .await?
        .into_iter()
        .map(|account| (account.id, account.name))
        .collect();
    for (index, value, id) in named {
        news[index][value] = json!(id.and_then(|id| known.get(&id)));
    }
    Ok(())
}

async fn write(
    app: &App,
    tx: &DatabaseTransaction,
    author: &author::Model,
    key: String,
    kind: &'static str,
    mut said: Value,
) -> anyhow::Result<()> {
    let found = account::Entity::find_by_id(author.account_id);
    let Some(to) = found.one(tx).await? else {
        return Ok(());
    };
    said["supporters_url"] = json!(app.config.link("/studio/supporters"));
    said["settings_url"] = json!(app.config.link("/studio/settings#hears"));
    let letter = Letter {
        key,
        kind,
        to: &to,
        values: said,
    };
    let now = app.clock.now();
    app.outbox.enqueue(tx, now, letter).await.map(drop)
}

/// Writes the morning's letter of one author who has waited for it. Returns how many were written.
///
/// # Errors
/// If the database fails; it is written in the next round.
pub async fn work(app: &App) -> anyhow::Result<usize> {
    let config = &app.config;
    let (zone, hour) = (config.publication.zone(), config.notices.digest_hour);
    let morning = clock::last_strike(app.clock.now(), zone, hour);
    let waits = author_news::Entity::find()
        .filter(Column::ToldAt.is_null())
        .filter(Column::CreatedAt.lt(morning))
        .one(&app.db)
        .await?;
    let Some(first) = waits else { return Ok(0) };
    digest(app, first.author_id, morning).await?;
    app.work.notify_one();
    Ok(1)
}

/// All that came before this morning, in one letter; once, for whoever takes the rows first writes it.
async fn digest(app: &App, author: Uuid, morning: DateTime<Utc>) -> anyhow::Result<()> {
    let tx = db::begin(&app.db).await?;
    let locked = author::Entity::find_by_id(author).lock_exclusive();
    let author = locked.one(&tx).await?.context("no such author")?;
    let of_author = Column::AuthorId.eq(author.id);
    let rows = author_news::Entity::find()
        .filter(of_author)
        .filter(Column::ToldAt.is_null())
        .filter(Column::CreatedAt.lt(morning))
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::Id)
        // What is taken back at this moment is not told.
        .lock_exclusive()
        .all(&tx)
        .await?;
    let ids = rows.iter().map(|row| row.id);
    author_news::Entity::update_many()
        .col_expr(Column::ToldAt, Expr::value(app.clock.now()))
        .filter(Column::Id.is_in(ids))
        .exec(&tx)
        .await?;
    let mut news = Vec::new();
    for row in &rows {
        let mut said: Value = serde_json::from_str(&row.said)?;
        said["kind"] = json!(row.kind);
        news.push(said);
    }
    name_people(&tx, author.id, &mut news).await?;
    if !news.is_empty() && author.hears != Hears::Never {
        let day = app.config.publication.local(morning).date_naive();
        let key = format!("author_digest:{}:{day}", author.id);
        let said = json!({ "count": news.len(), "news": news });
        write(app, &tx, &author, key, "author_digest", said).await?;
    }
    tx.commit().await?;
    Ok(())
}
