//! Money that has left a Checkout and is not here yet: debits of banks, which take days to arrive or to be refused.

use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder as _, Select,
};
use serde::Serialize;
use uuid::Uuid;

use super::visibility::secret_among;
use crate::entities::{
    account, author,
    checkout::{self, Column, Kind, State},
    membership, price, tier,
};

/// One payment that is on its way.
#[derive(Clone, Debug, Serialize)]
pub struct OnItsWay {
    /// `tip`, `gift`, `change`, `membership` or `renewal`.
    pub kind: &'static str,
    /// The author for whom it is; `None` for the author's own eyes.
    pub author: Option<Named>,
    /// Who pays; `None` for her own eyes, of a stranger, and of one who supports in secret.
    pub payer: Option<String>,
    /// Minor units.
    pub amount: i64,
    pub currency: String,
    pub since: DateTime<Utc>,
}

/// What is on its way for a renewal that was not paid before.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Paying {
    /// Minor units.
    pub amount: i64,
    pub since: DateTime<Utc>,
}

impl Paying {
    pub fn of(row: &membership::Model) -> Option<Self> {
        let (amount, since) = row.paying_amount.zip(row.paying_since)?;
        Some(Self { amount, since })
    }
}

/// An author by name and address.
#[derive(Clone, Debug, Serialize)]
pub struct Named {
    pub name: String,
    pub slug: String,
}

/// What a reader has given once, to the author or as a gift, and her bank has not paid yet.
///
/// # Errors
/// If the database fails.
pub(super) async fn of_account(
    db: &impl ConnectionTrait,
    account: Uuid,
) -> Result<Vec<OnItsWay>, DbErr> {
    let rows = pending()
        .filter(Column::AccountId.eq(account))
        .filter(Column::Kind.is_in([Kind::Tip, Kind::Gift]))
        .all(db)
        .await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let authors = author::Entity::find()
        .filter(author::Column::Id.is_in(rows.iter().map(|row| row.author_id)))
        .all(db)
        .await?;
    let named = |id: Uuid| {
        let author = authors.iter().find(|author| author.id == id)?;
        Some(Named {
            name: author.name.clone(),
            slug: author.slug.clone(),
        })
    };
    let rows = rows.iter();
    Ok(rows
        .map(|row| OnItsWay {
            author: named(row.author_id),
            ..one(row)
        })
        .collect())
}

/// What is on its way to an author. Who supports in secret has no name.
///
/// # Errors
/// If the database fails.
pub async fn to_author(db: &impl ConnectionTrait, author: Uuid) -> Result<Vec<OnItsWay>, DbErr> {
    let rows = pending()
        .filter(Column::AuthorId.eq(author))
        .all(db)
        .await?;
    // Of a membership the Checkout is over at once, and what waits is its first payment.
    let begun = membership::Entity::find()
        .filter(membership::Column::AuthorId.eq(author))
        .filter(membership::Column::State.eq(membership::State::Pending))
        // One that is not finished at Checkout may never come to anything.
        .filter(membership::Column::StripeStatus.ne("incomplete"))
        .all(db)
        .await?;
    let renewed = membership::Entity::of(author)
        .filter(membership::Column::PayingSince.is_not_null())
        .all(db)
        .await?;
    let payers = rows.iter().filter_map(|row| row.account_id);
    let payers: Vec<Uuid> = payers
        .chain(begun.iter().chain(&renewed).map(|row| row.account_id))
        .collect();
    let secret = secret_among(db, author, &payers).await?;
    let payers = account::Entity::find()
        .filter(account::Column::Id.is_in(payers))
        .all(db)
        .await?;
    let named = |id: Option<Uuid>| {
        let payer = payers.iter().find(|payer| Some(payer.id) == id);
        let payer = payer.filter(|payer| !secret.contains(&payer.id))?;
        Some(payer.name.clone())
    };
    let paid = rows.iter().map(|row| OnItsWay {
        payer: named(row.account_id),
        ..one(row)
    });
    let begun = begun.iter().map(|row| OnItsWay {
        kind: "membership",
        author: None,
        payer: named(Some(row.account_id)),
        amount: row.amount,
        currency: row.currency.clone(),
        since: row.created_at,
    });
    let renewed = renewed.iter().filter_map(|row| {
        let paying = Paying::of(row)?;
        Some(OnItsWay {
            kind: "renewal",
            author: None,
            payer: named(Some(row.account_id)),
            amount: paying.amount,
            currency: row.currency.clone(),
            since: paying.since,
        })
    });
    let mut all: Vec<OnItsWay> = paid.chain(begun).chain(renewed).collect();
    all.sort_by_key(|one| std::cmp::Reverse(one.since));
    Ok(all)
}

/// The tier a reader changes to once her bank has paid, if there is one.
///
/// # Errors
/// If the database fails.
pub async fn change(
    db: &impl ConnectionTrait,
    account: Uuid,
    author: Uuid,
) -> Result<Option<String>, DbErr> {
    let row = pending()
        .filter(Column::AccountId.eq(account))
        .filter(Column::AuthorId.eq(author))
        .filter(Column::Kind.eq(Kind::Change))
        .one(db)
        .await?;
    let Some(price) = row.and_then(|row| row.price_id) else {
        return Ok(None);
    };
    let price = price::Entity::find_by_id(price).find_also_related(tier::Entity);
    let price = price.one(db).await?;
    Ok(price.and_then(|(_, tier)| tier).map(|tier| tier.name))
}

/// Newest first.
fn pending() -> Select<checkout::Entity> {
    checkout::Entity::find()
        .filter(Column::State.eq(State::Pending))
        .order_by_desc(Column::CreatedAt)
}

fn one(row: &checkout::Model) -> OnItsWay {
    OnItsWay {
        kind: match row.kind {
            Kind::Tip => "tip",
            Kind::Gift => "gift",
            Kind::Change => "change",
            Kind::Subscription => "membership",
        },
        author: None,
        payer: None,
        amount: row.amount,
        currency: row.currency.clone(),
        since: row.created_at,
    }
}
