//! The doors: headers, the origin check, limits on bodies, the error page.

use reqwest::StatusCode;

use crate::support::TestApp;

#[tokio::test]
async fn an_unknown_address_has_a_page_with_a_way_on() {
    let app = TestApp::start().await;
    let page = app.browser().get("/no/such/page").await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    page.says("Nothing here").says("href=\"/\"");
    assert_eq!(page.header("x-content-type-options"), "nosniff");
    assert!(
        page.header("content-security-policy")
            .starts_with("default-src 'none'")
    );
}

#[tokio::test]
async fn a_post_from_another_site_is_refused() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let request = browser
        .raw()
        .post(browser.address("/join"))
        .header("sec-fetch-site", "cross-site");
    let page = crate::support::Page::of(request).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    page.says("another site");
}
