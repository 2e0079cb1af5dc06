//! How often somebody wants to hear of an article, by all who wrote it.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryTrait as _};
use uuid::Uuid;

use crate::{
    entities::{Frequency, following},
    membership::patrons_among,
};

/// What some readers have said about some authors, and whom they support now.
#[derive(Debug, Default)]
pub(super) struct Known {
    said: HashMap<(Uuid, Uuid), Frequency>,
    patrons: HashSet<(Uuid, Uuid)>,
}

/// What one reader wants of one article.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Wish {
    pub frequency: Frequency,
    /// Because of which author.
    pub author: Uuid,
    /// The first of the authors she supports now: then all of the text is for her.
    pub patron_of: Option<Uuid>,
    /// Whether she has said anything about any of the authors.
    pub has_said: bool,
}

impl Known {
    pub async fn load(
        db: &impl ConnectionTrait,
        authors: &[Uuid],
        accounts: &[Uuid],
        (now, grace_days): (DateTime<Utc>, u32),
    ) -> Result<Self, DbErr> {
        use following::Column;
        let said = following::Entity::find()
            .filter(Column::AccountId.is_in(accounts.iter().copied()))
            .filter(Column::AuthorId.is_in(authors.iter().copied()))
            // They lie close together in the index; from a list of a thousand alone PostgreSQL concludes
            // that it had better read the whole table.
            .apply_if(accounts.iter().min(), |said, first| {
                said.filter(Column::AccountId.gte(*first))
            })
            .apply_if(accounts.iter().max(), |said, last| {
                said.filter(Column::AccountId.lte(*last))
            })
            .all(db)
            .await?;
        let mut patrons = HashSet::new();
        for author in authors {
            let these = patrons_among(db, *author, accounts, now, grace_days).await?;
            patrons.extend(these.into_iter().map(|account| (account, *author)));
        }
        Ok(Self {
            said: said
                .into_iter()
                .map(|row| ((row.account_id, row.author_id), row.frequency))
                .collect(),
            patrons,
        })
    }

    /// The soonest of what she wants of any of `authors`, the lead first. Who supports an author and has
    /// said nothing hears at once.
    pub fn wish(&self, account: Uuid, authors: &[Uuid]) -> Wish {
        let said = |author: &Uuid| self.said.get(&(account, *author)).copied();
        let supports = |author: &&Uuid| self.patrons.contains(&(account, **author));
        let wanted = |author: &Uuid| match said(author) {
            Some(frequency) => frequency,
            None if supports(&author) => Frequency::AtOnce,
            None => Frequency::None,
        };
        // Of several as soon, one she supports: it says why she may read all.
        let best = authors
            .iter()
            .min_by_key(|author| (wanted(author), !supports(author)));
        Wish {
            frequency: best.map_or(Frequency::None, wanted),
            author: best.copied().unwrap_or_default(),
            patron_of: authors.iter().find(supports).copied(),
            has_said: authors.iter().any(|author| said(author).is_some()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_several_authors_the_soonest_wish_counts() {
        use Frequency::{AtOnce, Daily, None as Never, Weekly};
        let (reader, lead, other) = (Uuid::from_u128(1), Uuid::from_u128(2), Uuid::from_u128(3));
        for (said_lead, said_other, supports, expected, because) in [
            (None, None, None, Never, lead),
            (Some(Daily), None, None, Daily, lead),
            (Some(Daily), Some(AtOnce), None, AtOnce, other),
            (Some(Weekly), Some(Weekly), None, Weekly, lead),
            (None, None, Some(other), AtOnce, other),
            (Some(AtOnce), None, Some(other), AtOnce, other),
            // Who supports and said no is not written to,
            (None, Some(Never), Some(other), Never, other),
            // unless she follows the other one.
            (Some(Weekly), Some(Never), Some(other), Weekly, lead),
        ] {
            let mut known = Known::default();
            for (author, said) in [(lead, said_lead), (other, said_other)] {
                if let Some(frequency) = said {
                    known.said.insert((reader, author), frequency);
                }
            }
            known
                .patrons
                .extend(supports.map(|author| (reader, author)));
            let wish = known.wish(reader, &[lead, other]);
            assert_eq!(wish.frequency, expected, "{said_lead:?} {said_other:?}");
            assert_eq!(wish.author, because, "{said_lead:?} {said_other:?}");
            assert_eq!(wish.patron_of, supports);
        }
    }
}
