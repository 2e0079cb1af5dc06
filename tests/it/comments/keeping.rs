//! Many share one drawn page, and yet nobody sees the time before an act, nor what is another's.

use plaudit::accounts::{SESSION_COOKIE, begin_session};

use super::{TIDE, Tide, act};
use crate::support::Browser;

#[tokio::test]
async fn every_act_is_seen_by_others_at_once() {
    let tide = Tide::start().await;
    let (ann, ben) = (tide.reader("Ann").await, tide.reader("Ben").await);
    ben.get(TIDE).await.says("No one has commented yet.");
    let id = tide.comment(&ann, "A *word*").await;
    let deed = "A <strong>deed</strong>";
    ben.get(TIDE).await.says("A <em>word</em>");
    for (by, what, sees) in [
        (&ann, "edit", true),
        (&tide.matthew, "hide", false),
        (&tide.matthew, "show", true),
        (&ann, "delete", false),
    ] {
        by.submit(&act(id, what), &[("body", "A **deed**")]).await;
        for browser in [&ben, &tide.app.browser()] {
            let page = browser.get(TIDE).await;
            if sees {
                page.says(deed).says("1 comment</h2>");
            } else {
                page.does_not_say(deed).says(">Comments</h2>");
            }
        }
    }
}

#[tokio::test]
async fn who_commented_sees_it_at_once_on_another_machine_too() {
    let tide = Tide::start().await;
    let elsewhere = tide.app.replica().await;
    let (ann, account) = tide.app.reader("Ann").await;
    let now = tide.app.app.clock.now();
    let session = begin_session(&elsewhere.app.db, now, account.id, "test").await;
    let there = Browser::new(&elsewhere.url);
    there.hold(SESSION_COOKIE, &session.expect("a session"));
    there.get(TIDE).await.says("No one has commented yet.");
    tide.comment(&ann, "My first").await;
    there.hold("fresh", "1");
    there
        .get(TIDE)
        .await
        .says("<p>My first</p>")
        .says("Edit</a>");
}

#[tokio::test]
async fn what_is_drawn_for_one_is_not_shown_to_another() {
    let tide = Tide::start().await;
    let (ann, ben) = (tide.reader("Ann").await, tide.reader("Ben").await);
    let carl = tide.reader("Carl").await;
    tide.comment(&ann, "Mine").await;
    for _ in 0..2 {
        assert_eq!(controls(&ann).await, [true, true, true, false]);
        assert_eq!(controls(&tide.matthew).await, [true, false, false, true]);
        assert_eq!(controls(&ben).await, [true, false, false, false]);
        assert_eq!(controls(&carl).await, [true, false, false, false]);
        assert_eq!(controls(&tide.app.browser()).await, [false; 4]);
    }
    let id = tide.comment(&ben, "Mine too").await;
    assert_eq!(controls(&ben).await, [true, true, true, false]);
    tide.matthew.submit(&act(id, "hide"), &[]).await;
    carl.get(TIDE).await.does_not_say("Mine too");
    ben.get(TIDE).await.says("Mine too");
}

/// Whether the page offers to reply, edit, delete and hide.
async fn controls(browser: &Browser) -> [bool; 4] {
    let page = browser.get(TIDE).await;
    ["Reply</a>", "Edit</a>", "Delete<", "Hide<"].map(|name| page.body.contains(name))
}
