//! Hiding and showing: by the article's author and the owner, seen by those it concerns.

use reqwest::StatusCode;

use super::{TIDE, Tide, act, part, posted};

#[tokio::test]
async fn the_author_and_the_owner_hide_and_show() {
    let tide = Tide::start().await;
    let ann = tide.reader("Ann").await;
    let (olivia, _) = tide.app.owner().await;
    for moderator in [&tide.matthew, &olivia] {
        let id = tide.comment(&ann, "Rude").await;
        tide.seen().await.says("1 comment</h2>").says("Rude");
        let page = moderator.get(TIDE).await;
        assert!(part(&page, id).contains(">Hide</button>"));
        assert_eq!(posted(&moderator.post(&act(id, "hide"), &[]).await), id);
        let page = moderator.get(TIDE).await;
        let shown = part(&page, id);
        assert!(shown.contains("Rude") && shown.contains("Hidden:"));
        assert!(shown.contains(">Show again</button>"));
        page.says(">Comments</h2>");
        tide.seen()
            .await
            .does_not_say("Rude")
            .does_not_say(&id.to_string());
        moderator.submit(&act(id, "show"), &[]).await;
        tide.seen().await.says("1 comment</h2>").says("Rude");
        let row = tide.rows().await.pop().expect("a row");
        assert_eq!((row.hidden_at, row.hidden_by), (None, None));
        ann.submit(&act(id, "delete"), &[]).await;
    }
    olivia
        .get("/admin/audit")
        .await
        .says("Hid a comment")
        .says("Showed a comment again")
        .says("written by: Ann")
        .does_not_say("comment_hide");
}

#[tokio::test]
async fn what_the_owner_hid_the_author_cannot_show_again() {
    let tide = Tide::start().await;
    let ann = tide.reader("Ann").await;
    let (olivia, _) = tide.app.owner().await;
    let id = tide.comment(&ann, "Rude").await;
    olivia.submit(&act(id, "hide"), &[]).await;
    let page = tide.matthew.get(TIDE).await;
    let shown = part(&page, id);
    assert!(shown.contains("Rude") && !shown.contains("Show again"));
    let answer = tide.matthew.post(&act(id, "show"), &[]).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    tide.seen().await.does_not_say("Rude");
    olivia.submit(&act(id, "show"), &[]).await;
    tide.seen().await.says("Rude");
}

#[tokio::test]
async fn a_hidden_comment_is_seen_by_its_writer_and_gone_for_others() {
    let tide = Tide::start().await;
    let (ann, ben) = (tide.reader("Ann").await, tide.reader("Ben").await);
    let id = tide.comment(&ann, "Rude").await;
    tide.matthew.submit(&act(id, "hide"), &[]).await;
    let page = ann.get(TIDE).await;
    let shown = part(&page, id);
    assert!(shown.contains("Rude") && shown.contains("Hidden:"));
    assert!(!shown.contains("Show again") && !shown.contains(">Reply<"));
    ben.get(TIDE).await.does_not_say("Rude");
    for what in ["edit", "delete", "hide", "show"] {
        let answer = ben.post(&act(id, what), &[("body", "x")]).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{what}");
    }
}

#[tokio::test]
async fn a_hidden_comment_that_was_answered_keeps_its_place() {
    let tide = Tide::start().await;
    let (ann, ben) = (tide.reader("Ann").await, tide.reader("Ben").await);
    let id = tide.comment(&ann, "Rude").await;
    tide.reply(&ben, id, "Be kind").await;
    tide.matthew.submit(&act(id, "hide"), &[]).await;
    let page = tide.seen().await;
    page.says("1 comment</h2>")
        .says("This comment was hidden.")
        .says("Be kind")
        .does_not_say("Rude");
    assert!(!part(&page, id).contains("Ann"));
}

#[tokio::test]
async fn others_do_not_moderate() {
    let tide = Tide::start().await;
    let (ann, ben) = (tide.reader("Ann").await, tide.reader("Ben").await);
    let (ada, _) = tide.app.author("Ada Merrow").await;
    let id = tide.comment(&ann, "Fine").await;
    for other in [&ann, &ben, &ada] {
        for what in ["hide", "show"] {
            let answer = other.post(&act(id, what), &[]).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN);
        }
        let page = other.get(TIDE).await;
        assert!(!part(&page, id).contains(">Hide</button>"));
    }
    let answer = tide.app.browser().post(&act(id, "hide"), &[]).await;
    assert!(answer.location().starts_with("/sign-in?"));
    tide.seen().await.says("Fine");
}

#[tokio::test]
async fn a_comment_is_found_only_under_its_own_article() {
    let tide = Tide::start().await;
    let ann = tide.reader("Ann").await;
    tide.app.article(&tide.author, "The Ebb").await;
    let id = tide.comment(&ann, "Here").await;
    for what in ["edit", "delete", "hide", "show"] {
        let elsewhere = format!("/articles/the-ebb/comments/{id}/{what}");
        for browser in [&ann, &tide.matthew] {
            let answer = browser.post(&elsewhere, &[("body", "x")]).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{what}");
        }
    }
    tide.seen().await.says("<p>Here</p>");
}
