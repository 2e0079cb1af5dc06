//! Slugs: unique, stable, and never given to another once readers may have kept the link.

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait,
    QueryFilter, QuerySelect, sea_query::OnConflict,
};
use std::collections::HashSet;
use uuid::Uuid;

use crate::entities::{
    article, author,
    slug_redirect::{self, Kind},
};

/// The longest slug, in characters.
pub const LONGEST: usize = 100;

/// Whether this can stand in an address: small letters, digits and single dashes.
pub fn is_valid(slug: &str) -> bool {
    !slug.is_empty() && slug.len() <= LONGEST && slug::slugify(slug) == slug
}

/// A slug made of the words of a title or a name; `otherwise` if they give none.
pub fn of_words(words: &str, otherwise: &str) -> String {
    let mut slug = slug::slugify(words);
    if slug.len() > LONGEST - 10 {
        slug.truncate(LONGEST - 10);
        if let Some((whole, _)) = slug.rsplit_once('-') {
            slug.truncate(whole.len());
        }
    }
    if slug.is_empty() {
        otherwise.to_owned()
    } else {
        slug
    }
}

/// `slug`, or `slug-2`, `slug-3`, … if it is taken or kept for a redirect.
///
/// # Errors
/// If the database fails.
pub async fn free(db: &impl ConnectionTrait, kind: Kind, slug: &str) -> Result<String, DbErr> {
    let pattern = format!("{slug}%");
    let held: Vec<String> = match kind {
        Kind::Article => {
            let rows = article::Entity::find()
                .select_only()
                .column(article::Column::Slug)
                .filter(article::Column::Slug.like(&pattern));
            rows.into_tuple().all(db).await?
        }
        Kind::Author => {
            let rows = author::Entity::find()
                .select_only()
                .column(author::Column::Slug)
                .filter(author::Column::Slug.like(&pattern));
            rows.into_tuple().all(db).await?
        }
    };
    let kept: Vec<String> = slug_redirect::Entity::find()
        .select_only()
        .column(slug_redirect::Column::Slug)
        .filter(slug_redirect::Column::Kind.eq(kind))
        .filter(slug_redirect::Column::Slug.like(&pattern))
        .into_tuple()
        .all(db)
        .await?;
    let taken: HashSet<String> = held.into_iter().chain(kept).collect();
    Ok((1..)
        .map(|count| match count {
            1 => slug.to_owned(),
            _ => format!("{slug}-{count}"),
        })
        .find(|slug| !taken.contains(slug))
        .unwrap_or_else(|| slug.to_owned()))
}

/// What once had this slug, if anything did.
///
/// # Errors
/// If the database fails.
pub async fn former_owner(
    db: &impl ConnectionTrait,
    kind: Kind,
    slug: &str,
) -> Result<Option<Uuid>, DbErr> {
    let kept = slug_redirect::Entity::find_by_id((kind, slug.to_owned()))
        .one(db)
        .await?;
    Ok(kept.map(|kept| kept.target_id))
}

/// Whether `slug` once belonged to another than `owner`. Ask after the row was written: whoever
/// freed the slug held its unique key until then, so their redirect is seen now.
///
/// # Errors
/// If the database fails.
pub async fn is_kept_for_another(
    tx: &DatabaseTransaction,
    kind: Kind,
    slug: &str,
    owner: Uuid,
) -> Result<bool, DbErr> {
    let kept = former_owner(tx, kind, slug).await?;
    Ok(kept.is_some_and(|kept| kept != owner))
}

/// Notes that `owner` has left `old` for `new`.
///
/// # Errors
/// If the database fails.
pub async fn moved(
    tx: &DatabaseTransaction,
    now: DateTime<Utc>,
    kind: Kind,
    owner: Uuid,
    (old, new): (&str, &str),
) -> Result<(), DbErr> {
    slug_redirect::Entity::delete_by_id((kind, new.to_owned()))
        .exec(tx)
        .await?;
    let row = slug_redirect::ActiveModel {
        kind: Set(kind),
        slug: Set(old.to_owned()),
        target_id: Set(owner),
        created_at: Set(now),
    };
    slug_redirect::Entity::insert(row)
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(tx)
        .await
        .map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_is_made_of_a_titles_words() {
        for (title, expected) in [
            ("What the Tide Leaves", "what-the-tide-leaves"),
            ("Größe & Übermut!", "grosse-ubermut"),
            ("???", "article"),
        ] {
            assert_eq!(of_words(title, "article"), expected);
            assert!(is_valid(expected));
        }
        let long = of_words(&"many words ".repeat(30), "article");
        assert!(is_valid(&long) && long.ends_with("words"), "{long}");
        for bad in ["", "Large", "a b", "a--b", "-a", "a/b", "ä"] {
            assert!(!is_valid(bad), "{bad}");
        }
    }
}
