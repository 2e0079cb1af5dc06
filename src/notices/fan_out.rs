//! From one notice to a mail for each reader: in batches, each with its cursor in one transaction, so
//! that a crash in between costs nothing and repeats nothing.

use anyhow::Context as _;
use chrono::{DateTime, Duration, Utc};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, DatabaseTransaction, DbErr, EntityTrait, QueryFilter, QueryOrder as _,
    QuerySelect as _,
    sea_query::{Expr, OnConflict},
};
use uuid::Uuid;

use super::{
    announce::{FOLLOWER, PATRON, renderings},
    audience::audience,
};
use crate::{
    app::App,
    db,
    entities::{account, article, author, notice, outbox},
    membership::patrons_among,
};

/// How many readers one transaction reaches. 20 values a row stay below SQLite's 32,766 and
/// PostgreSQL's 65,535.
const BATCH: u64 = 1000;
/// How long a worker may hold a notice.
const LEASE: Duration = Duration::seconds(60);
/// Behind receipts and whatever else somebody waits for.
const PRIORITY: i32 = 10;

/// Takes one batch of one notice further. Returns how many readers it reached, at least 1 if anything
/// was done.
///
/// # Errors
/// If the database fails; the next round goes on from the cursor.
pub async fn fan_out(app: &App) -> anyhow::Result<usize> {
    let Some((notice, article)) = lease(app).await? else {
        return Ok(0);
    };
    let now = app.clock.now();
    let rendered = rendered_again(app, &notice, &article).await?;
    let tx = db::begin(&app.db).await?;
    let readers = audience(app, &notice)
        .order_by_asc(account::Column::Id)
        .limit(BATCH)
        .all(&tx)
        .await?;
    let Some(last) = readers.last().map(|reader| reader.id) else {
        finish(&tx, &notice, now).await?;
        tx.commit().await?;
        return Ok(1);
    };
    if !advance(&tx, &notice, last, readers.len(), rendered).await? {
        tx.rollback().await?;
        return Ok(1);
    }
    let ids: Vec<Uuid> = readers.iter().map(|reader| reader.id).collect();
    let grace = app.config.membership.grace_days;
    let patrons = patrons_among(&tx, notice.author_id, &ids, now, grace).await?;
    let rows = readers.iter().map(|reader| {
        let is_patron = patrons.contains(&reader.id);
        letter(
            &notice,
            reader,
            if is_patron { PATRON } else { FOLLOWER },
            now,
        )
    });
    let once = OnConflict::column(outbox::Column::Key)
        .do_nothing()
        .to_owned();
    let written = outbox::Entity::insert_many(rows)
        .on_conflict(once)
        .exec_without_returning(&tx)
        .await;
    match written {
        Ok(_) | Err(DbErr::RecordNotInserted) => tx.commit().await?,
        Err(error) => return Err(error.into()),
    }
    app.work.notify_one();
    Ok(readers.len())
}

/// The oldest notice with readers left, held for a while. One of an article that lies ahead waits.
async fn lease(app: &App) -> Result<Option<(notice::Model, article::Model)>, DbErr> {
    use notice::Column;
    let now = app.clock.now();
    let free = Condition::any()
        .add(Column::LockedUntil.is_null())
        .add(Column::LockedUntil.lte(now));
    let found = notice::Entity::find()
        .filter(Column::State.eq(notice::State::FanningOut))
        .filter(free.clone())
        .find_also_related(article::Entity)
        .filter(article::Column::PublishedAt.lte(now))
        .order_by_asc(Column::CreatedAt)
        .one(&app.db)
        .await?;
    let Some((notice, Some(article))) = found else {
        return Ok(None);
    };
    let held = notice::Entity::update_many()
        .col_expr(Column::LockedUntil, Expr::value(Some(now + LEASE)))
        .filter(Column::Id.eq(notice.id))
        .filter(free)
        .exec(&app.db)
        .await?;
    Ok((held.rows_affected == 1).then_some((notice, article)))
}

/// The mail anew, where the article was changed after it was announced and nobody has heard yet: it may
/// have lain ahead for weeks.
async fn rendered_again(
    app: &App,
    notice: &notice::Model,
    article: &article::Model,
) -> anyhow::Result<Option<String>> {
    if notice.cursor.is_some() || article.updated_at <= notice.created_at {
        return Ok(None);
    }
    let author = author::Entity::find_by_id(article.author_id).one(&app.db);
    let author = author.await?.context("an article without an author")?;
    let rendered = renderings(app, article, &author)?;
    Ok(Some(serde_json::to_string(&rendered)?))
}

/// Moves the cursor, if nobody else has, and lets the notice go.
async fn advance(
    tx: &DatabaseTransaction,
    notice: &notice::Model,
    last: Uuid,
    count: usize,
    rendered: Option<String>,
) -> Result<bool, DbErr> {
    use notice::Column;
    let queued = notice
        .queued
        .saturating_add(i64::try_from(count).unwrap_or(i64::MAX));
    let unmoved = match notice.cursor {
        Some(cursor) => Column::Cursor.eq(cursor),
        None => Column::Cursor.is_null(),
    };
    let mut update = notice::Entity::update_many();
    if let Some(rendered) = rendered {
        update = update.col_expr(Column::Rendered, Expr::value(rendered));
    }
    let moved = update
        .col_expr(Column::Cursor, Expr::value(Some(last)))
        .col_expr(Column::Queued, Expr::value(queued))
        .col_expr(
            Column::LockedUntil,
            Expr::value(Option::<DateTime<Utc>>::None),
        )
        .filter(Column::Id.eq(notice.id))
        .filter(Column::State.eq(notice::State::FanningOut))
        .filter(unmoved)
        .exec(tx)
        .await?;
    Ok(moved.rows_affected == 1)
}

async fn finish(
    tx: &DatabaseTransaction,
    notice: &notice::Model,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    notice::Entity::update_many()
        .col_expr(notice::Column::State, notice::State::Done.into())
        .col_expr(notice::Column::FinishedAt, Expr::value(Some(now)))
        .filter(notice::Column::Id.eq(notice.id))
        .filter(notice::Column::State.eq(notice::State::FanningOut))
        .exec(tx)
        .await
        .map(drop)
}

/// One mail an article and reader.
pub(super) fn key(article: Uuid, reader: Uuid) -> String {
    format!("notice:{article}:{reader}")
}

/// A row without text of its own: what it says stands in the notice.
fn letter(
    notice: &notice::Model,
    reader: &account::Model,
    variant: &str,
    now: DateTime<Utc>,
) -> outbox::ActiveModel {
    outbox::ActiveModel {
        id: Set(Uuid::now_v7()),
        key: Set(key(notice.article_id, reader.id)),
        kind: Set("notice".to_owned()),
        account_id: Set(Some(reader.id)),
        notice_id: Set(Some(notice.id)),
        variant: Set(Some(variant.to_owned())),
        to_address: Set(reader.address().unwrap_or_default().to_owned()),
        to_name: Set(reader.name.clone()),
        language: Set(reader.language.clone()),
        subject: Set(String::new()),
        body_text: Set(String::new()),
        body_html: Set(String::new()),
        thread: Set(None),
        state: Set(outbox::State::Waiting),
        priority: Set(PRIORITY),
        attempts: Set(0),
        run_at: Set(now),
        locked_until: Set(None),
        worker: Set(None),
        error: Set(None),
        created_at: Set(now),
        sent_at: Set(None),
    }
}
