//! Accounts: joining, signing in and out, proving an address, the reader's own pages.

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
