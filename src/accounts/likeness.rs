//! Nobody goes by the name of somebody who writes here, nor by one that looks like it.

use std::{collections::HashSet, iter::once};

use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};
use unicode_security::confusable_detection::skeleton;
use uuid::Uuid;

use super::Refusal;
use crate::entities::{Role, account, author};

/// Refuses a name that readers would take for that of an author or an owner; their own they may have. Names that are
/// here already stay.
///
/// # Errors
/// [`Refusal::NameOfAuthor`], or the database.
pub(super) async fn check(
    db: &impl ConnectionTrait,
    name: &str,
    own: Option<Uuid>,
) -> Result<(), Refusal> {
    match is_anothers(db, name, own).await? {
        true => Err(Refusal::NameOfAuthor),
        false => Ok(()),
    }
}

/// Whether the name looks like that of an author or an owner whose account is another than `own`.
///
/// # Errors
/// If the database fails.
pub(super) async fn is_anothers(
    db: &impl ConnectionTrait,
    name: &str,
    own: Option<Uuid>,
) -> Result<bool, DbErr> {
    let authors = author::Entity::find().all(db).await?;
    let owners = account::Entity::find()
        .filter(account::Column::Role.ne(Role::Reader))
        .filter(account::Column::DeletedAt.is_null())
        .all(db)
        .await?;
    let authors = authors
        .iter()
        .map(|author| (author.account_id, &author.name));
    let owners = owners.iter().map(|owner| (owner.id, &owner.name));
    let looks = looks(name);
    let mut others = authors.chain(owners).filter(|(id, _)| Some(*id) != own);
    Ok(others.any(|(_, other)| !looks.is_disjoint(&self::looks(other))))
}

/// What a name looks like: letters and digits alone, each as the plainest one that it could be taken for (Unicode
/// Technical Standard 39, 4), in small letters. A capital I is an l to the eye, which a small i is not: so each
/// letter is looked at as it stands, and once more as the small one it also is.
fn looks(name: &str) -> HashSet<String> {
    let plain = |text: &str| skeleton(text).collect::<String>().to_lowercase();
    let as_it_stands = plain(name);
    let as_letters: String = name
        .chars()
        .map(|c| match c.is_ascii() {
            true => c.to_ascii_lowercase().to_string(),
            false => plain(once(c).collect::<String>().as_str()),
        })
        .collect();
    [as_it_stands, as_letters]
        .iter()
        .map(|text| skeleton(text).filter(|c| c.is_alphanumeric()).collect())
        .filter(|look: &String| !look.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_look_alike_are_one() {
        for (one, other, alike) in [
            ("Matthew Smith", "Matthew Smith", true),
            ("Matthew Smith", "matthew smith", true),
            ("Matthew Smith", "MATTHEW SMITH", true),
            ("Matthew Smith", "Matthew  Smith.", true),
            ("Matthew Smith", "Matthew-Smith", true),
            // Cyrillic а, е and М, mixed with Latin.
            ("Matthew Smith", "Mаtthеw Smith", true),
            ("Matthew Smith", "Мatthew Smith", true),
            ("Matthew Smith", "МATTHEW SMITH", true),
            ("Matthew Smith", "𝐌atthew Smith", true),
            ("Matthew Smith", "Ｍatthew Smith", true),
            ("Matthew Smith", "Matthew Srnith", true),
            ("Matthew Smith", "Matthéw Smith", true),
            ("Ian Lee", "lan Lee", true),
            ("Ian Lee", "1an Lee", true),
            ("Ольга", "Oльга", true),
            ("Matthew Smith", "Matthew Smythe", false),
            ("Matthew Smith", "Matthew", false),
            ("Matthew Smith", "Matthew Smith of Hull", false),
            ("Elia Berg", "Ella Berg", false),
            ("Ada", "Аня", false),
            ("שרה", "דנה", false),
        ] {
            let is_alike = !looks(one).is_disjoint(&looks(other));
            assert_eq!(is_alike, alike, "{one}: {other}");
        }
        assert!(looks("…").is_empty(), "what has no letters is like nobody");
    }
}
