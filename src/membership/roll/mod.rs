//! The roll: who supports whom and every movement on it, reckoned anew whenever something between a
//! reader and an author has changed. Lists and numbers are read from it; permission never is.

mod reckoning;
pub(super) mod tally;

use std::{
    collections::{BTreeMap, HashMap},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use chrono::NaiveDate;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter,
    QueryOrder as _, QuerySelect as _,
    sea_query::{Expr, OnConflict},
};
use uuid::Uuid;

use crate::{
    app::App,
    db,
    entities::{account, grant, membership, movement, site, supporter, tip},
};
use reckoning::Rows;

/// How many readers are reckoned in one transaction.
const BATCH: u64 = 500;

/// Reckons what there is between an author and these readers, as part of the act that changed it.
///
/// # Errors
/// If the database fails.
pub(super) async fn reckon(
    app: &App,
    tx: &DatabaseTransaction,
    author: Uuid,
    accounts: &[Uuid],
) -> Result<(), DbErr> {
    // The lock under which two reckonings of one reader follow one another.
    account::Entity::find()
        .select_only()
        .column(account::Column::Id)
        .filter(account::Column::Id.is_in(accounts.iter().copied()))
        .order_by_asc(account::Column::Id)
        .lock_exclusive()
        .into_tuple::<Uuid>()
        .all(tx)
        .await?;
    let mut all = rows(tx, author, accounts).await?;
    let (now, grace_days) = (app.clock.now(), app.config.membership.grace_days);
    let (mut entries, mut movements) = (Vec::new(), Vec::new());
    for account in accounts {
        let rows = all.remove(account).unwrap_or_default();
        let Some(entry) = reckoning::entry(author, *account, &rows, now, grace_days) else {
            continue;
        };
        movements.extend(reckoning::movements(&rows.movements, &entry, now));
        entries.push(entry.row);
    }
    write(tx, entries, movements).await
}

async fn rows(
    tx: &DatabaseTransaction,
    author: Uuid,
    accounts: &[Uuid],
) -> Result<HashMap<Uuid, Rows>, DbErr> {
    let mut all: HashMap<Uuid, Rows> = HashMap::new();
    let some = || accounts.iter().copied();
    let memberships = membership::Entity::of(author)
        .filter(membership::Column::AccountId.is_in(some()))
        .all(tx)
        .await?;
    for row in memberships {
        all.entry(row.account_id).or_default().memberships.push(row);
    }
    let tips = tip::Entity::find()
        .filter(tip::Column::AuthorId.eq(author))
        .filter(tip::Column::AccountId.is_in(some()))
        .all(tx)
        .await?;
    for row in tips {
        all.entry(row.account_id).or_default().tips.push(row);
    }
    let grants = grant::Entity::find()
        .filter(grant::Column::AuthorId.eq(author))
        .filter(grant::Column::AccountId.is_in(some()))
        .all(tx)
        .await?;
    for row in grants {
        if let Some(account) = row.account_id {
            all.entry(account).or_default().grants.push(row);
        }
    }
    let movements = movement::Entity::find()
        .filter(movement::Column::AccountId.is_in(some()))
        .filter(movement::Column::AuthorId.eq(author))
        .all(tx)
        .await?;
    for row in movements {
        all.entry(row.account_id).or_default().movements.push(row);
    }
    Ok(all)
}

async fn write(
    tx: &DatabaseTransaction,
    entries: Vec<supporter::Model>,
    movements: Vec<movement::Model>,
) -> Result<(), DbErr> {
    use supporter::Column;
    tally::moved(tx, &movements).await?;
    if !movements.is_empty() {
        let rows = movements.into_iter().map(|row| {
            let row: movement::ActiveModel = row.into();
            sea_orm::ActiveModelTrait::reset_all(row)
        });
        movement::Entity::insert_many(rows)
            .exec_without_returning(tx)
            .await?;
    }
    if entries.is_empty() {
        return Ok(());
    }
    let rows = entries.into_iter().map(|row| {
        let row: supporter::ActiveModel = row.into();
        sea_orm::ActiveModelTrait::reset_all(row)
    });
    let anew = OnConflict::columns([Column::AuthorId, Column::AccountId])
        .update_columns([
            Column::IsPatron,
            Column::Standing,
            Column::TierId,
            Column::Amount,
            Column::Currency,
            Column::Recurrence,
            Column::Yearly,
            Column::FirstAt,
            Column::Since,
            Column::Until,
            Column::ReckonedAt,
        ])
        .to_owned();
    supporter::Entity::insert_many(rows)
        .on_conflict(anew)
        .exec_without_returning(tx)
        .await
        .map(drop)
}

/// What a worker knows of the roll it keeps.
#[derive(Debug, Default)]
pub struct Kept {
    /// Everybody is on it.
    is_whole: AtomicBool,
    /// The day on which those before it were gathered.
    gathered: Mutex<Option<NaiveDate>>,
}

/// Reckons whose standing has ended by the clock alone, whose rows changed hands, and, until it is whole,
/// who is not on the roll yet. Gathers once a day what the days before have added. Returns how many.
///
/// # Errors
/// If the database fails.
pub async fn work(app: &App, kept: &Kept) -> anyhow::Result<usize> {
    let mut due = due(app).await?;
    if due.is_empty() && !kept.is_whole.load(Ordering::Relaxed) {
        due = missing(&app.db).await?;
        kept.is_whole.store(due.is_empty(), Ordering::Relaxed);
    }
    let count = due.len();
    let mut by_author: BTreeMap<Uuid, Vec<Uuid>> = BTreeMap::new();
    for (author, account) in due {
        by_author.entry(author).or_default().push(account);
    }
    for (author, accounts) in by_author {
        let tx = db::begin(&app.db).await?;
        reckon(app, &tx, author, &accounts).await?;
        // Badges and thanks on public pages go by it.
        site::Entity::touch(&tx).await?;
        tx.commit().await?;
    }
    match count {
        0 => gather(app, kept).await,
        count => Ok(count),
    }
}

async fn gather(app: &App, kept: &Kept) -> anyhow::Result<usize> {
    let today = app.clock.now().date_naive();
    if *kept.gathered.lock().unwrap_or_else(PoisonError::into_inner) == Some(today) {
        return Ok(0);
    }
    let count = tally::gather(&app.db, today).await?;
    if count == 0 {
        *kept.gathered.lock().unwrap_or_else(PoisonError::into_inner) = Some(today);
    }
    Ok(count)
}

async fn due(app: &App) -> Result<Vec<(Uuid, Uuid)>, DbErr> {
    use supporter::Column;
    let is_over = Condition::all()
        .add(Column::IsPatron.eq(true))
        .add(Column::Until.lte(app.clock.now()));
    let is_due = Condition::any()
        .add(is_over)
        .add(Column::ReckonedAt.is_null());
    supporter::Entity::find()
        .select_only()
        .columns([Column::AuthorId, Column::AccountId])
        .filter(is_due)
        .limit(BATCH)
        .into_tuple()
        .all(&app.db)
        .await
}

/// Of memberships and tips from before there was a roll.
async fn missing(db: &impl ConnectionTrait) -> Result<Vec<(Uuid, Uuid)>, DbErr> {
    let unknown = |table: &str| {
        Expr::cust(format!(
            "NOT EXISTS (SELECT 1 FROM supporter WHERE supporter.author_id = {table}.author_id \
             AND supporter.account_id = {table}.account_id)"
        ))
    };
    let mut found: Vec<(Uuid, Uuid)> = membership::Entity::find()
        .select_only()
        .columns([membership::Column::AuthorId, membership::Column::AccountId])
        .distinct()
        .filter(unknown("membership"))
        .limit(BATCH)
        .into_tuple()
        .all(db)
        .await?;
    let tips: Vec<(Uuid, Uuid)> = tip::Entity::find()
        .select_only()
        .columns([tip::Column::AuthorId, tip::Column::AccountId])
        .distinct()
        .filter(unknown("tip"))
        .limit(BATCH)
        .into_tuple()
        .all(db)
        .await?;
    found.extend(tips);
    found.sort_unstable();
    found.dedup();
    Ok(found)
}
