//! Taking a gift: once, by whoever holds the link and is signed in.

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, DatabaseTransaction, DbErr,
    EntityTrait as _, QueryFilter as _, QuerySelect as _,
};
use uuid::Uuid;

use super::{BEGUN, end_of, hashed, letters, next_due};
use crate::{
    app::App,
    db,
    entities::{account, grant, site},
    membership::{
        roll,
        standing::{Support, standing},
    },
};

/// How a link stands for whoever opens it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// It can be taken, and begins at once or when what she has is over.
    Open { begins: Option<DateTime<Utc>> },
    /// She has a membership that goes on: the link stays good for later.
    Later,
    /// She bought it herself.
    Own,
    /// She has it already.
    Mine,
    /// Somebody has taken it, or it was taken back, or its time is over.
    Over,
}

/// The gift of a link, once it is paid.
pub(super) async fn find(
    db: &impl ConnectionTrait,
    token: &str,
) -> Result<Option<grant::Model>, DbErr> {
    grant::Entity::find()
        .filter(grant::Column::TokenHash.eq(hashed(token)))
        .filter(grant::Column::ReadyAt.is_not_null())
        .one(db)
        .await
}

/// How the gift stands for this reader, or for a stranger.
pub(super) async fn way(
    app: &App,
    db: &impl ConnectionTrait,
    row: &grant::Model,
    reader: Option<&account::Model>,
) -> Result<Way, DbErr> {
    let now = app.clock.now();
    let is_mine = |id: Option<Uuid>| id.is_some() && id == reader.map(|reader| reader.id);
    if row.revoked_at.is_some() {
        return Ok(Way::Over);
    }
    if is_mine(row.account_id) {
        return Ok(Way::Mine);
    }
    let is_past = row.months.is_none() && row.ends_at.is_some_and(|end| end <= now);
    if row.account_id.is_some() || is_past {
        return Ok(Way::Over);
    }
    if is_mine(row.buyer_id) {
        return Ok(Way::Own);
    }
    let Some(reader) = reader.filter(|_| row.months.is_some()) else {
        return Ok(Way::Open { begins: None });
    };
    let grace = app.config.membership.grace_days;
    let standing = standing(db, reader.id, row.author_id, now, grace).await?;
    let grants = grant::Entity::between(reader.id, row.author_id)
        .filter(grant::Column::RevokedAt.is_null())
        .all(db)
        .await?;
    let held = grants.iter().filter_map(|grant| grant.ends_at);
    let held = held.filter(|end| *end > now).max();
    Ok(match standing.support {
        Support::Patron | Support::Grace | Support::Pending => Way::Later,
        Support::Leaving | Support::Granted | Support::Tipped => Way::Open {
            begins: standing.until.max(held),
        },
        _ => Way::Open { begins: held },
    })
}

/// Takes the gift for this reader. Of two who try at once, one is told that it is over.
///
/// # Errors
/// If the database fails or a letter cannot be written.
pub(super) async fn claim(
    app: &App,
    reader: &account::Model,
    row: &grant::Model,
) -> anyhow::Result<Way> {
    let tx = db::begin(&app.db).await?;
    let locked = grant::Entity::find_by_id(row.id).lock_exclusive();
    let Some(row) = locked.one(&tx).await? else {
        return Ok(Way::Over);
    };
    // The lock under which a payment makes a membership.
    let locked = account::Entity::find_by_id(reader.id).lock_exclusive();
    if locked.one(&tx).await?.is_none() {
        return Ok(Way::Over);
    }
    let way = way(app, &tx, &row, Some(reader)).await?;
    if let Way::Open { begins } = way {
        let is_new = is_new(app, &tx, reader.id, row.author_id).await?;
        let row = take(app, &tx, row, reader, begins).await?;
        letters::claimed(app, &tx, &row, is_new).await?;
        tx.commit().await?;
        app.work.notify_one();
    }
    Ok(way)
}

/// Whether she is no patron of the author at present.
pub(super) async fn is_new(
    app: &App,
    db: &impl ConnectionTrait,
    reader: Uuid,
    author: Uuid,
) -> Result<bool, DbErr> {
    let (now, grace) = (app.clock.now(), app.config.membership.grace_days);
    let standing = standing(db, reader, author, now, grace).await?;
    Ok(!standing.is_patron())
}

/// Takes a gift for somebody without a page. Returns whether it is hers now.
///
/// # Errors
/// As `claim`.
pub async fn accept(
    app: &App,
    reader: &account::Model,
    row: &grant::Model,
) -> anyhow::Result<bool> {
    let way = claim(app, reader, row).await?;
    Ok(matches!(way, Way::Open { .. } | Way::Mine))
}

/// Makes it hers, from `begins` on or from now on, as part of the caller's act.
pub(super) async fn take(
    app: &App,
    tx: &DatabaseTransaction,
    mut row: grant::Model,
    reader: &account::Model,
    begins: Option<DateTime<Utc>>,
) -> anyhow::Result<grant::Model> {
    let now = app.clock.now();
    let begin = begins.unwrap_or(now);
    row.account_id = Some(reader.id);
    row.claimed_at = Some(now);
    row.starts_at = Some(begin);
    row.ends_at = end_of(&row, begin);
    if begin <= now {
        row.stage = BEGUN;
    }
    row.due_at = next_due(&row);
    let all: grant::ActiveModel = row.clone().into();
    all.reset_all().update(tx).await?;
    roll::reckon(app, tx, row.author_id, &[reader.id]).await?;
    site::Entity::touch(tx).await?;
    Ok(row)
}
