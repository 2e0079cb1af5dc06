//! Announcing an article: one row however many readers.

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, ExprTrait as _, QueryFilter,
    QuerySelect as _, QueryTrait as _,
    sea_query::{Expr, OnConflict},
};
use uuid::Uuid;

use super::letters::renderings;
use crate::{
    app::App,
    authors,
    entities::{article, digest_item, notice, outbox},
};

/// Announces an article as part of publishing it. Nobody hears of an article twice: one that was taken
/// back and comes out again reaches those whom the first notice had not.
///
/// # Errors
/// If a template misses a value or the database fails: then nothing is published either.
pub async fn announce(
    app: &App,
    tx: &DatabaseTransaction,
    article: &article::Model,
) -> anyhow::Result<()> {
    let writers = authors::writers(tx, article).await?;
    let row = notice::ActiveModel {
        id: Set(Uuid::now_v7()),
        article_id: Set(article.id),
        author_id: Set(article.author_id),
        rendered: Set(serde_json::to_string(&renderings(app, article, &writers)?)?),
        state: Set(notice::State::FanningOut),
        cursor: Set(None),
        queued: Set(0),
        locked_until: Set(None),
        created_at: Set(app.clock.now()),
        finished_at: Set(None),
    };
    let stopped = Expr::col((notice::Entity, notice::Column::State)).eq(notice::State::Stopped);
    let once = OnConflict::column(notice::Column::ArticleId)
        .update_columns([
            notice::Column::Rendered,
            notice::Column::State,
            notice::Column::CreatedAt,
        ])
        .action_and_where(stopped)
        .to_owned();
    notice::Entity::insert(row)
        .on_conflict(once)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// Stops telling anybody more, as part of withdrawing an article. Mails that wait to be sent are taken
/// out of the outbox, and what waits for a letter of the day or the week waits no more.
///
/// # Errors
/// If the database fails.
pub async fn stop(
    tx: &DatabaseTransaction,
    now: DateTime<Utc>,
    article: Uuid,
) -> Result<(), DbErr> {
    use notice::Column;
    let ours = notice::Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::ArticleId.eq(article));
    // First the notice: a fan-out under way ends before the outbox is looked at.
    notice::Entity::update_many()
        .col_expr(Column::State, notice::State::Stopped.into())
        .col_expr(Column::Cursor, Expr::value(Option::<Uuid>::None))
        .col_expr(Column::Queued, Expr::value(0_i64))
        .col_expr(
            Column::FinishedAt,
            Expr::value(Option::<DateTime<Utc>>::None),
        )
        .filter(Column::ArticleId.eq(article))
        .exec(tx)
        .await?;
    digest_item::Entity::delete_many()
        .filter(digest_item::Column::ArticleId.eq(article))
        .filter(digest_item::Column::DigestId.is_null())
        .exec(tx)
        .await?;
    outbox::Entity::delete_many()
        .filter(outbox::Column::NoticeId.in_subquery(ours.into_query()))
        .filter(outbox::Entity::untouched(now))
        .exec(tx)
        .await
        .map(drop)
}
