//! Mail to many: rendered once a language and variant, made personal when it is delivered. What it says to
//! whom is decided above, at the moment it is sent.

use std::{collections::HashMap, sync::Arc};

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    mailer::SendError,
    unsubscribe::{self, Scope},
};
use crate::entities::{notice, outbox};

/// Where a rendering says the reader's name; nobody types these.
pub const NAME_PLACE: &str = "\u{2997}name\u{2998}";
/// Where a rendering says because of which author the reader gets it.
pub const AUTHOR_PLACE: &str = "\u{2997}author\u{2998}";
/// Where a rendering has the reader's unsubscribe link.
pub const UNSUBSCRIBE_PLACE: &str = "https://unsubscribe.invalid/";
/// Where a rendering has the link to how often she hears.
pub const PREFERENCES_PLACE: &str = "https://preferences.invalid/";

/// A notice as it is kept: by language and variant, with places for what is personal.
#[derive(Debug, Serialize, Deserialize)]
pub struct Renderings {
    /// For List-Id.
    pub list_id: String,
    pub list_name: String,
    /// By `en/patron`, `de/follower` and so on.
    pub letters: HashMap<String, Rendering>,
}

/// What a mail says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rendering {
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// What one reader is told by a mail to many, decided at the moment it is sent.
#[derive(Debug, Clone)]
pub enum Voice {
    /// One of its notice's renderings.
    Variant {
        variant: &'static str,
        /// Because of whom she gets it.
        author: String,
    },
    /// A text of its own, with the same places.
    Own {
        rendering: Arc<Rendering>,
        list_id: String,
        list_name: String,
        scope: Scope,
    },
    /// Nothing any more.
    Silent,
}

/// By the outbox row's id. A row that is not in it says nothing.
pub type Voices = HashMap<Uuid, Voice>;

/// What a notice's rendering needs for one reader.
pub struct Links {
    /// `https://…` without a slash at the end.
    pub public_url: String,
    /// The key unsubscribe links are signed with.
    pub key: Vec<u8>,
}

/// The notices that a batch of rows is about, and what they say to whom.
pub(super) struct Circulars<'a> {
    links: &'a Links,
    notices: HashMap<Uuid, (Uuid, Renderings)>,
    voices: Voices,
}

/// A row's mail, ready to be printed.
pub(super) struct Personal<'a> {
    pub rendering: Rendering,
    /// For mail to many: whose it is, and how to leave.
    pub list: Option<Member<'a>>,
}

/// A reader on a list.
pub(super) struct Member<'a> {
    pub list_id: &'a str,
    pub list_name: &'a str,
    /// The link that leaves it.
    pub link: String,
}

impl<'a> Circulars<'a> {
    /// Reads what `rows` share, once.
    pub async fn load(
        db: &impl ConnectionTrait,
        links: &'a Links,
        rows: &[outbox::Model],
        voices: Voices,
    ) -> anyhow::Result<Self> {
        let mut ids: Vec<Uuid> = rows.iter().filter_map(|row| row.notice_id).collect();
        ids.sort_unstable();
        ids.dedup();
        let mut notices = HashMap::new();
        if !ids.is_empty() {
            let found = notice::Entity::find().filter(notice::Column::Id.is_in(ids));
            for notice in found.all(db).await? {
                let renderings = serde_json::from_str(&notice.rendered)?;
                notices.insert(notice.id, (notice.article_id, renderings));
            }
        }
        Ok(Self {
            links,
            notices,
            voices,
        })
    }

    /// What this row says to its reader; `None` if nothing any more.
    ///
    /// # Errors
    /// `Refused` if it is one of a notice that is gone.
    pub fn personal(&self, row: &outbox::Model) -> Result<Option<Personal<'_>>, SendError> {
        if !row.is_to_many() {
            let rendering = Rendering {
                subject: row.subject.clone(),
                text: row.body_text.clone(),
                html: row.body_html.clone(),
            };
            return Ok(Some(Personal {
                rendering,
                list: None,
            }));
        }
        let gone = || SendError::Refused("the notice is gone".to_owned());
        let account = row.account_id.ok_or_else(gone)?;
        let told = match self.voices.get(&row.id) {
            None | Some(Voice::Silent) => return Ok(None),
            Some(Voice::Variant { variant, author }) => {
                let id = row.notice_id.ok_or_else(gone)?;
                let (article, shared) = self.notices.get(&id).ok_or_else(gone)?;
                let letter = shared.letter(&row.language, variant).ok_or_else(gone)?;
                let list = (shared.list_id.as_str(), shared.list_name.as_str());
                (letter, author.as_str(), list, Scope::Article(*article))
            }
            Some(Voice::Own {
                rendering,
                list_id,
                list_name,
                scope,
            }) => {
                let list = (list_id.as_str(), list_name.as_str());
                (rendering.as_ref(), "", list, *scope)
            }
        };
        let (letter, author, (list_id, list_name), scope) = told;
        let token = unsubscribe::token(&self.links.key, account, scope);
        let link = format!("{}/unsubscribe/{token}", self.links.public_url);
        let preferences = format!("{}/notices/{token}", self.links.public_url);
        Ok(Some(Personal {
            rendering: letter.to((&row.to_name, author), (&link, &preferences)),
            list: Some(Member {
                list_id,
                list_name,
                link,
            }),
        }))
    }
}

impl Renderings {
    fn letter(&self, language: &str, variant: &str) -> Option<&Rendering> {
        [language, "en"]
            .iter()
            .find_map(|language| self.letters.get(&format!("{language}/{variant}")))
    }
}

impl Rendering {
    /// The same with a reader's name, her author's and her links in their places.
    pub fn to(&self, (name, author): (&str, &str), (link, preferences): (&str, &str)) -> Self {
        let put = |text: &str, name: &str, author: &str| {
            text.replace(UNSUBSCRIBE_PLACE, link)
                .replace(PREFERENCES_PLACE, preferences)
                .replace(AUTHOR_PLACE, author)
                .replace(NAME_PLACE, name)
        };
        let clean = ammonia::clean_text;
        Self {
            subject: self.subject.clone(),
            text: put(&self.text, name, author),
            html: put(&self.html, &clean(name), &clean(author)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_text_wherever_it_stands() {
        let letter = Rendering {
            subject: "News".to_owned(),
            text: format!("For {NAME_PLACE}: {UNSUBSCRIBE_PLACE}"),
            html: format!("<p>{NAME_PLACE}</p><a href=\"{UNSUBSCRIBE_PLACE}\">x</a>"),
        };
        let name = format!("<b>&{UNSUBSCRIBE_PLACE}");
        let letter = letter.to((&name, ""), ("https://example.org/unsubscribe/1", ""));
        assert_eq!(
            letter.text,
            format!("For {name}: https://example.org/unsubscribe/1")
        );
        assert!(letter.html.starts_with("<p>&lt;b&gt;"), "{}", letter.html);
        assert!(
            letter
                .html
                .ends_with("href=\"https://example.org/unsubscribe/1\">x</a>")
        );
    }
}
