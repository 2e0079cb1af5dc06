//! Nobody takes the name of somebody who writes here; what is there already stays.

use plaudit::entities::{Gate, account};
use reqwest::StatusCode;
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set, EntityTrait as _};

use crate::support::{Browser, TestApp};

/// Cyrillic а and е among the Latin ones.
const MIXED: &str = "M\u{430}tthew Smith";

#[tokio::test]
async fn a_reader_cannot_go_by_the_name_of_an_author_or_one_that_looks_like_it() {
    let app = TestApp::start().await;
    app.owner().await;
    app.author("Matthew Smith").await;
    let (ann, _) = app.reader("Ann").await;
    for name in ["Matthew Smith", "matthew  smith", MIXED, "OLIVIA", "0livia"] {
        let form = [("name", name), ("language", "en")];
        let refused = ann.post("/account", &form).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        refused
            .says("belongs to somebody who writes or works here")
            .says(&format!("value=\"{name}\""));
    }
    ann.get("/account").await.says("Signed in as Ann");
    for name in ["Matthew Smith of Hull", "Matthew", "Ann"] {
        let form = [("name", name), ("language", "en")];
        ann.submit("/account", &form)
            .await
            .says(&format!("Signed in as {name}"));
    }
}

#[tokio::test]
async fn nobody_goes_by_the_publications_name_or_a_moderators_nor_by_what_they_are() {
    let app = TestApp::start_with(|config| config.publication.name = "Harbour Notes".into()).await;
    let (matthew, _) = app.author("Matthew Smith").await;
    app.reader("Nora Hill").await;
    let email = [("email", "nora-hill@example.org")];
    matthew.submit("/studio/comments/moderators", &email).await;
    let (ann, _) = app.reader("Ann").await;
    let refuses = async |browser: &Browser, name: &str| {
        let form = [("name", name), ("language", "de")];
        let answer = browser.post("/account", &form).await;
        answer.status == StatusCode::UNPROCESSABLE_ENTITY
    };
    for name in [
        "Harbour Notes",
        "Harb0ur N0tes (official)",
        "nora hill",
        "Nora Hi11",
        "Matthew Sm1th",
        "Matthew Smith (author)",
        "Moderator",
    ] {
        assert!(refuses(&ann, name).await, "{name}");
    }
    let refused = ann.post("/account", &[("name", "Autorin"), ("language", "de")]);
    refused
        .await
        .says("belongs to somebody who writes or works here");
    assert!(
        !refuses(&matthew, "Harbour Notes").await,
        "whoever writes here may be called as it is"
    );
    let (nora, _) = app.reader("Nora").await;
    assert!(!refuses(&nora, "Nora of the Hill").await);
}

#[tokio::test]
async fn an_author_takes_no_other_authors_name_in_the_settings() {
    let app = TestApp::start().await;
    let (matthew, _) = app.author("Matthew Smith").await;
    app.author("Ada Berg").await;
    let save = async |name: &str| {
        let form = [("name", name), ("slug", "matthew-smith"), ("bio", "Typed")];
        matthew.post("/studio/settings", &form).await
    };
    for name in ["Ada Berg", "\u{410}da Berg", "Ada 8erg (author)"] {
        let refused = save(name).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        refused
            .says("belongs to somebody else who writes or works here")
            .says("Typed");
    }
    for name in ["Matthew Smith", "MATTHEW SMITH", "Ada Bergmann"] {
        assert_eq!(save(name).await.status, StatusCode::SEE_OTHER, "{name}");
    }
}

#[tokio::test]
async fn an_author_keeps_his_own_name_and_whoever_has_one_already_keeps_it() {
    let app = TestApp::start().await;
    let (early, _) = app.reader("Matthew Smith").await;
    let (_, other) = app.reader("Other").await;
    let matthew = app.author_of(other, "Matthew Smith").await;
    for browser in [&early, &matthew] {
        let form = [("name", "Matthew Smith"), ("language", "de")];
        let kept = browser.post("/account", &form).await;
        assert_eq!(kept.status, StatusCode::SEE_OTHER);
    }
    let form = [("name", "MATTHEW SMITH"), ("language", "en")];
    assert_eq!(
        matthew.post("/account", &form).await.status,
        StatusCode::SEE_OTHER
    );
    assert_eq!(
        early.post("/account", &form).await.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "what she has is hers, what she takes is not"
    );
}

#[tokio::test]
async fn whoever_joins_is_told_before_an_account_is_made() {
    let app = TestApp::start().await;
    app.author("Matthew Smith").await;
    let browser = app.browser();
    let form = [("name", MIXED), ("email", "mallory@example.org")];
    browser.submit("/join", &form).await;
    let link = app.mailed_link("mallory@example.org").await;
    let refused = browser.post(&link, &[("name", MIXED)]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    refused.says("belongs to somebody who writes or works here");
    assert!(app.account_of("mallory@example.org").await.is_none());
    browser.submit(&link, &[("name", "Mallory")]).await;
    browser.get("/account").await.says("Signed in as Mallory");
}

#[tokio::test]
async fn a_name_typed_where_somebody_paid_does_not_pass_for_an_authors() {
    let app = TestApp::start().await;
    app.author("Matthew Smith").await;
    let (_, stranger) = app.reader("Stranger").await;
    let mut row: account::ActiveModel = stranger.into();
    row.email = Set(None);
    row.contact_email = Set(Some("matthew.smith@evil.example".to_owned()));
    row.name = Set(MIXED.to_owned());
    row.update(&app.app.db)
        .await
        .expect("as a payment makes it");
    let browser = app.browser();
    let form = [("email", "matthew.smith@evil.example")];
    browser.submit("/sign-in/link", &form).await;
    let link = app.mailed_link("matthew.smith@evil.example").await;
    browser.submit(&link, &[]).await;
    browser
        .get("/account")
        .await
        .says("Signed in as matthew.smith 2");
}

#[tokio::test]
async fn an_authors_comment_bears_the_badge_that_nobody_elses_does() {
    let app = TestApp::start().await;
    let (matthew, author) = app.author("Matthew Smith").await;
    app.article_with(&author, "The Tide", |draft| draft.gate = Gate::Readers)
        .await;
    let (early, account) = app.reader("Early").await;
    let mut row: account::ActiveModel = account.into();
    row.name = Set("Matthew Smith".to_owned());
    row.update(&app.app.db).await.expect("from before");
    let badge = "<b><bdi>Matthew Smith</bdi></b><span class=\"badge\">author</span>";
    let comments = "/articles/the-tide/comments";
    early.submit(comments, &[("body", "I am not he")]).await;
    let page = app.browser().get("/articles/the-tide").await;
    page.says("<bdi>Matthew Smith</bdi>").does_not_say(badge);
    matthew.submit(comments, &[("body", "I am")]).await;
    app.browser().get("/articles/the-tide").await.says(badge);
    let people = account::Entity::find().all(&app.app.db).await;
    assert_eq!(people.expect("accounts").len(), 2);
}
