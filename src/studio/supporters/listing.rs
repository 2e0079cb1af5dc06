//! The roll as an author reads it: filtered, searched, a page at a time.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, ExprTrait as _, JoinType,
    PaginatorTrait as _, QueryFilter, QueryOrder as _, QuerySelect as _, RelationTrait as _,
    Select,
    sea_query::{Expr, Func},
};
use serde::Serialize;
use uuid::Uuid;

use crate::entities::{
    Recurrence, account, membership,
    supporter::{self, Column},
    tier, tip,
};

/// One supporter as lists and exports show her.
#[derive(Clone, Debug, Serialize)]
pub(in crate::studio) struct Supporter {
    pub account_id: Uuid,
    pub name: String,
    pub email: String,
    /// The word of her standing.
    pub standing: String,
    pub is_patron: bool,
    pub tier: Option<String>,
    pub amount: Option<i64>,
    pub currency: Option<String>,
    pub recurrence: Option<&'static str>,
    pub since: Option<DateTime<Utc>>,
    pub until: Option<DateTime<Utc>>,
    /// What she said with her last tip.
    pub message: Option<String>,
    /// Why she leaves, in Stripe's word and in her own.
    pub reason: Option<String>,
    pub words: Option<String>,
}

/// Whom an author wants to see.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Wanted {
    /// `all`, `patrons`, `risk`, `failing`, `leaving` or `former`.
    pub show: String,
    /// A part of a name or an address.
    pub text: Option<String>,
    pub tier: Option<Uuid>,
    /// Who first came on this day or after, in UTC.
    pub since: Option<NaiveDate>,
}

impl Wanted {
    pub fn showing(&self, show: &str) -> Self {
        Self {
            show: show.to_owned(),
            ..self.clone()
        }
    }

    /// Whether more than a filter was asked for.
    pub fn is_narrow(&self) -> bool {
        self.text.is_some() || self.tier.is_some() || self.since.is_some()
    }

    /// What was asked for beside the filter, as a part of an address.
    pub fn query(&self) -> String {
        let tier = self.tier.map(|tier| tier.to_string());
        let since = self.since.map(|day| day.to_string());
        let said = [("q", &self.text), ("tier", &tier), ("since", &since)];
        let said = said
            .into_iter()
            .filter_map(|(name, value)| Some((name, value.as_deref()?)));
        url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(said)
            .finish()
    }

    fn condition(&self) -> Condition {
        let standing = |words: &[&str]| Column::Standing.is_in(words.iter().copied());
        let shown = match self.show.as_str() {
            "patrons" => Column::IsPatron.eq(true),
            "risk" => standing(&["grace", "lapsed", "leaving"]),
            "failing" => standing(&["grace", "lapsed"]),
            "leaving" => standing(&["leaving"]),
            "former" => standing(&["former", "paused"]),
            // Who never paid supports nobody.
            _ => Column::Standing.ne("none"),
        };
        let text = self.text.as_ref().map(|text| {
            let like = |column: account::Column| {
                let folded = Func::lower(Expr::col((account::Entity, column)));
                Expr::expr(folded).like(pattern(text))
            };
            Condition::any()
                .add(like(account::Column::Name))
                .add(like(account::Column::Email))
                .add(like(account::Column::ContactEmail))
        });
        let since = self.since.map(|day| {
            let begin = day.and_time(NaiveTime::MIN).and_utc();
            Column::FirstAt.gte(begin)
        });
        Condition::all()
            .add(shown)
            .add_option(text)
            .add_option(self.tier.map(|tier| Column::TierId.eq(tier)))
            .add_option(since)
    }

    fn select(&self, author: Uuid) -> Select<supporter::Entity> {
        supporter::Entity::of(author)
            .join(JoinType::InnerJoin, supporter::Relation::Account.def())
            .filter(self.condition())
    }
}

/// What contains `text`, for `LIKE`: its own signs mean themselves.
fn pattern(text: &str) -> sea_orm::sea_query::LikeExpr {
    let escaped: String = text
        .to_lowercase()
        .chars()
        .flat_map(|sign| {
            let escape = matches!(sign, '%' | '_' | '\\').then_some('\\');
            escape.into_iter().chain([sign])
        })
        .collect();
    sea_orm::sea_query::LikeExpr::new(format!("%{escaped}%")).escape('\\')
}

/// How many there are.
pub(super) async fn count(
    db: &impl ConnectionTrait,
    author: Uuid,
    wanted: &Wanted,
) -> Result<u64, DbErr> {
    match wanted.text {
        Some(_) => wanted.select(author).count(db).await,
        // Without the join.
        None => {
            let some = supporter::Entity::of(author).filter(wanted.condition());
            some.count(db).await
        }
    }
}

/// The newest first, from `first` on, `most` at most.
pub(super) async fn page(
    db: &impl ConnectionTrait,
    author: Uuid,
    wanted: &Wanted,
    first: u64,
    most: u64,
) -> Result<Vec<Supporter>, DbErr> {
    let rows = wanted
        .select(author)
        .select_also(account::Entity)
        .order_by_desc(Column::FirstAt)
        .order_by_desc(Column::AccountId)
        .offset(first)
        .limit(most)
        .all(db)
        .await?;
    told(db, author, rows).await
}

/// The newest of those a filter names.
///
/// # Errors
/// If the database fails.
pub(in crate::studio) async fn some(
    db: &impl ConnectionTrait,
    author: Uuid,
    show: &str,
    most: u64,
) -> Result<Vec<Supporter>, DbErr> {
    page(db, author, &Wanted::default().showing(show), 0, most).await
}

/// Everybody who ever supported this author, the newest first.
///
/// # Errors
/// If the database fails.
pub(in crate::studio) async fn everybody(
    db: &impl ConnectionTrait,
    author: Uuid,
) -> Result<Vec<Supporter>, DbErr> {
    some(db, author, "all", u64::MAX >> 1).await
}

/// With what stands in other tables.
async fn told(
    db: &impl ConnectionTrait,
    author: Uuid,
    rows: Vec<(supporter::Model, Option<account::Model>)>,
) -> Result<Vec<Supporter>, DbErr> {
    let tiers = tier::Entity::of(author).all(db).await?;
    let tiers: HashMap<Uuid, String> = tiers.into_iter().map(|tier| (tier.id, tier.name)).collect();
    let ids: Vec<Uuid> = rows.iter().map(|(row, _)| row.account_id).collect();
    let (mut words, mut messages) = (HashMap::new(), HashMap::new());
    for some in ids.chunks(1000) {
        let leaving = membership::Entity::of(author)
            .filter(membership::Column::AccountId.is_in(some.iter().copied()))
            .filter(
                membership::Column::CancelAt
                    .is_not_null()
                    .or(membership::Column::EndedAt.is_not_null()),
            )
            .order_by_asc(membership::Column::CreatedAt)
            .all(db)
            .await?;
        for row in leaving {
            words.insert(row.account_id, (row.cancel_reason, row.cancel_words));
        }
        let tips = tip::Entity::find()
            .filter(tip::Column::AuthorId.eq(author))
            .filter(tip::Column::AccountId.is_in(some.iter().copied()))
            .order_by_asc(tip::Column::PaidAt)
            .all(db)
            .await?;
        for row in tips {
            messages.insert(row.account_id, row.message);
        }
    }
    Ok(rows
        .into_iter()
        .filter_map(|(row, account)| {
            let account = account?;
            // Who came back does not leave any more.
            let stays = row.standing == "patron";
            let (reason, words) = words
                .remove(&row.account_id)
                .filter(|_| !stays)
                .unwrap_or_default();
            Some(Supporter {
                account_id: row.account_id,
                email: account.address().unwrap_or_default().to_owned(),
                name: account.name,
                tier: row.tier_id.and_then(|id| tiers.get(&id).cloned()),
                standing: row.standing,
                is_patron: row.is_patron,
                amount: row.amount,
                currency: row.currency,
                recurrence: row.recurrence.map(|recurrence| match recurrence {
                    Recurrence::Month => "month",
                    Recurrence::Year => "year",
                }),
                since: row.since,
                until: row.until,
                message: messages.remove(&row.account_id).flatten(),
                reason,
                words,
            })
        })
        .collect())
}
