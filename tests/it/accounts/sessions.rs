//! Sessions: who is signed in, for how long, and no longer.

use chrono::Duration;
use plaudit::entities::session;
use reqwest::StatusCode;
use sea_orm::EntityTrait;

use crate::support::TestApp;

#[tokio::test]
async fn the_menu_knows_who_is_signed_in() {
    let app = TestApp::start().await;
    app.browser().get("/no").await.says("href=\"/sign-in\"");
    let (ann, _) = app.reader("Ann").await;
    let page = ann.get("/no").await;
    page.says("href=\"/account\"").does_not_say("/studio");
    let (matthew, author) = app.author("Matthew Smith").await;
    assert_eq!(author.slug, "matthew-smith");
    matthew
        .get("/no")
        .await
        .says("/studio")
        .does_not_say("/admin");
    let (olivia, _) = app.owner().await;
    olivia.get("/no").await.says("/studio").says("/admin");
}

#[tokio::test]
async fn signing_in_gives_a_new_session_in_place_of_the_old() {
    let app = TestApp::start().await;
    let (ann, _) = app.reader("Ann").await;
    let before = session::Entity::find()
        .all(&app.app.db)
        .await
        .expect("rows");
    ann.submit("/sign-in/link", &[("email", "ann@example.org")])
        .await;
    let link = app.mailed_link("ann@example.org").await;
    let answer = ann.post(&link, &[]).await;
    let cookies: Vec<&str> = answer
        .headers
        .get_all("set-cookie")
        .iter()
        .map(|value| value.to_str().expect("ascii"))
        .collect();
    let cookie = cookies.iter().find(|cookie| cookie.starts_with("session="));
    let cookie = cookie.expect("a session");
    assert!(
        cookie.ends_with("; Path=/; HttpOnly; SameSite=Lax; Max-Age=5184000"),
        "{cookie}"
    );
    let after = session::Entity::find()
        .all(&app.app.db)
        .await
        .expect("rows");
    assert_eq!(after.len(), 1);
    assert_ne!(after[0].token_hash, before[0].token_hash);
    assert!(!cookie.contains(&after[0].token_hash));
}

#[tokio::test]
async fn a_session_ends_after_sixty_days() {
    let app = TestApp::start().await;
    let (ann, _) = app.reader("Ann").await;
    app.app.clock.advance(Duration::days(59));
    ann.get("/account").await.says("Signed in as Ann");
    app.app.clock.advance(Duration::days(1));
    assert_eq!(ann.get("/account").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn the_last_use_of_a_session_is_noted_once_an_hour() {
    let app = TestApp::start().await;
    let (ann, _) = app.reader("Ann").await;
    let seen = async || {
        let rows = session::Entity::find().all(&app.app.db).await;
        rows.expect("rows")[0].last_seen_at
    };
    let began = seen().await;
    app.app.clock.advance(Duration::minutes(50));
    ann.get("/account").await;
    assert_eq!(seen().await, began);
    app.app.clock.advance(Duration::minutes(20));
    ann.get("/account").await;
    assert!(seen().await >= began + Duration::minutes(70));
}

#[tokio::test]
async fn signing_out_ends_this_session_alone() {
    let app = TestApp::start().await;
    let (here, ann) = app.reader("Ann").await;
    let there = app.signed_in(ann.id).await;
    let answer = here.post("/sign-out", &[]).await;
    assert_eq!(answer.location(), "/");
    let cleared = answer.headers.get_all("set-cookie").iter();
    assert!(
        cleared
            .filter_map(|value| value.to_str().ok())
            .any(|cookie| cookie.starts_with("session=;"))
    );
    assert_eq!(here.get("/account").await.status, StatusCode::SEE_OTHER);
    there.get("/account").await.says("Signed in as Ann");
}

#[tokio::test]
async fn signing_out_everywhere_ends_every_session_of_hers() {
    let app = TestApp::start().await;
    let (here, ann) = app.reader("Ann").await;
    let (bob, _) = app.reader("Bob").await;
    let there = app.signed_in(ann.id).await;
    here.get("/account").await.says("this one");
    assert_eq!(here.post("/sign-out/everywhere", &[]).await.location(), "/");
    for browser in [&here, &there] {
        let page = browser.get("/account").await;
        assert_eq!(page.location(), "/sign-in?return_to=%2Faccount");
    }
    bob.get("/account").await.says("Signed in as Bob");
}
