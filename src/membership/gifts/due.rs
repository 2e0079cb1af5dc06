//! What comes due by the clock: sending on the chosen day, beginning, a word before the end, the end.

use chrono::Duration;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, DatabaseTransaction, EntityTrait as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _,
};

use super::{BEGUN, ENDED, SENT, WARNED, letters, next_due};
use crate::{
    app::App,
    db,
    entities::{grant, membership, site},
    membership::{
        roll,
        standing::{Support, standing, standing_of},
    },
};

/// How many one round takes on.
const BATCH: u64 = 100;
/// Who holds a grant for less is not reminded of its end.
const SHORT: Duration = Duration::days(14);

/// Does what is due. Returns how many things were.
///
/// # Errors
/// If the database is away or a letter cannot be written; it is tried again.
pub async fn work(app: &App) -> anyhow::Result<usize> {
    let due = grant::Entity::find()
        .filter(grant::Column::DueAt.lte(app.clock.now()))
        .order_by_asc(grant::Column::DueAt)
        .limit(BATCH)
        .all(&app.db)
        .await?;
    let count = due.len();
    for row in due {
        let tx = db::begin(&app.db).await?;
        let locked = grant::Entity::find_by_id(row.id).lock_exclusive();
        if let Some(row) = locked.one(&tx).await? {
            step(app, &tx, row).await?;
        }
        tx.commit().await?;
    }
    if count > 0 {
        app.work.notify_one();
    }
    Ok(count)
}

async fn step(app: &App, tx: &DatabaseTransaction, mut row: grant::Model) -> anyhow::Result<()> {
    let now = app.clock.now();
    if row.due_at.is_none_or(|due| due > now) {
        return Ok(());
    }
    row.stage = match (row.account_id, row.stage) {
        (None, _) => {
            letters::sent(app, tx, &row, 0).await?;
            SENT
        }
        (Some(_), ..BEGUN) => BEGUN,
        (Some(_), ..WARNED) => {
            if is_to_hear(app, tx, &row).await? {
                letters::ends(app, tx, &row).await?;
            }
            WARNED
        }
        (Some(account), _) => {
            let grace = app.config.membership.grace_days;
            let standing = standing(tx, account, row.author_id, now, grace).await?;
            if !standing.is_patron() {
                letters::taken_back(app, tx, &row).await?;
            }
            ENDED
        }
    };
    row.due_at = next_due(&row);
    if let Some(account) = row.account_id {
        roll::reckon(app, tx, row.author_id, &[account]).await?;
        site::Entity::touch(tx).await?;
    }
    let all: grant::ActiveModel = row.into();
    all.reset_all().update(tx).await?;
    Ok(())
}

/// Not who pays herself, has more to come, or holds it for a few days only.
async fn is_to_hear(
    app: &App,
    tx: &DatabaseTransaction,
    row: &grant::Model,
) -> anyhow::Result<bool> {
    let (Some(account), Some(begin), Some(end)) = (row.account_id, row.starts_at, row.ends_at)
    else {
        return Ok(false);
    };
    let (now, grace) = (app.clock.now(), app.config.membership.grace_days);
    let memberships = membership::Entity::between(account, row.author_id);
    let own = standing_of(&memberships.all(tx).await?, &[], &[], now, grace);
    let more = grant::Entity::between(account, row.author_id)
        .filter(grant::Column::EndsAt.gt(end))
        .filter(grant::Column::RevokedAt.is_null())
        .one(tx)
        .await?;
    let pays = matches!(own.support, Support::Patron | Support::Grace);
    Ok(!pays && more.is_none() && end > now && end - begin >= SHORT)
}
