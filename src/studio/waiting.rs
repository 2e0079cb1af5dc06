//! What waits for the author's hand, beside supporters who may be lost.

use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, PaginatorTrait as _,
    QueryFilter as _,
};
use serde::Serialize;
use uuid::Uuid;

use crate::{
    comments::{self, Scope},
    entities::{
        article::{self, Column},
        article_author, payout_account,
    },
    membership::payouts,
};

/// How much there is of each.
#[derive(Clone, Copy, Debug, Serialize)]
pub(super) struct Waiting {
    held: u64,
    reported: u64,
    drafts: u64,
    scheduled: u64,
    /// Whether being paid directly needs the author.
    payouts: bool,
}

impl Waiting {
    /// # Errors
    /// If the database fails.
    pub async fn of(
        db: &impl ConnectionTrait,
        author: Uuid,
        now: DateTime<Utc>,
    ) -> Result<Self, DbErr> {
        let (held, reported) = comments::waiting(db, &Scope::Authors(vec![author])).await?;
        let written = article::Entity::find().filter(article_author::Entity::written_by(author));
        let drafts = written
            .clone()
            .filter(Column::PublishedAt.is_null())
            .filter(Column::WithdrawnAt.is_null());
        let scheduled = written.filter(Column::PublishedAt.gt(now));
        let account = payouts::of(db, author).await?;
        Ok(Self {
            held,
            reported,
            drafts: drafts.count(db).await?,
            scheduled: scheduled.count(db).await?,
            payouts: account.is_some_and(|row| needs_a_word(&row)),
        })
    }

    pub fn is_any(&self) -> bool {
        self.held + self.reported + self.drafts + self.scheduled > 0 || self.payouts
    }
}

/// Where Stripe asks something, linking was begun and not finished, or the account came loose. What Stripe only
/// looks through needs nobody.
fn needs_a_word(row: &payout_account::Model) -> bool {
    match row.linked_at {
        None => row.stripe_account_id.is_none() && row.former_account_id.is_some(),
        Some(_) => !row.due.trim().is_empty() || !row.details_submitted,
    }
}
