//! What the studio's first page says is to be done.

use chrono::Duration;
use plaudit::entities::Gate;

use crate::support::TestApp;

#[tokio::test]
async fn what_waits_for_the_author_is_named_with_the_way_to_it() {
    let app = TestApp::start().await;
    let (matthew, author) = app.author("Matthew Smith").await;
    matthew.get("/studio").await.does_not_say("What to do next");
    let article = app
        .article_with(&author, "The Tide", |draft| draft.gate = Gate::Readers)
        .await;
    let comments = format!("/articles/{}/comments", article.slug);
    let (ann, _) = app.reader("Ann").await;
    let (ben, _) = app.reader("Ben").await;
    let page = ann.post(&comments, &[("body", "Rude")]).await;
    let (_, id) = page.location().rsplit_once("comment-").expect("a comment");
    let report = format!("{comments}/{id}/report");
    ben.submit(&report, &[("reason", "It is rude")]).await;
    let rules = [("mode", "all"), ("hold", ""), ("refuse", "")];
    matthew.submit("/studio/comments/rules", &rules).await;
    for words in ["One", "Two"] {
        ann.post(&comments, &[("body", words)]).await;
    }
    app.draft_with(&author, "The Ebb", |_| {}).await;
    let later = app.draft_with(&author, "The Flood", |_| {}).await;
    let at = plaudit::articles::Publication {
        at: Some(app.app.clock.now() + Duration::days(1)),
        quiet: true,
        by: None,
    };
    plaudit::articles::publish(&app.app, later.id, at)
        .await
        .expect("set");
    let page = matthew.get("/studio").await;
    page.says("What to do next");
    for (path, words) in [
        (
            "/studio/comments",
            "2 comments wait for you to look them over",
        ),
        (
            "/studio/comments?state=reported",
            "Readers have reported one comment",
        ),
        (
            "/studio/articles?show=draft",
            "One draft is not published yet",
        ),
        (
            "/studio/articles?show=scheduled",
            "One article comes out at a time that is set",
        ),
    ] {
        page.says(&format!("<a href=\"{path}\">{words}</a>"));
    }
    page.does_not_say("Being paid directly")
        .does_not_say("may be lost");
    let (other, _) = app.author("Olga").await;
    other.get("/studio").await.does_not_say("What to do next");
}
