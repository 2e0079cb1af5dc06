//! What became of the letters about an article, for its author.

use std::collections::HashMap;

use sea_orm::{
    ActiveEnum as _, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter,
    QuerySelect as _,
};
use serde::Serialize;
use uuid::Uuid;

use crate::entities::{digest_item, following, notice, outbox};

/// How many readers of one article have heard, will hear, could not be reached, and left by its letter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    pub sent: i64,
    /// In letters of their own, and in letters of the day or the week that have not gone.
    pub waiting: i64,
    pub failed: i64,
    pub unsubscribed: i64,
}

/// By article; one that was never announced is not among them.
///
/// # Errors
/// If the database fails.
pub async fn counts(
    db: &impl ConnectionTrait,
    articles: &[Uuid],
) -> Result<HashMap<Uuid, Counts>, DbErr> {
    let notices: HashMap<Uuid, Uuid> = notice::Entity::find()
        .select_only()
        .columns([notice::Column::Id, notice::Column::ArticleId])
        .filter(notice::Column::ArticleId.is_in(articles.iter().copied()))
        .into_tuple::<(Uuid, Uuid)>()
        .all(db)
        .await?
        .into_iter()
        .collect();
    let mut counts: HashMap<Uuid, Counts> = notices
        .values()
        .map(|article| (*article, Counts::default()))
        .collect();
    let letters: Vec<(Uuid, String, i64)> = outbox::Entity::find()
        .select_only()
        .columns([outbox::Column::NoticeId, outbox::Column::State])
        .column_as(outbox::Column::Id.count(), "count")
        .filter(outbox::Column::NoticeId.is_in(notices.keys().copied()))
        .group_by(outbox::Column::NoticeId)
        .group_by(outbox::Column::State)
        .into_tuple()
        .all(db)
        .await?;
    for (notice, state, count) in letters {
        if let Some(counts) = notices.get(&notice).and_then(|id| counts.get_mut(id)) {
            counts.add(&state, count);
        }
    }
    in_digests(db, articles, &mut counts).await?;
    let left: Vec<(Uuid, i64)> = following::Entity::find()
        .select_only()
        .column(following::Column::LeftArticleId)
        .expr_as(
            sea_orm::sea_query::Expr::cust("COUNT(DISTINCT account_id)"),
            "count",
        )
        .filter(following::Column::LeftArticleId.is_in(articles.iter().copied()))
        .group_by(following::Column::LeftArticleId)
        .into_tuple()
        .all(db)
        .await?;
    for (article, count) in left {
        counts.entry(article).or_default().unsubscribed = count;
    }
    Ok(counts)
}

/// What goes with letters of the day and the week.
async fn in_digests(
    db: &impl ConnectionTrait,
    articles: &[Uuid],
    counts: &mut HashMap<Uuid, Counts>,
) -> Result<(), DbErr> {
    use sea_orm::{ExprTrait as _, JoinType, sea_query::Expr};
    let waiting = outbox::State::Waiting.to_value();
    let state = Expr::col((outbox::Entity, outbox::Column::State)).if_null(Expr::val(waiting));
    let on = Expr::col((outbox::Entity, outbox::Column::Id))
        .equals((digest_item::Entity, digest_item::Column::DigestId));
    let mut rows = digest_item::Entity::find()
        .select_only()
        .column(digest_item::Column::ArticleId)
        .expr_as(state, "state")
        .expr_as(Expr::cust("COUNT(*)"), "count")
        .filter(digest_item::Column::ArticleId.is_in(articles.iter().copied()))
        .group_by(digest_item::Column::ArticleId)
        .group_by(Expr::cust("2"));
    sea_orm::QuerySelect::query(&mut rows).join(JoinType::LeftJoin, outbox::Entity, on);
    let rows: Vec<(Uuid, String, i64)> = rows.into_tuple().all(db).await?;
    for (article, state, count) in rows {
        counts.entry(article).or_default().add(&state, count);
    }
    Ok(())
}

impl Counts {
    fn add(&mut self, state: &str, count: i64) {
        match state {
            "sent" => self.sent += count,
            "waiting" => self.waiting += count,
            _ => self.failed += count,
        }
    }
}
