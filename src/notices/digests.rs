//! The letter of the day and of the week: one a reader, with what has come out since the last one.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter, QueryOrder as _,
    QuerySelect as _, sea_query::Expr,
};
use uuid::Uuid;

use super::{fan_out, hours};
use crate::{
    app::App,
    db,
    entities::{Frequency, account, digest_item, outbox},
};

/// The folder of its templates, and how its rows of the outbox are known.
pub(super) const KIND: &str = "digest";
/// How many readers one transaction writes to.
const BATCH: u64 = 500;

/// Writes the letters that are due, a batch. Returns how many readers it looked at.
///
/// # Errors
/// If the database fails; what was not written is due the next time.
pub async fn digests(app: &App) -> anyhow::Result<usize> {
    use digest_item::Column;
    let now = app.clock.now();
    let tx = db::begin(&app.db).await?;
    let waiting = || {
        digest_item::Entity::find()
            .filter(Column::DigestId.is_null())
            .filter(Column::DueAt.lte(now))
    };
    let readers: Vec<Uuid> = waiting()
        .select_only()
        .column(Column::AccountId)
        .distinct()
        .limit(BATCH)
        .into_tuple()
        .all(&tx)
        .await?;
    if readers.is_empty() {
        return Ok(0);
    }
    let accounts = account::Entity::find()
        .filter(account::Column::Id.is_in(readers.iter().copied()))
        .order_by_asc(account::Column::Id)
        .all(&tx)
        .await?;
    let items = waiting()
        .filter(Column::AccountId.is_in(readers.iter().copied()))
        .all(&tx)
        .await?;
    let mut due: BTreeMap<(Uuid, &str), DateTime<Utc>> = BTreeMap::new();
    for item in &items {
        let latest = due
            .entry((item.account_id, word(item.frequency)))
            .or_insert(item.due_at);
        *latest = item.due_at.max(*latest);
    }
    for reader in &accounts {
        for frequency in [Frequency::Daily, Frequency::Weekly] {
            if let Some(at) = due.get(&(reader.id, word(frequency))) {
                write(app, &tx, reader, (frequency, *at)).await?;
            }
        }
    }
    tx.commit().await?;
    app.work.notify_one();
    Ok(readers.len())
}

/// One letter a reader and day or week. What comes when it is written already waits for the next one.
async fn write(
    app: &App,
    tx: &DatabaseTransaction,
    reader: &account::Model,
    (frequency, due_at): (Frequency, DateTime<Utc>),
) -> Result<(), DbErr> {
    use digest_item::Column;
    let now = app.clock.now();
    let key = key(frequency, reader.id, &hours::day(app, due_at).to_string());
    let mut row = fan_out::to_one_of_many((key.clone(), KIND), reader, now);
    row.variant = sea_orm::ActiveValue::Set(Some(word(frequency).to_owned()));
    let id = row.id.clone().take();
    fan_out::write(tx, vec![row]).await?;
    let written = outbox::Entity::find()
        .select_only()
        .column(outbox::Column::Id)
        .filter(outbox::Column::Key.eq(key))
        .into_tuple::<Uuid>()
        .one(tx)
        .await?;
    let is_new = written.is_some() && written == id;
    let mut update = digest_item::Entity::update_many();
    update = match is_new {
        true => update.col_expr(Column::DigestId, Expr::value(id)),
        false => update.col_expr(Column::DueAt, Expr::value(hours::next(app, frequency, now))),
    };
    update
        .filter(Column::AccountId.eq(reader.id))
        .filter(Column::Frequency.eq(frequency))
        .filter(Column::DigestId.is_null())
        .filter(Column::DueAt.lte(now))
        .exec(tx)
        .await
        .map(drop)
}

/// What a letter is about, once.
fn key(frequency: Frequency, reader: Uuid, day: &str) -> String {
    format!("{}{day}", begins(frequency, reader))
}

/// How the keys of all such letters to a reader begin.
pub(super) fn begins(frequency: Frequency, reader: Uuid) -> String {
    format!("{KIND}:{}:{reader}:", word(frequency))
}

/// As it stands in keys, rows and the names of words.
pub(super) fn word(frequency: Frequency) -> &'static str {
    match frequency {
        Frequency::AtOnce => "at_once",
        Frequency::Daily => "daily",
        Frequency::Weekly => "weekly",
        Frequency::None => "none",
    }
}
