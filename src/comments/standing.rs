//! What somebody is to a conversation: a reader, or one of those who keep it civil.

use sea_orm::{ConnectionTrait, DbErr, EntityTrait};
use uuid::Uuid;

use crate::{
    app::App,
    db::Seen,
    entities::{Role, account, author, moderator},
};

/// Each may do what those before may.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    #[default]
    Reader,
    /// Appointed by the author.
    Moderator,
    /// The article's own.
    Author,
    Owner,
}

impl Rank {
    /// Whether this one decides on other people's comments.
    pub fn moderates(self) -> bool {
        self >= Self::Moderator
    }
}

/// What `account` is under the articles of `author`.
///
/// # Errors
/// If the database fails.
pub async fn rank(
    db: &impl ConnectionTrait,
    account: &account::Model,
    author: &author::Model,
) -> Result<Rank, DbErr> {
    match by_role(account, author) {
        Rank::Reader if is_appointed(db, account.id, author.id).await? => Ok(Rank::Moderator),
        rank => Ok(rank),
    }
}

/// The same for a page that goes by what was `seen` of the database.
///
/// # Errors
/// If the database fails.
pub async fn known_rank(
    app: &App,
    seen: Seen,
    account: &account::Model,
    author: &author::Model,
) -> Result<Rank, DbErr> {
    let rank = by_role(account, author);
    if rank > Rank::Reader {
        return Ok(rank);
    }
    let key = format!("moderator {} {}", account.id, author.id);
    let asked = is_appointed(&app.db, account.id, author.id);
    match *app.readings.read(seen, &key, asked).await? {
        true => Ok(Rank::Moderator),
        false => Ok(Rank::Reader),
    }
}

fn by_role(account: &account::Model, author: &author::Model) -> Rank {
    match account.role {
        Role::Owner => Rank::Owner,
        _ if account.id == author.account_id => Rank::Author,
        _ => Rank::Reader,
    }
}

async fn is_appointed(
    db: &impl ConnectionTrait,
    account: Uuid,
    author: Uuid,
) -> Result<bool, DbErr> {
    let row = moderator::Entity::find_by_id((author, account));
    Ok(row.one(db).await?.is_some())
}
