//! Remark42's backup: a line about the site, then a comment a line, as JSON
//! (backend/app/migrator/native.go, backend/app/store/comment.go).

use std::collections::HashMap;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::foreign::{Foreign, Read, State, Words};

/// The first line.
#[derive(Deserialize)]
struct Meta {
    version: i64,
}

#[derive(Deserialize)]
struct Comment {
    id: String,
    #[serde(default)]
    pid: String,
    /// Rendered.
    #[serde(default)]
    text: String,
    user: User,
    locator: Locator,
    time: DateTime<Utc>,
    #[serde(default)]
    edit: Option<Edit>,
    #[serde(default)]
    delete: bool,
    /// Votes for less votes against.
    #[serde(default)]
    score: i64,
    /// Who voted, and whether for it.
    #[serde(default)]
    votes: Option<HashMap<String, bool>>,
    #[serde(default)]
    pin: bool,
}

#[derive(Deserialize)]
struct User {
    #[serde(default)]
    name: String,
}

#[derive(Deserialize)]
struct Locator {
    #[serde(default)]
    site: String,
    url: String,
}

#[derive(Deserialize)]
struct Edit {
    time: DateTime<Utc>,
}

pub(super) fn read(text: &str) -> anyhow::Result<Read> {
    let mut lines = text
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty());
    let (_, first) = lines.next().context("the file is empty")?;
    let meta: Meta = serde_json::from_str(first)
        .context("this is no backup of Remark42: its first line says no version")?;
    anyhow::ensure!(
        meta.version == 1,
        "version {} of a backup is not known",
        meta.version
    );
    let mut read = Read::default();
    for (number, line) in lines {
        let comment: Comment =
            serde_json::from_str(line).with_context(|| format!("line {}", number + 1))?;
        read.take(Ok(foreign(comment)));
    }
    Ok(read)
}

/// Votes for and against. Where who voted was not kept, the score is what is known.
fn votes(comment: &Comment) -> (i64, i64) {
    let votes = comment.votes.iter().flatten();
    let (up, down) = votes.fold((0, 0), |(up, down), (_, is_for)| match is_for {
        true => (up + 1, down),
        false => (up, down + 1),
    });
    (up.max(comment.score), down.max(-comment.score))
}

fn foreign(comment: Comment) -> Foreign {
    let (up, down) = votes(&comment);
    let site = comment.locator.site;
    let called = |id: &str| format!("remark42:{site}:{id}");
    let parent = (!comment.pid.is_empty()).then(|| called(&comment.pid));
    Foreign {
        origin: called(&comment.id),
        parent,
        url: comment.locator.url,
        slug: None,
        name: comment.user.name,
        email: None,
        words: Words::Html(comment.text),
        created_at: comment.time,
        edited_at: comment.edit.map(|edit| edit.time),
        state: if comment.delete {
            State::Deleted
        } else {
            State::Shown
        },
        hearts: i32::try_from(up).unwrap_or(i32::MAX),
        votes_against: usize::try_from(down).unwrap_or_default(),
        is_pinned: comment.pin,
    }
}
