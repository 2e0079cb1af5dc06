//! Disqus' export: `thread` elements with the articles' addresses, and `post` elements that point to them.

use std::collections::HashMap;

use anyhow::bail;
use chrono::{DateTime, Utc};

use super::{
    Reason,
    foreign::{Foreign, Read, State, Words},
    xml::{self, Element},
};

pub(super) fn read(text: &str) -> anyhow::Result<Read> {
    let root = xml::parse(text)?;
    if root.name != "disqus" {
        bail!("this is no export of Disqus: it has no <disqus>");
    }
    let threads: HashMap<&str, &str> = root
        .all("thread")
        .filter_map(|thread| Some((thread.id.as_deref()?, thread.says("link"))))
        .collect();
    let mut read = Read::default();
    for post in root.all("post") {
        read.take(foreign(&threads, post));
    }
    Ok(read)
}

fn foreign(threads: &HashMap<&str, &str>, post: &Element) -> Result<Foreign, Reason> {
    if post.says("isSpam") == "true" {
        return Err(Reason::Spam);
    }
    let called = |id: &str| format!("disqus:{id}");
    let thread = post.child("thread").and_then(|thread| thread.id.as_deref());
    let (Some(thread), Some(id)) = (thread, post.id.as_deref()) else {
        return Err(Reason::Unknown);
    };
    let author = post.child("author");
    let of_author = |name: &str| author.map_or("", |author| author.says(name)).to_owned();
    let created_at: Result<DateTime<Utc>, _> = post.says("createdAt").parse();
    Ok(Foreign {
        origin: called(id),
        parent: post
            .child("parent")
            .and_then(|parent| parent.id.as_deref())
            .map(called),
        url: threads.get(thread).copied().unwrap_or_default().to_owned(),
        slug: None,
        name: of_author("name"),
        email: Some(of_author("email")),
        words: Words::Html(post.says("message").to_owned()),
        created_at: created_at.map_err(|_| Reason::Undated)?,
        edited_at: None,
        state: match post.says("isDeleted") {
            "true" => State::Deleted,
            _ => State::Shown,
        },
        // The export has no likes.
        hearts: 0,
        votes_against: 0,
        is_pinned: false,
    })
}
