//! Letters that have gone are emptied: what they said stands in mailboxes, and their links stay good for a while.

use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Duration, Utc};
use sea_orm::{ColumnTrait, DatabaseConnection, DbErr, EntityTrait, QueryFilter, sea_query::Expr};

use crate::entities::outbox::{self, Column, State};

/// How long the text of a mail is kept after it went, for whoever has to find out what was sent.
const KEPT: Duration = Duration::days(1);

/// Empties what went more than a day ago: once an hour, for it reads the whole outbox.
#[derive(Debug, Default)]
pub struct Forgetting {
    /// The hour in which it was done last, counted from 1970.
    last: AtomicI64,
}

impl Forgetting {
    /// Subject, recipient, key and times stay, as the owner's page shows them. Returns how many were emptied.
    ///
    /// # Errors
    /// If the database fails; it is done an hour later.
    pub async fn work(&self, db: &DatabaseConnection, now: DateTime<Utc>) -> Result<usize, DbErr> {
        let hour = now.timestamp() / 3600;
        if self.last.swap(hour, Ordering::Relaxed) == hour {
            return Ok(0);
        }
        let emptied = outbox::Entity::update_many()
            .col_expr(Column::BodyText, Expr::value(""))
            .col_expr(Column::BodyHtml, Expr::value(""))
            .filter(Column::State.eq(State::Sent))
            .filter(Column::SentAt.lte(now - KEPT))
            .filter(Column::BodyHtml.ne(""))
            .exec(db)
            .await?;
        Ok(usize::try_from(emptied.rows_affected).unwrap_or_default())
    }
}
