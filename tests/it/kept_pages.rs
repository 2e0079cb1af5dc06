//! Public pages are kept whole: fast, but never older than an act, and never somebody's own.

use std::{io::Read as _, time::Duration};

use plaudit::{
    articles,
    entities::{Audience, MembershipState, article, author},
};
use reqwest::{Method, StatusCode, header};
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set, IntoActiveModel as _};

use crate::support::{Browser, Page, TestApp};

const TIDE: &str = "/articles/the-tide";

#[tokio::test]
async fn a_public_page_is_compared_and_not_sent_twice() {
    let (app, _) = with_article().await;
    let first = app.browser().get(TIDE).await;
    assert_eq!(first.header("cache-control"), "no-cache");
    assert_eq!(first.header("vary"), "Cookie, Accept-Encoding");
    assert_eq!(first.header("set-cookie"), "");
    assert_eq!(first.header("x-content-type-options"), "nosniff");
    let tag = first.header("etag").to_owned();
    assert!(tag.starts_with('"') && tag.len() > 20, "{tag}");
    let again = ask(&app, Method::GET, &[(header::IF_NONE_MATCH, &tag)]).await;
    assert_eq!(again.status, StatusCode::NOT_MODIFIED);
    assert_eq!(
        (again.header("etag"), again.body.as_str()),
        (tag.as_str(), "")
    );
    let head = ask(&app, Method::HEAD, &[]).await;
    assert_eq!(head.status, StatusCode::OK);
    assert_eq!(head.header("etag"), tag);
    assert_eq!(head.header("content-length"), first.body.len().to_string());
}

#[tokio::test]
async fn a_public_page_is_sent_compressed_to_who_takes_it() {
    let (app, _) = with_article().await;
    let plain = app.browser().get(TIDE).await;
    for _ in 0..2 {
        let browser = app.browser();
        let request = browser.raw().get(browser.address(TIDE));
        let response = request
            .header(header::ACCEPT_ENCODING, "gzip, br")
            .send()
            .await
            .expect("an answer");
        assert_eq!(response.headers()[header::CONTENT_ENCODING], "gzip");
        let bytes = response.bytes().await.expect("bytes");
        assert!(bytes.len() < plain.body.len());
        let mut text = String::new();
        flate2::read::GzDecoder::new(&bytes[..])
            .read_to_string(&mut text)
            .expect("gzip");
        assert_eq!(text, plain.body);
    }
}

#[tokio::test]
async fn a_page_that_knows_its_reader_is_kept_by_nobody() {
    let (app, _) = with_article().await;
    let (ann, _) = app.reader("Ann").await;
    app.browser().get(TIDE).await.says("Sign in");
    let page = ann.get(TIDE).await;
    page.says("href=\"/account\"");
    assert_eq!(page.header("cache-control"), "no-store");
    assert_eq!(page.header("etag"), "");
    app.browser()
        .get(TIDE)
        .await
        .does_not_say("href=\"/account\"");
}

#[tokio::test]
async fn a_kept_page_lives_for_seconds() {
    let (app, tide) = with_article().await;
    app.browser().get(TIDE).await.says("<h1>The Tide</h1>");
    retitle(&app, &tide, "The Ebb").await;
    app.browser().get(TIDE).await.says("<h1>The Tide</h1>");
    app.app.clock.advance(chrono::Duration::seconds(5));
    app.browser().get(TIDE).await.says("<h1>The Ebb</h1>");
}

#[tokio::test]
async fn an_act_of_another_machine_is_seen_within_moments() {
    let (app, tide) = with_article().await;
    let elsewhere = app.replica().await;
    let stranger = Browser::new(&elsewhere.url);
    stranger.get(TIDE).await.says("<h1>The Tide</h1>");
    articles::unpublish(&app.app, tide.id, None)
        .await
        .expect("taken back");
    let seen = async {
        while stranger.get(TIDE).await.status == StatusCode::OK {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(3), seen)
        .await
        .expect("gone long before the page's five seconds are over");
}

#[tokio::test]
async fn who_acted_sees_it_at_once_on_another_machine_too() {
    let (app, tide) = with_article().await;
    let elsewhere = app.replica().await;
    Browser::new(&elsewhere.url).get(TIDE).await;
    let (ann, _) = app.reader("Ann").await;
    let gift = [("tip", "once"), ("amount", "500")];
    let answer = ann.post("/authors/matthew-smith/support", &gift).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let cookies = answer.headers.get_all("set-cookie");
    let fresh = cookies
        .iter()
        .find(|cookie| cookie.as_bytes().starts_with(b"fresh=1;"));
    assert!(
        fresh
            .expect("a cookie")
            .to_str()
            .expect("ascii")
            .ends_with("Max-Age=10")
    );
    articles::unpublish(&app.app, tide.id, None)
        .await
        .expect("taken back");
    let acted = Browser::new(&elsewhere.url);
    acted.hold("fresh", "1");
    let page = acted.get(TIDE).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
}

async fn with_article() -> (TestApp, article::Model) {
    let app = TestApp::start().await;
    let (_, matthew) = app.author("Matthew Smith").await;
    let tide = app.article(&matthew, "The Tide").await;
    (app, tide)
}

async fn ask(app: &TestApp, method: Method, headers: &[(header::HeaderName, &str)]) -> Page {
    let browser = app.browser();
    let mut request = browser.raw().request(method, browser.address(TIDE));
    for (name, value) in headers {
        request = request.header(name.clone(), *value);
    }
    Page::of(request).await
}

/// Changes a row behind the service's back.
async fn retitle(app: &TestApp, article: &article::Model, title: &str) {
    let mut row = article.clone().into_active_model();
    row.title = Set(title.to_owned());
    row.update(&app.app.db).await.expect("changed");
}

#[tokio::test]
async fn readers_who_see_the_same_page_share_it_and_nothing_else() {
    let (app, _) = with_article().await;
    let matthew = author::Entity::by_slug("matthew-smith")
        .one(&app.app.db)
        .await
        .expect("a query")
        .expect("Matthew");
    app.article_with(&matthew, "For Patrons", |draft| {
        draft.audience = Audience::Patrons;
        draft.body_markdown = "The treasure lies under the oak.".to_owned();
    })
    .await;
    let (ann, account) = app.reader("Ann").await;
    app.patron(account.id, &matthew).await;
    let (bob, account) = app.reader("Bob").await;
    app.patron(account.id, &matthew).await;
    let (carol, _) = app.reader("Carol").await;
    let (dora, dora_account) = app.reader("Dora").await;
    app.member(dora_account.id, &matthew, MembershipState::Grace, |_| {})
        .await;
    for _ in 0..2 {
        for patron in [&ann, &bob, &dora] {
            let page = patron.get("/articles/for-patrons").await;
            page.says("treasure").says("Leave a comment");
            assert_eq!(page.header("cache-control"), "no-store");
            assert_eq!(page.header("etag"), "");
            patron.get(TIDE).await.says("<textarea");
        }
        let page = carol.get("/articles/for-patrons").await;
        page.does_not_say("treasure");
        carol.get(TIDE).await.does_not_say("<textarea");
        dora.get(TIDE).await.says("Update your card");
        bob.get(TIDE).await.does_not_say("Update your card");
    }
    ann.submit(
        "/articles/the-tide/comments",
        &[("body", "Well seen."), ("parent", "")],
    )
    .await;
    dora.submit(
        "/articles/the-tide/comments",
        &[("body", "I was there."), ("parent", "")],
    )
    .await;
    let deletes = |page: &Page| page.body.matches("/delete\"").count();
    for _ in 0..2 {
        bob.get(TIDE)
            .await
            .says("Well seen.")
            .does_not_say("Delete");
        for writer in [&ann, &dora] {
            let page = writer.get(TIDE).await;
            page.says("Well seen.").says("I was there.");
            assert_eq!(deletes(&page), 1, "each has power over her own");
        }
        app.browser()
            .get(TIDE)
            .await
            .says("2 comments")
            .does_not_say("Delete");
    }
}
