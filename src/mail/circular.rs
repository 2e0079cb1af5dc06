//! Mail to many: rendered once a language and variant, made personal when it is delivered.

use std::collections::HashMap;

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{mailer::SendError, unsubscribe};
use crate::entities::{notice, outbox};

/// Where a rendering says the reader's name; nobody types these.
pub const NAME_PLACE: &str = "\u{2997}name\u{2998}";
/// Where a rendering has the reader's unsubscribe link.
pub const UNSUBSCRIBE_PLACE: &str = "https://unsubscribe.invalid/";

/// A notice as it is kept: by language and variant, with places for what is personal.
#[derive(Debug, Serialize, Deserialize)]
pub struct Renderings {
    pub author_id: Uuid,
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

/// What a notice's rendering needs for one reader.
pub struct Links {
    /// `https://…` without a slash at the end.
    pub public_url: String,
    /// The key unsubscribe links are signed with.
    pub key: Vec<u8>,
}

/// The notices that a batch of rows is about.
pub(super) struct Circulars<'a> {
    links: &'a Links,
    notices: HashMap<Uuid, Renderings>,
}

/// A row's mail, ready to be printed.
pub(super) struct Personal<'a> {
    pub rendering: Rendering,
    /// For mail to many: the notice it is one of, and the link that leaves the list.
    pub list: Option<(&'a Renderings, String)>,
}

impl<'a> Circulars<'a> {
    /// Reads what `rows` share, once.
    pub async fn load(
        db: &impl ConnectionTrait,
        links: &'a Links,
        rows: &[outbox::Model],
    ) -> anyhow::Result<Self> {
        let mut ids: Vec<Uuid> = rows.iter().filter_map(|row| row.notice_id).collect();
        ids.sort_unstable();
        ids.dedup();
        let mut notices = HashMap::new();
        if !ids.is_empty() {
            let found = notice::Entity::find().filter(notice::Column::Id.is_in(ids));
            for notice in found.all(db).await? {
                notices.insert(notice.id, serde_json::from_str(&notice.rendered)?);
            }
        }
        Ok(Self { links, notices })
    }

    /// What this row says to its reader.
    ///
    /// # Errors
    /// `Refused` if it is one of a notice that is gone.
    pub fn personal(&self, row: &outbox::Model) -> Result<Personal<'_>, SendError> {
        let Some(notice) = row.notice_id else {
            return Ok(Personal {
                rendering: Rendering {
                    subject: row.subject.clone(),
                    text: row.body_text.clone(),
                    html: row.body_html.clone(),
                },
                list: None,
            });
        };
        let gone = || SendError::Refused("the notice is gone".to_owned());
        let shared = self.notices.get(&notice).ok_or_else(gone)?;
        let variant = row.variant.as_deref().unwrap_or_default();
        let letter = [&row.language, "en"]
            .iter()
            .find_map(|language| shared.letters.get(&format!("{language}/{variant}")))
            .ok_or_else(gone)?;
        let account = row.account_id.ok_or_else(gone)?;
        let token = unsubscribe::token(&self.links.key, account, shared.author_id);
        let link = format!("{}/unsubscribe/{token}", self.links.public_url);
        Ok(Personal {
            rendering: letter.to(&row.to_name, &link),
            list: Some((shared, link)),
        })
    }
}

impl Rendering {
    /// The same with a reader's name and link in their places.
    fn to(&self, name: &str, link: &str) -> Self {
        let put = |text: &str, name: &str| {
            text.replace(UNSUBSCRIBE_PLACE, link)
                .replace(NAME_PLACE, name)
        };
        Self {
            subject: self.subject.clone(),
            text: put(&self.text, name),
            html: put(&self.html, &ammonia::clean_text(name)),
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
        let letter = letter.to(&name, "https://example.org/unsubscribe/1");
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
