//! What was paid in a span, and what each article's support call has won.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait as _, QueryFilter,
    QuerySelect as _,
    sea_query::{Expr, Query},
};
use serde::Serialize;
use uuid::Uuid;

use crate::entities::{article, movement, payment, payment_tally, refund, tip};

/// How many articles are told of.
const ARTICLES: usize = 10;

/// What was paid in one currency; minor units.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(in crate::studio) struct Paid {
    pub currency: String,
    /// All payments, tips among them.
    pub received: i64,
    /// Payments that belong to no membership.
    pub tips: i64,
    /// Refunds made in the span that did not fail, negative.
    pub given_back: i64,
}

/// What one article won.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(in crate::studio) struct Won {
    pub title: String,
    pub slug: String,
    pub patrons: i64,
    pub tips: i64,
}

fn begin(from: NaiveDate) -> DateTime<Utc> {
    from.and_time(NaiveTime::MIN).and_utc()
}

pub(super) async fn paid(
    db: &impl ConnectionTrait,
    author: Uuid,
    from: NaiveDate,
) -> Result<Vec<Paid>, DbErr> {
    use payment_tally::Column;
    let sums: Vec<(String, i64, i64)> = payment_tally::Entity::find()
        .select_only()
        .column(Column::Currency)
        .column_as(Expr::cust("CAST(SUM(received) AS BIGINT)"), "received")
        .column_as(Expr::cust("CAST(SUM(tips) AS BIGINT)"), "tips")
        .filter(Column::AuthorId.eq(author))
        .filter(Column::Day.gte(from.format("%Y-%m-%d").to_string()))
        .group_by(Column::Currency)
        .into_tuple()
        .all(db)
        .await?;
    let mut by_currency: BTreeMap<String, Paid> = BTreeMap::new();
    for (currency, received, tips) in sums {
        let paid = by_currency.entry(currency).or_default();
        (paid.received, paid.tips) = (received, tips);
    }
    // Asked of each refund, for they are few: a join would begin with all payments.
    let of_author = Query::select()
        .expr(Expr::val(1))
        .from(payment::Entity)
        .and_where(
            Expr::col((payment::Entity, payment::Column::Id))
                .equals((refund::Entity, refund::Column::PaymentId)),
        )
        .and_where(Expr::col((payment::Entity, payment::Column::AuthorId)).eq(author))
        .to_owned();
    let back: Vec<(String, i64)> = refund::Entity::find()
        .select_only()
        .column(refund::Column::Currency)
        .column_as(Expr::cust("CAST(SUM(refund.amount) AS BIGINT)"), "back")
        .filter(Expr::exists(of_author))
        .filter(refund::Column::RefundedAt.gte(begin(from)))
        .filter(refund::Column::State.ne(refund::State::Failed))
        .group_by(refund::Column::Currency)
        .into_tuple()
        .all(db)
        .await?;
    for (currency, amount) in back {
        by_currency.entry(currency).or_default().given_back = -amount;
    }
    Ok(by_currency
        .into_iter()
        .map(|(currency, paid)| Paid { currency, ..paid })
        .collect())
}

pub(super) async fn won(
    db: &impl ConnectionTrait,
    author: Uuid,
    from: NaiveDate,
) -> Result<Vec<Won>, DbErr> {
    use movement::Column;
    let patrons: Vec<(Option<Uuid>, i64)> = movement::Entity::find()
        .select_only()
        .column(Column::ArticleId)
        .column_as(Expr::cust("COUNT(*)"), "people")
        .filter(Column::AuthorId.eq(author))
        .filter(Column::Day.gte(from.format("%Y-%m-%d").to_string()))
        .filter(Column::ArticleId.is_not_null())
        .filter(Column::Patrons.gt(0))
        .filter(Column::IsFirst.eq(true))
        .group_by(Column::ArticleId)
        .into_tuple()
        .all(db)
        .await?;
    let tips: Vec<(Option<Uuid>, i64)> = tip::Entity::find()
        .select_only()
        .column(tip::Column::ArticleId)
        .column_as(Expr::cust("COUNT(*)"), "tips")
        .filter(tip::Column::AuthorId.eq(author))
        .filter(tip::Column::PaidAt.gte(begin(from)))
        .filter(tip::Column::State.eq(tip::State::Paid))
        .filter(tip::Column::ArticleId.is_not_null())
        .group_by(tip::Column::ArticleId)
        .into_tuple()
        .all(db)
        .await?;
    let mut won: BTreeMap<Uuid, (i64, i64)> = BTreeMap::new();
    for (id, count) in patrons {
        won.entry(id.unwrap_or_default()).or_default().0 = count;
    }
    for (id, count) in tips {
        won.entry(id.unwrap_or_default()).or_default().1 = count;
    }
    let mut best: Vec<(Uuid, (i64, i64))> = won.into_iter().collect();
    best.sort_by_key(|(id, won)| (std::cmp::Reverse(*won), *id));
    best.truncate(ARTICLES);
    let articles = article::Entity::find()
        .filter(article::Column::Id.is_in(best.iter().map(|(id, _)| *id)))
        .all(db)
        .await?;
    Ok(best
        .into_iter()
        .filter_map(|(id, (patrons, tips))| {
            let article = articles.iter().find(|article| article.id == id)?;
            Some(Won {
                title: article.title.clone(),
                slug: article.slug.clone(),
                patrons,
                tips,
            })
        })
        .collect())
}
