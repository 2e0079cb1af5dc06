//! Links by mail: opened by anyone and anything, used once, for one purpose, and leading nowhere else.

use chrono::Duration;
use plaudit::entities::token;
use reqwest::StatusCode;
use sea_orm::EntityTrait;

use crate::support::TestApp;

#[tokio::test]
async fn looking_at_a_link_uses_nothing_up_and_it_works_once() {
    let app = TestApp::start().await;
    app.reader("Ann").await;
    let ann = app.browser();
    let form = [("email", "ann@example.org"), ("return_to", "/articles/x")];
    ann.submit("/sign-in/link", &form)
        .await
        .says("Look in your mailbox");
    let link = app.mailed_link("ann@example.org").await;
    for _ in 0..3 {
        let page = app.browser().get(&link).await;
        assert_eq!(page.status, StatusCode::OK);
        assert_eq!(page.header("set-cookie"), "");
    }
    let answer = ann.post(&link, &[]).await;
    assert_eq!(answer.location(), "/articles/x");
    ann.get("/account").await.says("Signed in as Ann");

    let late = app.browser();
    for page in [late.get(&link).await, late.post(&link, &[]).await] {
        assert_eq!(page.status, StatusCode::GONE);
        page.says("This link is over").says("href=\"/sign-in\"");
    }
    let away = late.get("/account").await;
    assert_eq!(away.location(), "/sign-in?return_to=%2Faccount");
}

#[tokio::test]
async fn of_two_who_use_a_link_at_once_one_comes_in() {
    let app = TestApp::start().await;
    app.reader("Ann").await;
    let browser = app.browser();
    browser
        .submit("/sign-in/link", &[("email", "ann@example.org")])
        .await;
    let link = app.mailed_link("ann@example.org").await;
    let (one, two) = (app.browser(), app.browser());
    let (one, two) = tokio::join!(one.post(&link, &[]), two.post(&link, &[]));
    let mut codes = [one.status.as_u16(), two.status.as_u16()];
    codes.sort_unstable();
    assert_eq!(codes, [303, 410]);
}

#[tokio::test]
async fn a_link_is_good_for_half_an_hour() {
    let app = TestApp::start().await;
    app.reader("Ann").await;
    let ann = app.browser();
    ann.submit("/sign-in/link", &[("email", "ann@example.org")])
        .await;
    let link = app.mailed_link("ann@example.org").await;
    app.app.clock.advance(Duration::minutes(29));
    assert_eq!(ann.get(&link).await.status, StatusCode::OK);
    app.app.clock.advance(Duration::minutes(2));
    assert_eq!(ann.get(&link).await.status, StatusCode::GONE);
    assert_eq!(ann.post(&link, &[]).await.status, StatusCode::GONE);
}

#[tokio::test]
async fn a_link_is_good_for_its_own_purpose_alone() {
    let app = TestApp::start().await;
    app.reader("Ann").await;
    let ann = app.browser();
    ann.submit("/password/forgot", &[("email", "ann@example.org")])
        .await;
    let password = app.mailed_link("ann@example.org").await;
    let as_sign_in = password.replace("/password/", "/sign-in/");
    assert_eq!(ann.get(&as_sign_in).await.status, StatusCode::GONE);
    assert_eq!(ann.post(&as_sign_in, &[]).await.status, StatusCode::GONE);

    ann.submit("/sign-in/link", &[("email", "ann@example.org")])
        .await;
    let sign_in = app.mailed_link("ann@example.org").await;
    let as_password = sign_in.replace("/sign-in/", "/password/");
    let form = [("password", "rain on the harbour")];
    assert_eq!(ann.get(&as_password).await.status, StatusCode::GONE);
    assert_eq!(ann.post(&as_password, &form).await.status, StatusCode::GONE);

    assert_eq!(ann.get(&password).await.status, StatusCode::OK);
    assert_eq!(ann.get(&sign_in).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_token_is_kept_only_as_its_hash() {
    let app = TestApp::start().await;
    let ann = app.browser();
    ann.submit("/sign-in/link", &[("email", "ann@example.org")])
        .await;
    let link = app.mailed_link("ann@example.org").await;
    let secret = link.trim_start_matches("/sign-in/");
    let rows = token::Entity::find().all(&app.app.db).await.expect("rows");
    assert_eq!(rows.len(), 1);
    assert_ne!(rows[0].token_hash, secret);
    let by_hash = format!("/sign-in/{}", rows[0].token_hash);
    assert_eq!(ann.get(&by_hash).await.status, StatusCode::GONE);
}

#[tokio::test]
async fn asking_for_a_link_tells_nothing_about_the_address() {
    let app = TestApp::start().await;
    app.reader("Ann").await;
    let somebody = app.browser();
    for path in ["/sign-in/link", "/password/forgot"] {
        let known = somebody.post(path, &[("email", "ann@example.org")]).await;
        let unknown = somebody.post(path, &[("email", "eve@example.org")]).await;
        assert_eq!(known.status, StatusCode::SEE_OTHER);
        assert_eq!(known.status, unknown.status);
        assert_eq!(
            known.headers.get("location"),
            unknown.headers.get("location")
        );
        assert_eq!(known.body, unknown.body);
    }
    let letters = app.letters("eve@example.org").await;
    assert!(letters.iter().all(|letter| letter.kind == "sign_in"));
    assert!(letters[1].body_text.contains("no account"));
}

#[tokio::test]
async fn no_link_leads_to_another_site() {
    let app = TestApp::start().await;
    app.reader("Ann").await;
    for away in [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "evil",
    ] {
        let ann = app.browser();
        let form = [("email", "ann@example.org"), ("return_to", away)];
        ann.submit("/sign-in/link", &form).await;
        let link = app.mailed_link("ann@example.org").await;
        assert_eq!(ann.post(&link, &[]).await.location(), "/", "{away}");
    }
}

#[tokio::test]
async fn one_address_is_mailed_only_so_often_from_wherever() {
    let app = TestApp::start_limited().await;
    let somebody = app.browser();
    for _ in 0..5 {
        let page = somebody
            .post("/sign-in/link", &[("email", "ann@example.org")])
            .await;
        assert_eq!(page.status, StatusCode::SEE_OTHER);
    }
    // Whatever the form, and from wherever; while others of the same network ask for theirs.
    for path in ["/sign-in/link", "/password/forgot"] {
        let form = [("email", "Ann@example.org")];
        let page = app.browser().post(path, &form).await;
        assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS, "{path}");
        for number in 0..20 {
            let email = format!("{number}@example.org");
            let page = app.browser().post(path, &[("email", &email)]).await;
            assert_eq!(page.status, StatusCode::SEE_OTHER, "{path} {number}");
        }
    }
    assert_eq!(app.letters("ann@example.org").await.len(), 3);
}

#[tokio::test]
async fn a_letter_is_in_the_language_of_its_reader() {
    let app = TestApp::start().await;
    let (ann, _) = app.reader("Ann").await;
    ann.submit("/account", &[("name", "Ann"), ("language", "de")])
        .await
        .says("Ihr Konto")
        .says("<html lang=\"de\">");
    app.browser()
        .submit("/sign-in/link", &[("email", "ann@example.org")])
        .await;
    let letter = app.letters("ann@example.org").await.remove(0);
    assert!(
        letter.subject.starts_with("Ihr Link zum Anmelden"),
        "{}",
        letter.subject
    );
    assert!(
        letter.body_text.contains("Guten Tag Ann,"),
        "{}",
        letter.body_text
    );
    assert!(
        letter.body_html.contains("<html lang=\"de\">"),
        "{}",
        letter.body_html
    );
}
