//! What a reader has given once and is, or was, a patron by.

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder as _};
use serde::Serialize;
use uuid::Uuid;

use crate::entities::{author, membership, tip};

/// The tip that reaches farthest with one author.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Tipped {
    author_name: String,
    author_slug: String,
    /// Minor units.
    amount: i64,
    currency: String,
    until: DateTime<Utc>,
    is_in_force: bool,
}

/// One for each author, the farthest first. With whom she has a membership, that says how she stands.
///
/// # Errors
/// If the database fails.
pub(super) async fn of_account(
    db: &impl ConnectionTrait,
    account: Uuid,
    now: DateTime<Utc>,
) -> Result<Vec<Tipped>, DbErr> {
    let rows = tip::Entity::find()
        .filter(tip::Column::AccountId.eq(account))
        .filter(tip::Column::State.eq(tip::State::Paid))
        .filter(tip::Column::PatronUntil.is_not_null())
        .order_by_desc(tip::Column::PatronUntil)
        .all(db)
        .await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let memberships = membership::Entity::find()
        .filter(membership::Column::AccountId.eq(account))
        .all(db)
        .await?;
    let mut told: Vec<Uuid> = memberships.iter().map(|row| row.author_id).collect();
    let authors = author::Entity::find()
        .filter(author::Column::Id.is_in(rows.iter().map(|row| row.author_id)))
        .all(db)
        .await?;
    let tipped = rows.into_iter().filter_map(|row| {
        let until = row.patron_until?;
        let author = authors.iter().find(|author| author.id == row.author_id)?;
        if told.contains(&author.id) {
            return None;
        }
        told.push(author.id);
        Some(Tipped {
            author_name: author.name.clone(),
            author_slug: author.slug.clone(),
            amount: row.amount,
            currency: row.currency,
            until,
            is_in_force: until > now,
        })
    });
    Ok(tipped.collect())
}
