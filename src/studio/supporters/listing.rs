//! The roll as an author reads it: filtered, searched, a page at a time.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait as _, PaginatorTrait as _,
    QueryFilter, QueryOrder as _, QuerySelect as _, Select,
};
use serde::Serialize;
use uuid::Uuid;

use super::wanted::Wanted;
use crate::{
    entities::{
        Recurrence, account, membership,
        supporter::{self, Column},
        supporter_label, tier, tip,
    },
    membership::{on_its_way::Paying, visibility::secret_among},
};

/// One supporter as lists and exports show her.
#[derive(Clone, Debug, Serialize)]
pub(in crate::studio) struct Supporter {
    /// `None` for who supports in secret; then there is no name, no address and no word of hers.
    pub account_id: Option<Uuid>,
    pub name: String,
    pub email: String,
    pub labels: Vec<String>,
    /// The word of her standing.
    pub standing: String,
    pub is_patron: bool,
    pub tier: Option<String>,
    pub amount: Option<i64>,
    pub currency: Option<String>,
    pub recurrence: Option<&'static str>,
    pub since: Option<DateTime<Utc>>,
    pub until: Option<DateTime<Utc>>,
    /// The money for a payment that failed, where it is on its way after all.
    pub paying: Option<Paying>,
    /// What she said with her last tip.
    pub message: Option<String>,
    /// Why she leaves, in Stripe's word and in her own.
    pub reason: Option<String>,
    pub words: Option<String>,
}

/// The words this author has given, each once.
pub(super) async fn labels(db: &impl ConnectionTrait, author: Uuid) -> Result<Vec<String>, DbErr> {
    supporter_label::Entity::of(author)
        .select_only()
        .column(supporter_label::Column::Label)
        .distinct()
        .into_tuple()
        .all(db)
        .await
}

/// The author's label that is this word whatever the case of its letters, if there is one.
pub(super) async fn known_label(
    db: &impl ConnectionTrait,
    author: Uuid,
    word: &str,
) -> Result<Option<String>, DbErr> {
    let wanted = word.to_lowercase();
    let mut known = labels(db, author).await?.into_iter();
    Ok(known.find(|label| label.to_lowercase() == wanted))
}

/// How many there are.
pub(super) async fn count(
    db: &impl ConnectionTrait,
    author: Uuid,
    wanted: &Wanted,
) -> Result<u64, DbErr> {
    match wanted.text {
        Some(_) => wanted.select(db, author).count(db).await,
        // Without the join.
        None => {
            let some = supporter::Entity::of(author).filter(wanted.condition(db, author));
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
    let rows = rows(db, wanted.select(db, author), first, most).await?;
    told(db, author, rows).await
}

type Row = (supporter::Model, Option<account::Model>);

async fn rows(
    db: &impl ConnectionTrait,
    select: Select<supporter::Entity>,
    first: u64,
    most: u64,
) -> Result<Vec<Row>, DbErr> {
    select
        .select_also(account::Entity)
        .order_by_desc(Column::FirstAt)
        .order_by_desc(Column::AccountId)
        .offset(first)
        .limit(most)
        .all(db)
        .await
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
    let wanted = Wanted::default().showing(show);
    let Some(standings) = wanted.standings() else {
        return page(db, author, &wanted, 0, most).await;
    };
    // Each standing has its own place in the index: a few are found among however many.
    let mut found = Vec::new();
    for standing in standings {
        let of_it = wanted
            .select(db, author)
            .filter(Column::Standing.eq(*standing));
        found.extend(rows(db, of_it, 0, most).await?);
    }
    found.sort_by_key(|(row, _)| std::cmp::Reverse((row.first_at, row.account_id)));
    found.truncate(usize::try_from(most).unwrap_or(usize::MAX));
    told(db, author, found).await
}

/// With what stands in other tables.
async fn told(
    db: &impl ConnectionTrait,
    author: Uuid,
    rows: Vec<Row>,
) -> Result<Vec<Supporter>, DbErr> {
    let tiers = tier::Entity::of(author).all(db).await?;
    let tiers: HashMap<Uuid, String> = tiers.into_iter().map(|tier| (tier.id, tier.name)).collect();
    let ids: Vec<Uuid> = rows.iter().map(|(row, _)| row.account_id).collect();
    let (mut words, mut messages) = (HashMap::new(), HashMap::new());
    let mut paying = HashMap::new();
    let (mut labels, mut secret) = (HashMap::<Uuid, Vec<String>>::new(), HashSet::new());
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
        let paid = membership::Entity::of(author)
            .filter(membership::Column::AccountId.is_in(some.iter().copied()))
            .filter(membership::Column::PayingSince.is_not_null())
            .all(db)
            .await?;
        let paid = paid
            .into_iter()
            .map(|row| (row.account_id, Paying::of(&row)));
        paying.extend(paid);
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
        let labelled = supporter_label::Entity::of(author)
            .filter(supporter_label::Column::AccountId.is_in(some.iter().copied()))
            .all(db)
            .await?;
        for row in labelled {
            labels.entry(row.account_id).or_default().push(row.label);
        }
        secret.extend(secret_among(db, author, some).await?);
    }
    Ok(rows
        .into_iter()
        .map(|(row, account)| {
            let account = account.filter(|_| !secret.contains(&row.account_id));
            let is_told = |_: &String| account.is_some();
            // Who came back does not leave any more.
            let stays = row.standing == "patron";
            let (reason, words) = words
                .remove(&row.account_id)
                .filter(|_| !stays)
                .unwrap_or_default();
            let email = account.as_ref().and_then(account::Model::address);
            Supporter {
                account_id: account.as_ref().map(|account| account.id),
                email: email.unwrap_or_default().to_owned(),
                name: account
                    .as_ref()
                    .map(|one| one.name.clone())
                    .unwrap_or_default(),
                labels: labels
                    .remove(&row.account_id)
                    .filter(|_| account.is_some())
                    .unwrap_or_default(),
                tier: row.tier_id.and_then(|id| tiers.get(&id).cloned()),
                standing: row.standing,
                is_patron: row.is_patron,
                amount: row.amount,
                currency: row.currency,
                recurrence: row.recurrence.map(Recurrence::word),
                since: row.since,
                until: row.until,
                paying: paying.remove(&row.account_id).flatten(),
                message: messages.remove(&row.account_id).flatten().filter(is_told),
                reason,
                words: words.filter(is_told),
            }
        })
        .collect())
}

/// One of the roll.
pub(super) async fn one(
    db: &impl ConnectionTrait,
    row: supporter::Model,
) -> Result<Option<Supporter>, DbErr> {
    let account = account::Entity::find_by_id(row.account_id).one(db).await?;
    let told = told(db, row.author_id, vec![(row, account)]).await?;
    Ok(told.into_iter().next())
}
