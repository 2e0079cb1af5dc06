//! Isso keeps its comments in an SQLite database, which is what it offers to take away: tables `threads` and
//! `comments` (isso/db/threads.py, isso/db/comments.py).

use std::path::Path;

use anyhow::{Context as _, bail};
use chrono::{DateTime, Utc};
use sea_orm::sqlx::{self, ConnectOptions as _, sqlite::SqliteConnectOptions};

use super::{
    Reason,
    foreign::{Foreign, Read, State, Words},
};

/// Shown; waiting; deleted, but answered (isso/db/comments.py).
const SHOWN: i64 = 1;
const WAITING: i64 = 2;
const DELETED: i64 = 4;

/// `uri, id, parent, created, modified, mode, text, author, email, likes, dislikes`
type Row = (
    String,
    i64,
    Option<i64>,
    f64,
    Option<f64>,
    i64,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<i64>,
    Option<i64>,
);

pub(super) async fn read(file: &Path) -> anyhow::Result<Read> {
    if file.as_os_str() == "-" {
        bail!("Isso's database has to be a file: SQLite cannot read it from a pipe");
    }
    let mut db = SqliteConnectOptions::new()
        .filename(file)
        .read_only(true)
        .connect()
        .await
        .with_context(|| file.display().to_string())?;
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT threads.uri, comments.id, comments.parent, comments.created, comments.modified, \
         comments.mode, comments.text, comments.author, comments.email, comments.likes, \
         comments.dislikes \
         FROM comments JOIN threads ON threads.id = comments.tid ORDER BY comments.id",
    )
    .fetch_all(&mut db)
    .await
    .context("this is no database of Isso")?;
    let mut read = Read::default();
    for row in rows {
        read.take(foreign(row));
    }
    Ok(read)
}

fn foreign(row: Row) -> Result<Foreign, Reason> {
    let (uri, id, parent, created, modified, mode, text, author, email, likes, dislikes) = row;
    let called = |id: i64| format!("isso:{uri}:{id}");
    Ok(Foreign {
        origin: called(id),
        parent: parent.map(called),
        slug: None,
        name: author.unwrap_or_default(),
        email,
        words: Words::Markdown(text.unwrap_or_default()),
        created_at: at(created).ok_or(Reason::Undated)?,
        edited_at: modified.and_then(at),
        state: match mode {
            SHOWN => State::Shown,
            WAITING => State::Held,
            DELETED => State::Deleted,
            _ => return Err(Reason::Unknown),
        },
        // Who voted, Isso keeps in a form that tells nobody.
        hearts: i32::try_from(likes.unwrap_or_default().max(0)).unwrap_or(i32::MAX),
        votes_against: usize::try_from(dislikes.unwrap_or_default()).unwrap_or_default(),
        is_pinned: false,
        url: uri,
    })
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "seconds since 1970 to the thousandth; what is beyond them is no date"
)]
fn at(seconds: f64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp_millis((seconds * 1000.0).round() as i64)
}
