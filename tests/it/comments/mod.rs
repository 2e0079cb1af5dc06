//! The conversation under an article: who may take part, what they may do, what everybody sees.

mod banning;
mod chosen;
mod civil;
mod deleting;
mod exchange;
mod gates;
mod holding;
mod keeping;
mod letters;
mod moderation;
mod pages;
mod posting;
mod queue;
mod restoring;
mod rules;
mod signed_out;
mod text;
mod threads;

use plaudit::entities::{Gate, article, author, comment};
use reqwest::StatusCode;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use uuid::Uuid;

use crate::support::{Browser, Page, TestApp};

/// An article of Matthew Smith's that anyone signed in may comment on, and Matthew's browser.
struct Tide {
    app: TestApp,
    matthew: Browser,
    author: author::Model,
    article: article::Model,
}

const TIDE: &str = "/articles/the-tide";
const COMMENTS: &str = "/articles/the-tide/comments";

impl Tide {
    async fn start() -> Self {
        Self::of(TestApp::start().await).await
    }

    async fn of(app: TestApp) -> Self {
        let (matthew, author) = app.author("Matthew Smith").await;
        let change = |draft: &mut plaudit::articles::Draft| draft.gate = Gate::Readers;
        let article = app.article_with(&author, "The Tide", change).await;
        Self {
            app,
            matthew,
            author,
            article,
        }
    }

    /// The signed-in reader of this name.
    async fn reader(&self, name: &str) -> Browser {
        self.app.reader(name).await.0
    }

    /// The article as somebody who is not signed in sees it.
    async fn seen(&self) -> Page {
        self.app.browser().get(TIDE).await
    }

    /// Posts a comment and gives its id.
    async fn comment(&self, by: &Browser, body: &str) -> Uuid {
        posted(&by.post(COMMENTS, &[("body", body)]).await)
    }

    /// Posts a reply and gives its id.
    async fn reply(&self, by: &Browser, parent: Uuid, body: &str) -> Uuid {
        let parent = parent.to_string();
        posted(
            &by.post(COMMENTS, &[("body", body), ("parent", &parent)])
                .await,
        )
    }

    /// Every row there is under the article, oldest first.
    async fn rows(&self) -> Vec<comment::Model> {
        comment::Entity::find()
            .filter(comment::Column::ArticleId.eq(self.article.id))
            .order_by_asc(comment::Column::Id)
            .all(&self.app.app.db)
            .await
            .expect("rows")
    }
}

/// The id in the address a posted comment leads to.
#[track_caller]
fn posted(answer: &Page) -> Uuid {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let id = answer
        .location()
        .strip_prefix("/articles/the-tide#comment-");
    id.expect("the comment's own place").parse().expect("an id")
}

/// The address of an act on a comment.
fn act(comment: Uuid, act: &str) -> String {
    format!("{COMMENTS}/{comment}/{act}")
}

/// The part of the page that shows one comment, without its replies.
#[track_caller]
fn part(page: &Page, comment: Uuid) -> &str {
    let id = format!("id=\"comment-{comment}\"");
    let (_, after) = page.body.split_once(&id).expect("the comment");
    after.split("<li").next().unwrap_or(after)
}
