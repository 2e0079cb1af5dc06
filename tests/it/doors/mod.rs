//! The doors: headers, the origin check, limits on bodies, cookies, the error page, the listener.

mod listener;
mod malformed;

use reqwest::{Method, RequestBuilder, StatusCode};

use crate::support::{Page, TestApp, chunked};

/// The most a body may weigh, in bytes.
const LIMIT: usize = 1024 * 1024;
const SUPPORT: &str = "/authors/matthew-smith/support";

async fn with_author() -> TestApp {
    let app = TestApp::start().await;
    app.author("Matthew Smith").await;
    app
}

/// A request that no browser's cookie jar or habits add to.
fn bare(app: &TestApp, method: Method, path: &str) -> RequestBuilder {
    reqwest::Client::new().request(method, format!("{}{path}", app.url))
}

#[tokio::test]
async fn an_unknown_address_has_a_page_with_a_way_on() {
    let app = TestApp::start().await;
    let page = app.browser().get("/no/such/page").await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    page.says("Nothing here").says("href=\"/\"");
}

#[tokio::test]
async fn every_answer_keeps_the_page_to_itself() {
    let app = with_author().await;
    for path in ["/", "/no/such/page", SUPPORT, "/webhooks/stripe"] {
        let page = app.browser().get(path).await;
        let policy = page.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'"), "{path}: {policy}");
        assert!(!policy.contains("unsafe"), "{path}: {policy}");
        for held in [
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "style-src 'self'",
        ] {
            assert!(policy.contains(held), "{path}: {policy}");
        }
        assert_eq!(page.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(page.header("cross-origin-opener-policy"), "same-origin");
        assert_eq!(
            page.header("referrer-policy"),
            "strict-origin-when-cross-origin"
        );
        assert_eq!(page.header("strict-transport-security"), "", "plain http");
    }
}

#[tokio::test]
async fn on_https_browsers_are_told_to_stay_there_and_cookies_are_bound_to_the_host() {
    let app = TestApp::start_with(|config| {
        config.server.public_url = "https://example.org".to_owned();
    })
    .await;
    app.author("Matthew Smith").await;
    let (reader, _) = app.reader("Ann").await;
    let page = reader.get("/").await;
    assert!(
        page.header("strict-transport-security")
            .starts_with("max-age=63072000")
    );
    let answer = reader
        .post(SUPPORT, &[("tip", "once"), ("amount", "500")])
        .await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let cookies: Vec<_> = answer.headers.get_all("set-cookie").iter().collect();
    assert!(!cookies.is_empty());
    for cookie in cookies {
        let cookie = cookie.to_str().expect("ascii");
        assert!(cookie.starts_with("__Host-"), "{cookie}");
        for held in ["; Path=/", "; HttpOnly", "; SameSite=Lax", "; Secure"] {
            assert!(cookie.contains(held), "{cookie}");
        }
        assert!(!cookie.contains("Domain"), "{cookie}");
    }
}

#[tokio::test]
async fn who_is_not_signed_in_gets_no_cookie() {
    let app = with_author().await;
    for path in [
        "/",
        "/authors/matthew-smith",
        SUPPORT,
        "/no/such/page",
        "/sign-in",
        "/feed.xml",
    ] {
        let page = app.browser().get(path).await;
        assert_eq!(page.header("set-cookie"), "", "{path}");
    }
}

#[tokio::test]
async fn a_page_that_knows_its_reader_is_not_stored() {
    let app = with_author().await;
    let (reader, _) = app.reader("Ann").await;
    for path in [
        "/",
        "/authors/matthew-smith",
        SUPPORT,
        "/account",
        "/no/such/page",
    ] {
        let page = reader.get(path).await;
        assert_eq!(page.header("cache-control"), "no-store", "{path}");
    }
}

#[tokio::test]
async fn a_post_from_another_site_is_refused_by_what_the_browser_says() {
    let app = with_author().await;
    for site in ["cross-site", "same-site"] {
        let request = bare(&app, Method::POST, SUPPORT).header("sec-fetch-site", site);
        let page = Page::of(request).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{site}");
        page.says("another site");
    }
}

#[tokio::test]
async fn a_post_from_another_site_is_refused_by_its_origin_alone() {
    let app = with_author().await;
    for origin in ["https://evil.example", "null", "http://127.0.0.1:1"] {
        let request = bare(&app, Method::POST, SUPPORT).header("origin", origin);
        assert_eq!(
            Page::of(request).await.status,
            StatusCode::FORBIDDEN,
            "{origin}"
        );
    }
}

#[tokio::test]
async fn a_post_from_our_own_pages_is_let_in() {
    let app = with_author().await;
    let form = [("tip", "own"), ("own", "not an amount")];
    let own = app.url.clone();
    for (name, value) in [("sec-fetch-site", "same-origin"), ("origin", own.as_str())] {
        let request = bare(&app, Method::POST, SUPPORT)
            .header(name, value)
            .form(&form);
        let page = Page::of(request).await;
        assert_eq!(
            page.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{name}: {value}"
        );
    }
}

#[tokio::test]
async fn a_post_with_nothing_in_it_is_an_empty_form() {
    let app = with_author().await;
    let browser = app.browser();
    let path = browser.address("/authors/matthew-smith/support");
    let answer = browser.raw().post(path).send().await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_body_over_the_limit_is_too_large() {
    let app = with_author().await;
    let large = vec![b'a'; LIMIT + 1];
    for path in [SUPPORT, "/webhooks/stripe"] {
        let request = bare(&app, Method::POST, path)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(large.clone());
        let page = Page::of(request).await;
        assert_eq!(page.status, StatusCode::PAYLOAD_TOO_LARGE, "{path}");
    }
}

#[tokio::test]
async fn a_body_over_the_limit_is_too_large_even_if_it_does_not_say_so() {
    let app = with_author().await;
    for path in [SUPPORT, "/webhooks/stripe"] {
        let status = chunked(&app.url, path, &vec![b'a'; LIMIT + 1]).await;
        assert!(status.contains("413"), "{path}: {status}");
    }
}
