//! The publication's own colours: of links, of the paper, of the text.

use reqwest::StatusCode;

use crate::support::TestApp;

#[tokio::test]
async fn paper_and_ink_are_the_publications_own_wherever_they_can_be_read() {
    let app = TestApp::start().await;
    let (owner, _) = app.owner().await;
    let colours = [
        ("accent", "#0044CC"),
        ("paper", "#FDF6E3"),
        ("ink", "#101820"),
    ];
    owner
        .submit("/admin/publication", &colours)
        .await
        .says("value=\"#fdf6e3\"")
        .says("value=\"#101820\"");
    let stranger = app.browser();
    let sheet = "/brand/0044cc-fdf6e3-101820.css";
    stranger.get("/").await.says(sheet);
    // Readers who like it dark have a dark shade of that paper, and light text.
    let css = stranger.get(sheet).await;
    css.says("--paper: light-dark(#fdf6e3, #")
        .says("--ink: light-dark(#101820, #")
        .does_not_say("#fdf6e3, #fdf6e3")
        .does_not_say("#101820, #101820");
    let log = owner.get("/admin/audit").await;
    log.says(">colour of the paper: fdf6e3<");
    let wrong = owner.post("/admin/publication", &[("ink", "#12")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    wrong.says("#12").says("Nothing was saved");
    stranger.get("/").await.says(sheet);
}
