//! Posting and editing: what works, and what comes back as typed.

use chrono::Duration;
use reqwest::StatusCode;
use uuid::Uuid;

use super::{COMMENTS, TIDE, Tide, act, part, posted};

#[tokio::test]
async fn a_comment_is_posted_and_counted_at_once() {
    let tide = Tide::start().await;
    let page = tide.seen().await;
    page.says(">Comments</h2>")
        .says("No one has commented yet.")
        .does_not_say("0 comments");
    let ann = tide.reader("Ann").await;
    let page = ann.submit(COMMENTS, &[("body", "So *true*.")]).await;
    page.says("1 comment</h2>")
        .says("<p>So <em>true</em>.</p>")
        .says("<bdi>Ann</bdi>");
    tide.seen().await.says("1 comment</h2>");
    tide.comment(&ann, "And more.").await;
    tide.seen().await.says("2 comments</h2>");
}

#[tokio::test]
async fn a_text_that_cannot_be_posted_comes_back_as_typed() {
    let tide = Tide::start().await;
    let ann = tide.reader("Ann").await;
    let long = "<ä> ".repeat(2_501);
    for (body, sentence, typed) in [
        ("", "no words in it yet", "</textarea>"),
        (" \r\n ", "no words in it yet", "</textarea>"),
        (
            long.as_str(),
            "more than 10,000 characters",
            "&lt;ä&gt; &lt;ä&gt;",
        ),
    ] {
        let page = ann.post(COMMENTS, &[("body", body)]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        page.says(sentence)
            .says(typed)
            .says("<h1>Leave a comment</h1>")
            .says("action=\"/articles/the-tide/comments\"")
            .says("href=\"/articles/the-tide#comments\"");
        assert_eq!(page.header("cache-control"), "no-store");
    }
    let page = ann.post(COMMENTS, &[]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(tide.rows().await.is_empty());
    tide.comment(&ann, &"ä".repeat(10_000)).await;
}

#[tokio::test]
async fn an_answer_to_what_is_not_there_comes_back_as_typed() {
    let tide = Tide::start().await;
    let ann = tide.reader("Ann").await;
    tide.app
        .article_with(&tide.author, "The Ebb", |draft| {
            draft.gate = plaudit::entities::Gate::Readers;
        })
        .await;
    let answer = ann
        .post("/articles/the-ebb/comments", &[("body", "Elsewhere")])
        .await;
    let elsewhere = answer.location().rsplit_once("comment-").expect("an id").1;
    let deleted = tide.comment(&ann, "Gone").await;
    ann.submit(&act(deleted, "delete"), &[]).await;
    let hidden = tide.comment(&ann, "Rude").await;
    tide.matthew.submit(&act(hidden, "hide"), &[]).await;
    for parent in [
        "nonsense",
        &Uuid::now_v7().to_string(),
        elsewhere,
        &deleted.to_string(),
        &hidden.to_string(),
    ] {
        let form = [("body", "An answer"), ("parent", parent)];
        let page = ann.post(COMMENTS, &form).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{parent}");
        page.says("no longer there")
            .says("An answer</textarea>")
            .says("name=\"parent\" value=\"\"")
            .does_not_say("Elsewhere");
    }
    assert_eq!(tide.rows().await.len(), 2);
}

#[tokio::test]
async fn a_form_with_a_flaw_still_knows_what_it_answers() {
    let tide = Tide::start().await;
    let (ann, ben) = (tide.reader("Ann").await, tide.reader("Ben").await);
    let id = tide.comment(&ann, "A question").await.to_string();
    let page = ben.post(COMMENTS, &[("body", ""), ("parent", &id)]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    page.says("Your answer to Ann.")
        .says(&format!("name=\"parent\" value=\"{id}\""));
}

#[tokio::test]
async fn a_button_pressed_twice_posts_once() {
    let tide = Tide::start().await;
    let (ann, ben) = (tide.reader("Ann").await, tide.reader("Ben").await);
    let form = [("body", "Once")];
    let (first, second) = tokio::join!(ann.post(COMMENTS, &form), ann.post(COMMENTS, &form));
    let id = posted(&first);
    assert_eq!(id, posted(&second));
    assert_ne!(tide.comment(&ben, "Once").await, id);
    assert_ne!(tide.reply(&ann, id, "Once").await, id);
    tide.app.app.clock.advance(Duration::seconds(61));
    assert_ne!(tide.comment(&ann, "Once").await, id);
    assert_eq!(tide.rows().await.len(), 4);
}

#[tokio::test]
async fn a_comment_can_be_edited_for_fifteen_minutes() {
    let tide = Tide::start().await;
    let ann = tide.reader("Ann").await;
    let id = tide.comment(&ann, "Teh tide").await;
    let edit = act(id, "edit");
    let page = ann.get(TIDE).await;
    assert!(part(&page, id).contains(&format!("href=\"{edit}\"")));
    tide.app.app.clock.advance(Duration::minutes(14));
    let form = ann.get(&edit).await;
    form.says("<h1>Edit your comment</h1>")
        .says("Teh tide</textarea>")
        .says(&format!("action=\"{edit}\""));
    let answer = ann.post(&edit, &[("body", "The **tide**")]).await;
    assert_eq!(posted(&answer), id);
    let page = tide.seen().await;
    page.says("<p>The <strong>tide</strong></p>")
        .says(">edited</time>")
        .does_not_say("Teh tide");
    tide.app.app.clock.advance(Duration::minutes(1));
    let page = ann.get(TIDE).await;
    assert!(!part(&page, id).contains(&edit));
    let page = ann.post(&edit, &[("body", "Too late")]).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    page.says("15 minutes").says("Too late</textarea>");
    let page = ann.get(&edit).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    tide.seen().await.does_not_say("Too late");
}

#[tokio::test]
async fn an_edit_is_checked_like_a_comment() {
    let tide = Tide::start().await;
    let ann = tide.reader("Ann").await;
    let id = tide.comment(&ann, "Words").await;
    let page = ann.post(&act(id, "edit"), &[("body", " ")]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    page.says("no words in it yet")
        .says("<h1>Edit your comment</h1>");
    let answer = ann.post(&act(id, "edit"), &[("body", "Words")]).await;
    assert_eq!(posted(&answer), id);
    tide.seen().await.does_not_say(">edited</time>");
}

#[tokio::test]
async fn nobody_edits_or_deletes_what_is_not_theirs() {
    let tide = Tide::start().await;
    let (ann, ben) = (tide.reader("Ann").await, tide.reader("Ben").await);
    let (olivia, _) = tide.app.owner().await;
    let id = tide.comment(&ann, "Mine").await;
    for other in [&ben, &tide.matthew, &olivia] {
        for (what, form) in [("edit", [("body", "Yours")]), ("delete", [("", "")])] {
            let answer = other.post(&act(id, what), &form).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{what}");
        }
        let answer = other.get(&act(id, "edit")).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        let page = other.get(TIDE).await;
        assert!(!part(&page, id).contains("/edit"));
        assert!(!part(&page, id).contains("/delete"));
    }
    let stranger = tide.app.browser().post(&act(id, "delete"), &[]).await;
    assert!(stranger.location().starts_with("/sign-in?"));
    tide.seen().await.says("<p>Mine</p>");
}

#[tokio::test]
async fn a_form_of_an_article_that_was_renamed_meanwhile_still_posts() {
    let tide = Tide::start().await;
    let ann = tide.reader("Ann").await;
    let draft = plaudit::articles::Draft {
        title: tide.article.title.clone(),
        slug: "the-flood".to_owned(),
        standfirst: String::new(),
        body_markdown: "Text".to_owned(),
        audience: tide.article.audience,
        gate: tide.article.gate,
        gate_tiers: None,
        gate_days: None,
        opening: None,
        tags: Vec::new(),
        co_authors: None,
    };
    plaudit::articles::update(
        &tide.app.app,
        tide.article.id,
        draft,
        plaudit::articles::Hand::default(),
    )
    .await
    .expect("renamed");
    let answer = ann.post(COMMENTS, &[("body", "Still here")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert!(
        answer
            .location()
            .starts_with("/articles/the-flood#comment-")
    );
}

#[tokio::test]
async fn too_many_at_once_wait_and_keep_what_they_typed() {
    let app = crate::support::TestApp::start_limited().await;
    let tide = Tide::of(app).await;
    let (ann, ben) = (tide.reader("Ann").await, tide.reader("Ben").await);
    for number in 0..10 {
        tide.comment(&ann, &format!("Number {number}")).await;
    }
    for (browser, body) in [(&ann, "One more"), (&ben, "From the same network")] {
        let page = browser.post(COMMENTS, &[("body", body)]).await;
        assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS);
        let wait: u64 = page.header("retry-after").parse().expect("seconds");
        assert!((1..=10).contains(&wait), "{wait}");
        page.says("wait a minute")
            .says(&format!("{body}</textarea>"));
    }
    assert_eq!(tide.rows().await.len(), 10);
}
