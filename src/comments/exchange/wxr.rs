//! WordPress' export: RSS with `wp:comment` in each item (WXR 1.2, wp-admin/includes/export.php).

use anyhow::bail;
use chrono::{DateTime, NaiveDateTime, Utc};

use super::{
    Reason,
    foreign::{Foreign, Read, State, Words},
    xml::{self, Element},
};

pub(super) fn read(text: &str) -> anyhow::Result<Read> {
    let root = xml::parse(text)?;
    let Some(channel) = root.child("channel").filter(|_| root.name == "rss") else {
        bail!("this is no export of WordPress: it has no <rss><channel>");
    };
    let blog = channel.says("wp:base_blog_url");
    let blog = if blog.is_empty() {
        channel.says("link")
    } else {
        blog
    };
    let mut read = Read::default();
    for item in channel.all("item") {
        for comment in item.all("wp:comment") {
            read.take(foreign(blog, item, comment));
        }
    }
    Ok(read)
}

fn foreign(blog: &str, item: &Element, comment: &Element) -> Result<Foreign, Reason> {
    match comment.says("wp:comment_type") {
        "" | "comment" => {}
        "pingback" | "trackback" => return Err(Reason::Pingback),
        _ => return Err(Reason::Unknown),
    }
    let state = match comment.says("wp:comment_approved") {
        "1" => State::Shown,
        "0" => State::Held,
        "spam" => return Err(Reason::Spam),
        "trash" | "post-trashed" => return Err(Reason::Bin),
        _ => return Err(Reason::Unknown),
    };
    let called = |id: &str| format!("wxr:{blog}:{id}");
    let parent = comment.says("wp:comment_parent");
    let slug = item.says("wp:post_name");
    Ok(Foreign {
        origin: called(comment.says("wp:comment_id")),
        parent: (!matches!(parent, "" | "0")).then(|| called(parent)),
        url: item.says("link").to_owned(),
        slug: (!slug.is_empty()).then(|| slug.to_lowercase()),
        name: comment.says("wp:comment_author").to_owned(),
        email: Some(comment.says("wp:comment_author_email").to_owned()),
        words: Words::Html(paragraphs(comment.says("wp:comment_content"))),
        created_at: at(comment.says("wp:comment_date_gmt"))
            .or_else(|| at(comment.says("wp:comment_date")))
            .ok_or(Reason::Undated)?,
        edited_at: None,
        state,
        hearts: 0,
        votes_against: 0,
        is_pinned: false,
    })
}

fn at(text: &str) -> Option<DateTime<Utc>> {
    let time = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S").ok()?;
    Some(time.and_utc())
}

/// WordPress makes paragraphs of empty lines only when it shows a comment (`wpautop`).
fn paragraphs(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    if text.contains("<p>") {
        return text;
    }
    let paragraphs = text.split("\n\n").filter(|part| !part.trim().is_empty());
    let set = paragraphs.map(|part| format!("<p>{}</p>", part.trim().replace('\n', "<br>")));
    set.collect::<Vec<_>>().join("\n")
}
