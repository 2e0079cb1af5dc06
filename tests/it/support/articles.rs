//! Articles for tests to read.

use plaudit::{
    articles::{self, Draft, Publication},
    entities::{Audience, Gate, article, author},
};

use super::TestApp;

impl TestApp {
    /// A published article of `author` that everybody may read and patrons may comment on.
    pub async fn article(&self, author: &author::Model, title: &str) -> article::Model {
        self.article_with(author, title, |_| {}).await
    }

    /// The same, with changes before it is written.
    pub async fn article_with(
        &self,
        author: &author::Model,
        title: &str,
        change: impl FnOnce(&mut Draft),
    ) -> article::Model {
        let draft = self.draft_with(author, title, change).await;
        let quiet = Publication {
            at: None,
            quiet: true,
            by: None,
        };
        articles::publish(&self.app, draft.id, quiet)
            .await
            .expect("published")
    }

    /// An article that is not out yet.
    pub async fn draft_with(
        &self,
        author: &author::Model,
        title: &str,
        change: impl FnOnce(&mut Draft),
    ) -> article::Model {
        let mut draft = Draft {
            title: title.to_owned(),
            slug: String::new(),
            standfirst: format!("{title}, in one sentence."),
            body_markdown: format!("This is the text of “{title}”.\n\nIt has two paragraphs."),
            audience: Audience::Public,
            gate: Gate::Patrons,
            gate_tiers: None,
            gate_days: None,
            opening: None,
            tags: Vec::new(),
            co_authors: None,
        };
        change(&mut draft);
        articles::create(&self.app, author.id, draft)
            .await
            .expect("written")
    }
}
