//! What an author has in hand: her articles by state, and those whose titles hold what is looked for.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::written::Written;
use crate::notices::Counts;

/// How many a page shows.
const PAGE: usize = 50;

/// Which articles are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shown {
    #[default]
    All,
    /// Never out, or not yet finished.
    Draft,
    /// Out at a moment that lies ahead.
    Scheduled,
    Published,
    /// Once out, and taken back.
    Withdrawn,
}

/// A page of the list.
#[derive(Clone, Debug, Serialize)]
pub struct Desk {
    pub articles: Vec<Entry>,
    /// How many there are of each: the filter's name, and how many titles fit.
    pub counts: Vec<(&'static str, usize)>,
    /// Whether there are more on another page.
    pub has_more: bool,
}

/// An article and its state.
#[derive(Clone, Debug, Serialize)]
pub struct Entry {
    #[serde(flatten)]
    pub article: Written,
    pub state: &'static str,
    /// What became of its letters; `None` if readers were not told, or nobody has looked.
    pub letters: Option<Counts>,
}

impl Shown {
    const EACH: [Self; 5] = [
        Self::All,
        Self::Draft,
        Self::Scheduled,
        Self::Published,
        Self::Withdrawn,
    ];

    /// By the word an address has for it; anything else shows all.
    pub fn named(word: &str) -> Self {
        let known = Self::EACH.into_iter().find(|shown| shown.word() == word);
        known.unwrap_or_default()
    }

    pub fn word(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Draft => "draft",
            Self::Scheduled => "scheduled",
            Self::Published => "published",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The state of an article at `now`.
    pub fn of(
        now: DateTime<Utc>,
        published_at: Option<DateTime<Utc>>,
        withdrawn_at: Option<DateTime<Utc>>,
    ) -> Self {
        match (published_at, withdrawn_at) {
            (Some(at), _) if at > now => Self::Scheduled,
            (Some(_), _) => Self::Published,
            (None, Some(_)) => Self::Withdrawn,
            (None, None) => Self::Draft,
        }
    }
}

/// Sorts `written` by state and shows page `page` (from 0) of those asked for.
pub fn desk(
    written: Vec<Written>,
    now: DateTime<Utc>,
    shown: Shown,
    (wanted, page): (&str, usize),
) -> Desk {
    let wanted = wanted.trim().to_lowercase();
    let fitting: Vec<(Shown, Written)> = written
        .into_iter()
        .filter(|article| article.title.to_lowercase().contains(&wanted))
        .map(|article| {
            let state = Shown::of(now, article.published_at, article.withdrawn_at);
            (state, article)
        })
        .collect();
    let is_in = |filter: Shown, state: Shown| filter == Shown::All || filter == state;
    let counts = Shown::EACH.map(|filter| {
        let count = fitting.iter().filter(|(state, _)| is_in(filter, *state));
        (filter.word(), count.count())
    });
    let mut articles: Vec<Entry> = fitting
        .into_iter()
        .filter(|(state, _)| is_in(shown, *state))
        .skip(page.saturating_mul(PAGE))
        .take(PAGE + 1)
        .map(|(state, article)| Entry {
            article,
            state: state.word(),
            letters: None,
        })
        .collect();
    let has_more = articles.len() > PAGE;
    articles.truncate(PAGE);
    Desk {
        articles,
        counts: counts.to_vec(),
        has_more,
    }
}

#[cfg(test)]
mod tests {
    use chrono::Duration;
    use uuid::Uuid;

    use super::*;
    use crate::entities::{Audience, Gate};

    #[test]
    fn articles_are_counted_by_state_and_found_by_title() {
        let now = DateTime::UNIX_EPOCH;
        let article = |title: &str, published: Option<i64>, withdrawn: Option<i64>| Written {
            id: Uuid::nil(),
            slug: String::new(),
            title: title.to_owned(),
            audience: Audience::Public,
            gate: Gate::Closed,
            published_at: published.map(|hours| now + Duration::hours(hours)),
            withdrawn_at: withdrawn.map(|hours| now + Duration::hours(hours)),
            updated_at: now,
            author: String::new(),
            author_name: String::new(),
        };
        let written = vec![
            article("Über das Meer", None, None),
            article("Meer", Some(1), Some(-3)),
            article("Fähre", Some(0), None),
            article("Ebbe", None, Some(-1)),
        ];
        let all = desk(written.clone(), now, Shown::All, ("", 0));
        let expected = [
            ("all", 4),
            ("draft", 1),
            ("scheduled", 1),
            ("published", 1),
            ("withdrawn", 1),
        ];
        assert_eq!(all.counts, expected);
        let found = desk(written.clone(), now, Shown::Draft, (" üBER ", 0));
        assert_eq!(found.articles.len(), 1);
        assert_eq!(found.counts[0], ("all", 1));
        let many = vec![article("Meer", None, None); 51];
        let second = desk(many, now, Shown::All, ("", 1));
        assert_eq!((second.articles.len(), second.has_more), (1, false));
    }
}
