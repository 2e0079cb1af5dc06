//! Deleting one's own comment, and taking that back while its words are still there.

use chrono::Duration;
use reqwest::StatusCode;
use uuid::Uuid;

use super::{TIDE, Tide, act, part};
use crate::support::Browser;

impl Tide {
    /// What the row still holds of a comment.
    async fn words(&self, id: Uuid) -> String {
        let rows = self.rows().await;
        let row = rows.into_iter().find(|row| row.id == id).expect("a row");
        format!("{}{}", row.body_markdown, row.body_html)
    }

    async fn delete(&self, by: &Browser, id: Uuid) {
        let answer = by.post(&act(id, "delete"), &[]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        assert_eq!(answer.location(), format!("{TIDE}#comment-{id}"));
    }
}

#[tokio::test]
async fn a_deleted_comment_is_gone_and_its_words_follow_it() {
    let tide = Tide::start().await;
    let (ann, ben) = (tide.reader("Ann").await, tide.reader("Ben").await);
    let id = tide.comment(&ann, "Unwise").await;
    tide.app.app.clock.advance(Duration::hours(3));
    tide.delete(&ann, id).await;
    for browser in [&ben, &tide.matthew, &tide.app.browser()] {
        let page = browser.get(TIDE).await;
        page.does_not_say("Unwise")
            .does_not_say(&id.to_string())
            .says(">Comments</h2>");
    }
    let page = ann.get(TIDE).await;
    page.does_not_say("Unwise").says(">Comments</h2>");
    assert!(part(&page, id).contains("You have deleted this comment."));
    for (browser, what) in [(&ann, "edit"), (&ben, "delete"), (&tide.matthew, "hide")] {
        let answer = browser.post(&act(id, what), &[("body", "x")]).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{what}");
    }
    let said = tide.app.plaudit(&["comments", "export", "-"]).await.done();
    assert!(!said.contains("Unwise"), "{said}");
    tide.app.work().await;
    assert!(tide.words(id).await.contains("Unwise"));
    tide.app.app.clock.advance(Duration::minutes(15));
    ann.get(TIDE).await.does_not_say(&id.to_string());
    tide.app.work().await;
    assert_eq!(tide.words(id).await, "");
    let again = ann.post(&act(id, "delete"), &[]).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_deletion_can_be_taken_back_for_fifteen_minutes() {
    let tide = Tide::start().await;
    let (ann, ben) = (tide.reader("Ann").await, tide.reader("Ben").await);
    let id = tide.comment(&ann, "Wise after all").await;
    tide.matthew.submit(&act(id, "pin"), &[]).await;
    ben.submit(&act(id, "heart"), &[]).await;
    tide.delete(&ann, id).await;
    let restore = act(id, "restore");
    assert!(part(&ann.get(TIDE).await, id).contains(&restore));
    for (other, status) in [(&ben, 404), (&tide.matthew, 404)] {
        assert_eq!(other.post(&restore, &[]).await.status, status);
    }
    tide.app.app.clock.advance(Duration::minutes(14));
    ann.submit(&restore, &[]).await.says("1 comment</h2>");
    let page = tide.seen().await;
    page.says("Wise after all").says(">pinned</span>");
    assert!(part(&page, id).contains("♡ 1"));
    // Twice is once.
    ann.submit(&restore, &[]).await.says("1 comment</h2>");
    tide.delete(&ann, id).await;
    tide.app.app.clock.advance(Duration::minutes(15));
    let late = ann.submit(&restore, &[]).await;
    late.says("That came too late").says(">Comments</h2>");
    tide.app.work().await;
    tide.seen().await.does_not_say("Wise after all");
    let late = ann.submit(&restore, &[]).await;
    late.says("That came too late").says(">Comments</h2>");
}

#[tokio::test]
async fn nobody_hears_of_what_was_deleted_until_it_is_back() {
    let tide = Tide::start().await;
    let ann = tide.reader("Ann").await;
    let id = tide.comment(&ann, "In haste").await;
    tide.delete(&ann, id).await;
    tide.app.work().await;
    assert!(tide.app.mails().is_empty());
    ann.submit(&act(id, "restore"), &[]).await;
    for _ in 0..2 {
        tide.app.work().await;
        assert_eq!(tide.app.mails().len(), 1, "the author hears of it once");
        tide.delete(&ann, id).await;
        ann.submit(&act(id, "restore"), &[]).await;
    }
}

#[tokio::test]
async fn what_others_removed_does_not_come_back() {
    let tide = Tide::start().await;
    let ann = tide.reader("Ann").await;
    let id = tide.comment(&ann, "Rude").await;
    tide.matthew.submit(&act(id, "remove"), &[]).await;
    assert_eq!(tide.words(id).await, "");
    ann.get(TIDE).await.does_not_say(&id.to_string());
    let answer = ann.submit(&act(id, "restore"), &[]).await;
    answer.says("That came too late");
    tide.seen().await.says(">Comments</h2>");
}

#[tokio::test]
async fn what_was_deleted_but_answered_keeps_its_place() {
    let tide = Tide::start().await;
    let (ann, ben) = (tide.reader("Ann").await, tide.reader("Ben").await);
    let id = tide.comment(&ann, "Unwise").await;
    let reply = tide.reply(&ben, id, "Indeed").await;
    ann.submit(&act(id, "delete"), &[]).await;
    let page = tide.seen().await;
    page.says("1 comment</h2>")
        .says("The writer has deleted this comment.")
        .says("<p>Indeed</p>")
        .does_not_say("Unwise");
    assert!(!part(&page, id).contains("Ann"));
    ben.submit(&act(reply, "delete"), &[]).await;
    let page = tide.seen().await;
    page.says(">Comments</h2>")
        .does_not_say("The writer has deleted this comment.");
}
