//! Articles taken back, brought out again, or changed before they come out.

use chrono::Duration;
use plaudit::{
    articles::{self, Draft, Publication},
    entities::{Audience, Gate, author},
};

use super::{letters, publish};
use crate::support::TestApp;

/// Matthew, followed by Ann and Bob.
async fn followed(app: &TestApp) -> author::Model {
    let (_, matthew) = app.author("Matthew Smith").await;
    for name in ["Ann", "Bob"] {
        let (reader, _) = app.reader(name).await;
        reader.submit("/authors/matthew-smith/follow", &[]).await;
    }
    matthew
}

#[tokio::test]
async fn an_article_taken_back_tells_nobody_more() {
    let app = TestApp::start().await;
    let (_, matthew) = app.author("Matthew Smith").await;
    let (ann, _) = app.reader("Ann").await;
    ann.submit("/authors/matthew-smith/follow", &[]).await;
    let draft = app.draft_with(&matthew, "Too soon", |_| {}).await;
    publish(&app, draft.id).await;
    articles::unpublish(&app.app, draft.id, None)
        .await
        .expect("taken back");
    app.work().await;
    assert!(app.mails().is_empty());
}

#[tokio::test]
async fn mails_that_wait_are_held_back_and_nobody_hears_twice() {
    let app = TestApp::start_with(|config| config.mail.rate_per_second = 1).await;
    let matthew = followed(&app).await;
    let (cleo, _) = app.reader("Cleo").await;
    cleo.submit("/authors/matthew-smith/follow", &[]).await;
    let draft = app.draft_with(&matthew, "Too soon", |_| {}).await;
    publish(&app, draft.id).await;
    // One batch of two is sent, the third reader's mail waits.
    plaudit::worker::round(&app.app).await.expect("a round");
    assert_eq!(app.mails().len(), 2);
    articles::unpublish(&app.app, draft.id, None)
        .await
        .expect("taken back");
    app.work().await;
    assert_eq!(app.mails().len(), 2);
    publish(&app, draft.id).await;
    app.work().await;
    let mut addresses: Vec<String> = app.mails().into_iter().map(|sent| sent.to).collect();
    addresses.sort_unstable();
    assert_eq!(
        addresses,
        ["ann@example.org", "bob@example.org", "cleo@example.org"]
    );
}

#[tokio::test]
async fn an_article_that_lay_ahead_is_told_of_as_it_comes_out() {
    let app = TestApp::start().await;
    let matthew = followed(&app).await;
    let draft = app.draft_with(&matthew, "Early words", |_| {}).await;
    let how = Publication {
        at: Some(app.app.clock.now() + Duration::days(2)),
        quiet: false,
        by: None,
    };
    articles::publish(&app.app, draft.id, how)
        .await
        .expect("scheduled");
    app.work().await;
    assert!(app.mails().is_empty());
    app.app.clock.advance(Duration::days(1));
    let changed = Draft {
        title: "Late words".to_owned(),
        slug: String::new(),
        standfirst: "In one sentence.".to_owned(),
        body_markdown: "Thought over. ".repeat(200) + "The hidden treasure.",
        audience: Audience::Patrons,
        gate: Gate::Patrons,
        gate_tiers: None,
        gate_days: None,
        opening: None,
        tags: Vec::new(),
        co_authors: None,
    };
    articles::update(&app.app, draft.id, changed, articles::Hand::default())
        .await
        .expect("changed");
    app.app.clock.advance(Duration::days(2));
    app.work().await;
    let mails = letters(&app);
    assert_eq!(mails.len(), 2);
    for (_, text) in mails {
        assert!(text.contains("Late words") && !text.contains("Early words"));
        assert!(!text.contains("hidden treasure"), "{text}");
    }
}
