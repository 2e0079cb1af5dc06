//! Letters before anybody gets one, and after they have gone.

use chrono::Duration;
use plaudit::entities::outbox::State;

use super::{row, write};
use crate::support::TestApp;

#[tokio::test]
async fn every_letter_can_be_looked_at_by_command() {
    let app = TestApp::start().await;
    let list = app.plaudit(&["mail", "preview"]).await.done();
    assert!(list.lines().any(|line| line == "receipt"), "{list}");
    let german = ["mail", "preview", "receipt", "--language", "de"];
    let text = app.plaudit(&german).await.done();
    assert!(text.starts_with("Subject: Quittung: 7,00"), "{text}");
    let html = app
        .plaudit(&["mail", "preview", "receipt", "--html"])
        .await
        .done();
    assert!(
        html.contains("<!DOCTYPE html>") || html.contains("<!doctype html>"),
        "{html}"
    );
    let nothing = app.plaudit(&["mail", "preview", "nothing"]).await.refused();
    assert!(nothing.contains("there is no letter"), "{nothing}");
}

#[tokio::test]
async fn a_letter_that_went_is_emptied_after_a_day_and_one_that_waits_is_not() {
    let app = TestApp::start().await;
    let (_, ann) = app.reader("Ann").await;
    write(&app, &ann, "ended:1").await;
    app.work().await;
    app.app.clock.advance(Duration::hours(23));
    app.work().await;
    assert!(!row(&app, "ended:1").await.body_text.is_empty());
    app.app.delivery.close();
    write(&app, &ann, "ended:2").await;
    app.app.clock.advance(Duration::hours(2));
    plaudit::worker::round(&app.app).await.expect("a round");
    let gone = row(&app, "ended:1").await;
    assert_eq!((gone.state, gone.body_text.as_str()), (State::Sent, ""));
    assert_eq!(
        (gone.body_html.as_str(), gone.subject.is_empty()),
        ("", false)
    );
    app.app.clock.advance(Duration::days(2));
    plaudit::worker::round(&app.app).await.expect("a round");
    assert!(!row(&app, "ended:2").await.body_text.is_empty());
}
