//! What there is to read on the publication under load.

use chrono::{DateTime, Duration, Utc};
use plaudit::entities::{Audience, Gate, article, author};
use uuid::Uuid;

const ARTICLES: usize = 1_000;

/// Articles of these authors in turn, the newest first.
pub fn articles(authors: &[author::Model], now: DateTime<Utc>) -> Vec<article::Model> {
    let paragraph = "The ferry waits for the last of them, as it has waited every evening since the \
        bridge was closed, and nobody on board looks at a watch. “It leaves when it leaves,” says \
        the captain, who has said so for thirty years, and turns the page. ";
    let body = paragraph.repeat(3);
    (0..ARTICLES)
        .map(|number| article::Model {
            id: Uuid::now_v7(),
            author_id: authors[number % authors.len()].id,
            slug: format!("article-{number}"),
            title: format!("The ferry that waits, part {number}"),
            standfirst: "Why a timetable is only a suggestion.".to_owned(),
            body_markdown: format!("{body}\n\n").repeat(8),
            body_html: format!("<p>{body}</p>\n").repeat(8),
            excerpt: paragraph.to_owned(),
            audience: Audience::Public,
            gate: Gate::Patrons,
            gate_tiers: None,
            gate_days: None,
            reading_minutes: 4,
            published_at: Some(now - Duration::hours(2 + number as i64)),
            version: 1,
            withdrawn_at: None,
            opens_at: None,
            opens_to: None,
            cover: None,
            cover_alt: String::new(),
            cover_credit: String::new(),
            created_at: now,
            updated_at: now,
        })
        .collect()
}
