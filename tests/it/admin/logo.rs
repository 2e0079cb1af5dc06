//! The publication's logo.

use reqwest::StatusCode;

use crate::{
    studio::picture,
    support::{Page, TestApp},
};

const LOGO: &str = "/admin/publication/logo";

#[tokio::test]
async fn the_owner_puts_a_logo_above_every_page_and_takes_it_away() {
    let app = TestApp::start().await;
    let (owner, _) = app.owner().await;
    owner.get("/admin/publication").await.says("Without a logo");
    let name = [("name", "Tide & Co"), ("tagline", "News")];
    owner.submit("/admin/publication", &name).await;
    let saved = owner.upload(LOGO, &[], &picture(1000, 250)).await;
    assert_eq!(saved.location(), "/admin/publication", "{}", saved.body);
    owner
        .get("/admin/publication")
        .await
        .says("The logo is saved.")
        .says("value=\"Tide &amp; Co\"");
    let masthead = "alt=\"Tide &amp; Co\" width=\"480\" height=\"120\"></a>";
    for path in ["/", "/join", "/nowhere"] {
        app.browser().get(path).await.says(masthead);
    }
    // What is typed beside it leaves it where it is.
    owner.submit("/admin/publication", &[("name", "Ebb")]).await;
    app.browser().get("/").await.says("alt=\"Ebb\"");
    let refused = owner.upload(LOGO, &[], b"<svg/>").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    refused
        .says("This is no picture we can show")
        .says("value=\"Ebb\"");
    let removed = owner.upload(LOGO, &[("what", "remove")], b"").await;
    assert_eq!(removed.status, StatusCode::SEE_OTHER);
    app.browser()
        .get("/")
        .await
        .says("rel=\"home\">Ebb</a>")
        .does_not_say("class=\"logo\"");
    owner.get("/admin/audit").await.says("logo");
}

#[tokio::test]
async fn nobody_but_the_owner_chooses_the_logo() {
    let app = TestApp::start().await;
    let (author, _) = app.author("Eve").await;
    let refused = author.upload(LOGO, &[], &picture(9, 9)).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let stranger = app.browser().upload(LOGO, &[], &picture(9, 9)).await;
    assert!(
        stranger.location().starts_with("/sign-in"),
        "{}",
        stranger.status
    );
    let (owner, _) = app.owner().await;
    let elsewhere = owner.raw().post(owner.address(LOGO));
    let elsewhere = elsewhere.header("sec-fetch-site", "cross-site");
    assert_eq!(Page::of(elsewhere).await.status, StatusCode::FORBIDDEN);
    app.browser().get("/").await.does_not_say("class=\"logo\"");
}
