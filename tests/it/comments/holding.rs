//! What is held and why, who is not wanted, and what becomes of what was hidden before anybody approved it.

use reqwest::StatusCode;

use super::{
    COMMENTS, Tide, act,
    rules::{QUEUE, held},
};

#[tokio::test]
async fn a_link_is_held_however_it_is_written_and_a_full_stop_is_none() {
    let tide = Tide::start().await;
    let ann = tide.reader("Ann").await;
    tide.rule("links", "", "").await;
    for body in [
        "https://x.example",
        "See www.example.org",
        "Cheap at example.com!",
        "t.co/abc",
        "Write to sales@example.net",
        "All at onet.pl",
        "Cheap at example.cc",
    ] {
        held(&tide, &ann, body).await;
    }
    for body in [
        "It costs 3.5, e.g. here",
        "Look into file.rs",
        "The end.It was late",
        "I learned ASP.NET in 2009",
        "It is in src/main.cc",
    ] {
        tide.comment(&ann, body).await;
        tide.seen().await.says(body);
    }
    tide.matthew.get(QUEUE).await.says("held: has a link");
}

#[tokio::test]
async fn who_is_not_wanted_is_not_asked_for_other_words() {
    let tide = Tide::start().await;
    let ann = tide.reader("Ann").await;
    for refuse in ["ann@example.org", "@example.org\r\nharmless"] {
        tide.rule("off", "", refuse).await;
        let page = ann.post(COMMENTS, &[("body", "Harmless")]).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN);
        page.says("Comments from your e-mail address are not taken here")
            .says("Harmless</textarea>")
            .does_not_say("put it in other words");
    }
    // A part of her address is somebody else's.
    for refuse in [
        "@ample.org",
        "nn@example.org",
        "@example.or",
        "ann@example.o",
    ] {
        tide.rule("off", "", refuse).await;
        tide.comment(&ann, &format!("Not by {}", &refuse[1..]))
            .await;
    }
    tide.rule("off", "", "harmless").await;
    let page = ann.post(COMMENTS, &[("body", "Harmless")]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    page.says("put it in other words");
}

#[tokio::test]
async fn what_is_shown_again_but_was_never_approved_is_said_to_wait() {
    let tide = Tide::start().await;
    let ann = tide.reader("Ann").await;
    tide.rule("all", "", "").await;
    let id = held(&tide, &ann, "Not yet").await;
    tide.matthew.submit(&act(id, "hide"), &[]).await;
    let hidden = format!("{QUEUE}?state=hidden");
    let shown = tide
        .matthew
        .submit(&act(id, "show"), &[("back", &hidden)])
        .await;
    shown.says("It is no longer hidden, and waits as it did before");
    tide.seen().await.does_not_say("Not yet");
    tide.matthew.get(QUEUE).await.says("Not yet");
    tide.matthew.submit(&act(id, "approve"), &[]).await;
    tide.matthew.submit(&act(id, "hide"), &[]).await;
    let shown = tide.matthew.submit(&act(id, "show"), &[]).await;
    shown.says("Not yet").does_not_say("waits as it did before");
    tide.seen().await.says("Not yet");
}
