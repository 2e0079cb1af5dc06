//! What an author writes, before it is kept: its parts, their bounds, and why one is refused.

use chrono::{DateTime, Utc};
use sea_orm::DbErr;
use uuid::Uuid;

use super::versions::Text;
use crate::{
    entities::{Audience, Gate, article},
    slugs,
    tidying::{body, is_invisible, line},
};

/// The longest title, in characters.
const LONGEST_TITLE: usize = 200;
/// The longest standfirst, in characters.
const LONGEST_STANDFIRST: usize = 1000;
/// The longest text, in characters: a short book.
const LONGEST_BODY: usize = 300_000;
/// How many topics an article has at most.
const MOST_TAGS: usize = 10;
/// The longest topic, in characters.
const LONGEST_TAG: usize = 40;
/// How many write an article with its author at most.
const MOST_CO_AUTHORS: usize = 20;

/// What an author writes: the fields of the form, or of a file and its front matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    pub title: String,
    /// Empty: made of the title, and kept by an article that was out.
    pub slug: String,
    pub standfirst: String,
    pub body_markdown: String,
    pub audience: Audience,
    pub gate: Gate,
    /// Ids of tiers with spaces between, for [`Gate::Tiers`].
    pub gate_tiers: Option<String>,
    /// For how many days after publication one may comment; `None` for ever.
    pub gate_days: Option<i32>,
    /// When it is for more people than `audience`.
    pub opening: Option<Opening>,
    /// Topics by their names.
    pub tags: Vec<String>,
    /// Who writes it too, by the names or slugs of their pages, in their order; `None` leaves those there are.
    pub co_authors: Option<Vec<String>>,
}

/// A moment from which an article is for others too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opening {
    pub at: DateTime<Utc>,
    pub to: Audience,
}

/// Why an article was not saved. Each has a sentence in the catalogues.
#[derive(Debug, thiserror::Error)]
pub enum SaveError {
    #[error("the title is missing")]
    TitleMissing,
    #[error("the title is longer than {LONGEST_TITLE} characters")]
    TitleTooLong,
    #[error("the standfirst is longer than {LONGEST_STANDFIRST} characters")]
    StandfirstTooLong,
    #[error("the text is longer than {LONGEST_BODY} characters")]
    BodyTooLong,
    #[error("there are more than {MOST_TAGS} topics")]
    TagsTooMany,
    #[error("a topic is longer than {LONGEST_TAG} characters, or has no letter")]
    TagInvalid,
    #[error("it would not open to more people than it is for already")]
    OpeningNarrow,
    #[error("it would open to more people before it comes out")]
    OpeningBefore,
    #[error("there is no author “{0}”")]
    CoAuthorUnknown(String),
    #[error("several authors are called “{0}”; their slugs tell them apart")]
    CoAuthorUnclear(String),
    #[error("“{0}” stands there twice")]
    CoAuthorTwice(String),
    #[error("there are more than {MOST_CO_AUTHORS} co-authors")]
    CoAuthorsTooMany,
    #[error("no tier is chosen that may comment")]
    TiersMissing,
    #[error("comments stay open for 1 to 3650 days, or for ever")]
    DaysInvalid,
    #[error("the slug may hold small letters, digits and single dashes")]
    SlugInvalid,
    #[error("the slug is longer than {} characters", slugs::LONGEST)]
    SlugTooLong,
    #[error("the slug “{0}” belongs to another article, or once did")]
    SlugTaken(String),
    /// Somebody saved it meanwhile; the text that was typed is kept as this version, unless it is the same.
    #[error("somebody else has saved the article meanwhile")]
    Crossed(Option<Uuid>),
    #[error("there is no such article")]
    NotFound,
    #[error(transparent)]
    Db(#[from] DbErr),
    /// A letter about it could not be written.
    #[error(transparent)]
    Failed(#[from] anyhow::Error),
}

impl SaveError {
    /// The catalogue key of the sentence that says so; `None` for what is no one's doing.
    pub fn key(&self) -> Option<&'static str> {
        match self {
            Self::TitleMissing => Some("articles-title-missing"),
            Self::TitleTooLong => Some("articles-title-too-long"),
            Self::StandfirstTooLong => Some("articles-standfirst-too-long"),
            Self::BodyTooLong => Some("writing-body-too-long"),
            Self::TagsTooMany => Some("writing-tags-too-many"),
            Self::TagInvalid => Some("writing-tag-invalid"),
            Self::OpeningNarrow => Some("writing-opening-narrow"),
            Self::OpeningBefore => Some("writing-opening-before"),
            Self::CoAuthorUnknown(_) => Some("writing-co-author-unknown"),
            Self::CoAuthorUnclear(_) => Some("writing-co-author-unclear"),
            Self::CoAuthorTwice(_) => Some("writing-co-author-twice"),
            Self::CoAuthorsTooMany => Some("writing-co-authors-too-many"),
            Self::TiersMissing => Some("articles-tiers-missing"),
            Self::DaysInvalid => Some("articles-days-invalid"),
            Self::SlugInvalid => Some("articles-slug-invalid"),
            Self::SlugTooLong => Some("articles-slug-too-long"),
            Self::SlugTaken(_) => Some("articles-slug-taken"),
            Self::Crossed(_) | Self::NotFound | Self::Db(_) | Self::Failed(_) => None,
        }
    }

    /// The name that sentence speaks of, where it does.
    pub fn about(&self) -> Option<&str> {
        match self {
            Self::CoAuthorUnknown(name)
            | Self::CoAuthorUnclear(name)
            | Self::CoAuthorTwice(name)
            | Self::SlugTaken(name) => Some(name),
            _ => None,
        }
    }
}

impl Draft {
    /// An article as it is, with another text and other topics: what stays with its lead author stays.
    pub fn of_text(article: &article::Model, text: Text, tags: Vec<String>) -> Self {
        let opening = article.opens_at.zip(article.opens_to);
        Self {
            title: text.title,
            slug: article.slug.clone(),
            standfirst: text.standfirst,
            body_markdown: text.body,
            audience: article.audience,
            gate: article.gate,
            gate_tiers: article.gate_tiers.clone(),
            gate_days: article.gate_days,
            opening: opening.map(|(at, to)| Opening { at, to }),
            tags,
            co_authors: None,
        }
    }

    /// The same, tidied, if it can be kept.
    pub(super) fn checked(mut self) -> Result<Self, SaveError> {
        self.title = line(&self.title);
        self.slug = self.slug.trim().to_owned();
        self.standfirst = line(&self.standfirst);
        self.body_markdown = body(&self.body_markdown);
        if !self.title.chars().any(|c| !is_invisible(c)) {
            return Err(SaveError::TitleMissing);
        }
        self.within_bounds()?;
        if self.slug.chars().count() > slugs::LONGEST {
            return Err(SaveError::SlugTooLong);
        }
        if !self.slug.is_empty() && !slugs::is_valid(&self.slug) {
            return Err(SaveError::SlugInvalid);
        }
        self.gate_tiers = self.gate_tiers.filter(|tiers| !tiers.trim().is_empty());
        if self.gate != Gate::Tiers {
            self.gate_tiers = None;
        } else if self.gate_tiers.is_none() {
            return Err(SaveError::TiersMissing);
        }
        if self
            .gate_days
            .is_some_and(|days| !(1..=3650).contains(&days))
        {
            return Err(SaveError::DaysInvalid);
        }
        self.opening = self
            .opening
            .map(|opening| opening.of(self.audience))
            .transpose()?;
        self.tags = tags(&self.tags)?;
        if self
            .co_authors
            .as_ref()
            .is_some_and(|named| named.len() > MOST_CO_AUTHORS)
        {
            return Err(SaveError::CoAuthorsTooMany);
        }
        Ok(self)
    }

    /// Whether none of its texts is too long.
    pub(super) fn within_bounds(&self) -> Result<(), SaveError> {
        let longer = |text: &str, bound: usize| text.chars().count() > bound;
        if longer(&self.title, LONGEST_TITLE) {
            Err(SaveError::TitleTooLong)
        } else if longer(&self.standfirst, LONGEST_STANDFIRST) {
            Err(SaveError::StandfirstTooLong)
        } else if longer(&self.body_markdown, LONGEST_BODY) {
            Err(SaveError::BodyTooLong)
        } else {
            Ok(())
        }
    }
}

impl Opening {
    /// Only ever to more people than before.
    fn of(self, audience: Audience) -> Result<Self, SaveError> {
        match (audience, self.to) {
            (Audience::Patrons, Audience::Public | Audience::Readers)
            | (Audience::Readers, Audience::Public) => Ok(self),
            _ => Err(SaveError::OpeningNarrow),
        }
    }
}

/// Topics as they are kept: tidied, each once.
fn tags(typed: &[String]) -> Result<Vec<String>, SaveError> {
    let mut names: Vec<String> = Vec::new();
    for name in typed
        .iter()
        .map(|name| line(name))
        .filter(|name| !name.is_empty())
    {
        let slug = slugs::of_words(&name, "");
        if slug.is_empty() || name.chars().count() > LONGEST_TAG {
            return Err(SaveError::TagInvalid);
        }
        if !names.iter().any(|known| slugs::of_words(known, "") == slug) {
            names.push(name);
        }
    }
    match names.len() > MOST_TAGS {
        true => Err(SaveError::TagsTooMany),
        false => Ok(names),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn topics_are_kept_once_and_within_bounds() {
        let typed = |names: &[&str]| {
            tags(
                &names
                    .iter()
                    .map(|&name| name.to_owned())
                    .collect::<Vec<_>>(),
            )
        };
        assert_eq!(
            typed(&[" Sea ", "", "sea", "Boats"]).ok(),
            Some(vec!["Sea".to_owned(), "Boats".to_owned()])
        );
        assert!(matches!(typed(&["!?"]), Err(SaveError::TagInvalid)));
        assert!(matches!(
            typed(&[&"x".repeat(41)]),
            Err(SaveError::TagInvalid)
        ));
        let many: Vec<String> = (0..11).map(|number| format!("topic {number}")).collect();
        assert!(matches!(tags(&many), Err(SaveError::TagsTooMany)));
    }

    #[test]
    fn an_article_opens_to_more_people_only() {
        use Audience::{Patrons, Public, Readers};
        for (audience, to, expected) in [
            (Patrons, Public, true),
            (Patrons, Readers, true),
            (Readers, Public, true),
            (Readers, Patrons, false),
            (Public, Public, false),
            (Patrons, Patrons, false),
        ] {
            let opening = Opening {
                at: DateTime::UNIX_EPOCH,
                to,
            };
            let opens = opening.of(audience).is_ok();
            assert_eq!(opens, expected, "{audience:?} {to:?}");
        }
    }
}
