//! Where what arrives belongs: articles by address, writers by proven e-mail, and rows in one transaction.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction,
    DbErr, EntityTrait, IntoActiveModel as _, QueryFilter, QuerySelect as _, sea_query::OnConflict,
};
use uuid::Uuid;

use crate::entities::{
    Role, account, article,
    comment::{self, GUESTS},
    slug_redirect::{self, Kind},
};

/// Rows an INSERT, values a condition.
pub(super) const CHUNK: usize = 500;

/// The articles there are, by every slug they have or had.
pub(super) async fn articles(db: &impl ConnectionTrait) -> Result<HashMap<String, Uuid>, DbErr> {
    let former = slug_redirect::Entity::find()
        .filter(slug_redirect::Column::Kind.eq(Kind::Article))
        .all(db)
        .await?;
    let present: Vec<(String, Uuid)> = article::Entity::find()
        .select_only()
        .columns([article::Column::Slug, article::Column::Id])
        .into_tuple()
        .all(db)
        .await?;
    let former = former.into_iter().map(|row| (row.slug, row.target_id));
    Ok(former.chain(present).collect())
}

/// The slug an address ends in: `https://x.example/2020/01/the-tide.html?x=1` is `the-tide`.
pub(super) fn slug_of(address: &str) -> String {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let path = path.trim_end_matches('/');
    let last = path.rsplit('/').next().unwrap_or_default();
    let last = last
        .strip_suffix(".html")
        .or(last.strip_suffix(".htm"))
        .unwrap_or(last);
    let plain = percent_encoding::percent_decode_str(last).decode_utf8_lossy();
    plain.to_lowercase()
}

/// The readers who have proven these addresses, by address in small letters.
pub(super) async fn readers(
    db: &impl ConnectionTrait,
    emails: HashSet<String>,
) -> Result<HashMap<String, Uuid>, DbErr> {
    let emails: Vec<String> = emails.into_iter().collect();
    let mut found = HashMap::new();
    for chunk in emails.chunks(CHUNK) {
        let rows = account::Entity::find()
            .filter(account::Column::Email.is_in(chunk))
            .filter(account::Column::DeletedAt.is_null())
            .all(db)
            .await?;
        found.extend(
            rows.into_iter()
                .filter_map(|row| Some((row.email?, row.id))),
        );
    }
    Ok(found)
}

/// The account guests' comments belong to, made with the first of them.
pub(super) async fn make_guests(
    tx: &DatabaseTransaction,
    now: DateTime<Utc>,
    language: &str,
) -> Result<(), DbErr> {
    let row = account::ActiveModel {
        id: Set(GUESTS),
        name: Set(String::new()),
        role: Set(Role::Reader),
        language: Set(language.to_owned()),
        created_at: Set(now),
        deleted_at: Set(Some(now)),
        ..Default::default()
    };
    let once = OnConflict::column(account::Column::Id)
        .do_nothing()
        .to_owned();
    account::Entity::insert(row)
        .on_conflict(once)
        .exec_without_returning(tx)
        .await
        .map(drop)
}

/// Writes rows of every column.
pub(super) async fn write(
    tx: &DatabaseTransaction,
    rows: Vec<comment::Model>,
) -> Result<(), DbErr> {
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let chunk = rows.by_ref().take(CHUNK);
        let chunk = chunk.map(|row| row.into_active_model().reset_all());
        comment::Entity::insert_many(chunk)
            .exec_without_returning(tx)
            .await?;
    }
    Ok(())
}

/// A comment with nothing said of it.
pub(super) fn blank(id: Uuid, article_id: Uuid, created_at: DateTime<Utc>) -> comment::Model {
    comment::Model {
        id,
        article_id,
        account_id: GUESTS,
        parent_id: None,
        thread_id: None,
        body_markdown: String::new(),
        body_html: String::new(),
        created_at,
        edited_at: None,
        deleted_at: None,
        hidden_at: None,
        hidden_by: None,
        hidden_above: false,
        deleted_by: None,
        held_at: None,
        held_for: None,
        approved_at: None,
        hearts: 0,
        picked_at: None,
        pinned_at: None,
        guest_name: None,
        origin: None,
        telling_at: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_its_article_by_its_last_part() {
        for (address, slug) in [
            ("https://x.example/2020/01/The-Tide/", "the-tide"),
            ("https://x.example/the-tide.html?page=2#c", "the-tide"),
            ("/articles/the-tide", "the-tide"),
            ("https://x.example/caf%C3%A9", "café"),
            ("https://x.example/", "x.example"),
            ("", ""),
        ] {
            assert_eq!(slug_of(address), slug, "{address}");
        }
    }
}
