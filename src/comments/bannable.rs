//! Who can be banned by whom: nobody bans those who moderate here above or beside them, guests, or whoever left.

use std::collections::HashSet;

use sea_orm::{ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait, QueryFilter as _};
use uuid::Uuid;

use super::standing::Rank;
use crate::entities::{Role, account, author, moderator};

/// Somebody who wrote under an article of an author.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Writer {
    pub account: Uuid,
    pub author: Uuid,
}

/// Those of the writers whom `by` can ban.
///
/// # Errors
/// If the database fails.
pub(super) async fn bannable(
    db: &impl ConnectionTrait,
    by: &account::Model,
    writers: &[Writer],
) -> Result<HashSet<Writer>, DbErr> {
    let authors = author::Entity::find()
        .filter(author::Column::Id.is_in(writers.iter().map(|writer| writer.author)))
        .all(db)
        .await?;
    let accounts = account::Entity::find()
        .filter(account::Column::Id.is_in(writers.iter().map(|writer| writer.account)))
        .filter(account::Column::DeletedAt.is_null())
        .all(db)
        .await?;
    let helpers = moderator::Entity::find()
        .filter(moderator::Column::AuthorId.is_in(authors.iter().map(|author| author.id)))
        .all(db)
        .await?;
    let rank = |of: &account::Model, author: &author::Model| match of.role {
        Role::Owner => Rank::Owner,
        _ if of.id == author.account_id => Rank::Author,
        _ => {
            let mut helpers = helpers.iter();
            match helpers.any(|row| (row.author_id, row.account_id) == (author.id, of.id)) {
                true => Rank::Moderator,
                false => Rank::Reader,
            }
        }
    };
    let can = |writer: &&Writer| {
        let author = authors.iter().find(|author| author.id == writer.author);
        let account = accounts.iter().find(|account| account.id == writer.account);
        author.zip(account).is_some_and(|(author, account)| {
            let (theirs, own) = (rank(account, author), rank(by, author));
            theirs < Rank::Author && theirs < own
        })
    };
    Ok(writers.iter().filter(can).copied().collect())
}
