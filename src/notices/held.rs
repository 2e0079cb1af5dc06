//! Which notice is being fanned out, and how far it has come.

use chrono::{DateTime, Duration, Utc};
use sea_orm::{
    ColumnTrait, Condition, DatabaseTransaction, DbErr, EntityTrait, QueryFilter, QueryOrder as _,
    sea_query::Expr,
};
use uuid::Uuid;

use super::letters::renderings;
use crate::{
    app::App,
    entities::{article, author, notice},
};

/// How long a worker may hold a notice.
const LEASE: Duration = Duration::seconds(60);

/// The oldest notice with readers left, held for a while. One of an article that lies ahead waits.
pub(super) async fn lease(app: &App) -> Result<Option<(notice::Model, article::Model)>, DbErr> {
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
pub(super) fn rendered_again(
    app: &App,
    notice: &notice::Model,
    article: &article::Model,
    writers: &[author::Model],
) -> anyhow::Result<Option<String>> {
    if notice.cursor.is_some() || article.changed_at(app.clock.now()) <= notice.created_at {
        return Ok(None);
    }
    let rendered = renderings(app, article, writers)?;
    Ok(Some(serde_json::to_string(&rendered)?))
}

/// Moves the cursor, if nobody else has, and lets the notice go.
pub(super) async fn advance(
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

pub(super) async fn finish(
    tx: &DatabaseTransaction,
    notice: &notice::Model,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    notice::Entity::update_many()
        .col_expr(notice::Column::State, notice::State::Done.into())
        .col_expr(notice::Column::FinishedAt, Expr::value(Some(now)))
        .col_expr(
            notice::Column::LockedUntil,
            Expr::value(Option::<DateTime<Utc>>::None),
        )
        .filter(notice::Column::Id.eq(notice.id))
        .filter(notice::Column::State.eq(notice::State::FanningOut))
        .exec(tx)
        .await
        .map(drop)
}
