//! The rules an author keeps, or the publication: read, written, and what became otherwise noted in words.

use sea_orm::{
    ActiveValue::Set, ConnectionTrait, DbErr, EntityTrait, QuerySelect as _, sea_query::OnConflict,
};
use serde::Serialize;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::house::{HouseError, LONGEST};
use crate::{
    app::App,
    db,
    entities::{
        audit_entry,
        house_rules::{self, Mode},
    },
};

/// Rules, as typed.
#[derive(Clone, Debug, Serialize)]
pub struct NewRules {
    pub mode: String,
    pub hold: String,
    pub refuse: String,
}

/// The rules of an author (nil: of the publication) as a form shows them.
///
/// # Errors
/// If the database fails.
pub async fn rules(db: &impl ConnectionTrait, author: Uuid) -> Result<NewRules, DbErr> {
    let row = house_rules::Entity::find_by_id(author).one(db).await?;
    let (mode, hold, refuse) = match row {
        Some(row) => (row.mode, row.hold, row.refuse),
        None => (Mode::Off, String::new(), String::new()),
    };
    Ok(NewRules {
        mode: mode_word(mode).to_owned(),
        hold,
        refuse,
    })
}

/// Keeps the rules of an author (nil: of the publication).
///
/// # Errors
/// What a person can mend, or the database.
pub async fn keep_rules(
    app: &App,
    by: Uuid,
    author: Uuid,
    new: &NewRules,
) -> Result<(), HouseError> {
    let mode = mode_of(&new.mode).ok_or(HouseError::UnknownMode)?;
    let lists = [&new.hold, &new.refuse];
    if lists.iter().any(|list| list.chars().count() > LONGEST) {
        return Err(HouseError::TooLong);
    }
    let [hold, refuse] = lists.map(|list| list.replace('\0', "").replace("\r\n", "\n"));
    let now = app.clock.now();
    let tx = db::begin(&app.db).await?;
    let old = house_rules::Entity::find_by_id(author).lock_exclusive();
    let old = old.one(&tx).await?.unwrap_or(house_rules::Model {
        author_id: author,
        mode: Mode::Off,
        hold: String::new(),
        refuse: String::new(),
        updated_at: now,
    });
    let changes = changes(&old, mode, &hold, &refuse);
    let row = house_rules::ActiveModel {
        author_id: Set(author),
        mode: Set(mode),
        hold: Set(hold),
        refuse: Set(refuse),
        updated_at: Set(now),
    };
    let again = OnConflict::column(house_rules::Column::AuthorId)
        .update_columns([
            house_rules::Column::Mode,
            house_rules::Column::Hold,
            house_rules::Column::Refuse,
            house_rules::Column::UpdatedAt,
        ])
        .to_owned();
    house_rules::Entity::insert(row)
        .on_conflict(again)
        .exec_without_returning(&tx)
        .await?;
    let subject = match author.is_nil() {
        true => "publication".to_owned(),
        false => author.to_string(),
    };
    if !changes.is_empty() {
        let detail = Value::Object(changes);
        audit_entry::Entity::note(&tx, now, Some(by), "house_rules", &subject, &detail).await?;
    }
    Ok(tx.commit().await?)
}

/// What becomes otherwise: the mode, and the lines that come to the lists and go from them.
fn changes(old: &house_rules::Model, mode: Mode, hold: &str, refuse: &str) -> Map<String, Value> {
    let mut changes = Map::new();
    if old.mode != mode {
        changes.insert("waits".to_owned(), mode_word(mode).into());
        changes.insert("waits_before".to_owned(), mode_word(old.mode).into());
    }
    for (list, before, after) in [
        ("held", &*old.hold, hold),
        ("refused", &*old.refuse, refuse),
    ] {
        for (what, some, others) in [("added", after, before), ("removed", before, after)] {
            let is_new = |one: &&str| lines(others).all(|other| other != *one);
            let lines: Vec<&str> = lines(some).filter(is_new).collect();
            if !lines.is_empty() {
                changes.insert(format!("{list}_{what}"), lines.into());
            }
        }
    }
    changes
}

fn lines(list: &str) -> impl Iterator<Item = &str> {
    list.lines().map(str::trim).filter(|line| !line.is_empty())
}

/// The mode of this word.
pub(super) fn mode_of(word: &str) -> Option<Mode> {
    let modes = [Mode::Off, Mode::First, Mode::Links, Mode::All];
    modes.into_iter().find(|mode| mode_word(*mode) == word)
}

pub(super) fn mode_word(mode: Mode) -> &'static str {
    match mode {
        Mode::Off => "off",
        Mode::First => "first",
        Mode::Links => "links",
        Mode::All => "all",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_becomes_otherwise_is_told_line_by_line() {
        let old = house_rules::Model {
            author_id: Uuid::nil(),
            mode: Mode::First,
            hold: "casino\n\n free money \n".to_owned(),
            refuse: "@spam.example".to_owned(),
            updated_at: chrono::DateTime::UNIX_EPOCH,
        };
        for (mode, hold, refuse, expected) in [
            (
                Mode::First,
                "free money\ncasino",
                "@spam.example",
                json!({}),
            ),
            (
                Mode::All,
                "casino\nviagra\nloan",
                "",
                json!({
                    "waits": "all", "waits_before": "first", "held_added": ["viagra", "loan"],
                    "held_removed": ["free money"], "refused_removed": ["@spam.example"],
                }),
            ),
            (
                Mode::First,
                "casino\nfree money",
                "@spam.example\nann@x.example",
                json!({ "refused_added": ["ann@x.example"] }),
            ),
        ] {
            let told = Value::Object(changes(&old, mode, hold, refuse));
            assert_eq!(told, expected);
        }
    }
}
