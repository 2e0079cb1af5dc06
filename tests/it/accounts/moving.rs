//! Another address: proven before it counts, taken back by the old one; and a sign-in from somewhere new.

use plaudit::entities::outbox;
use reqwest::StatusCode;

use crate::support::TestApp;

/// The path of the link in a letter.
fn link(app: &TestApp, letter: &outbox::Model) -> String {
    let lines = letter.body_text.lines();
    let found = lines.filter_map(|line| line.strip_prefix(app.url.as_str()));
    let path = found.rev().find(|path| path.contains("/address/"));
    path.expect("a link").to_owned()
}

#[tokio::test]
async fn an_address_changes_when_the_new_one_answers_and_the_old_one_can_take_it_back() {
    let app = TestApp::start().await;
    let (ann, _) = app.reader("Ann").await;
    let form = [("email", "Ann.New@example.org")];
    ann.submit("/account/address", &form)
        .await
        .says("The link is on its way")
        .says("ann@example.org");
    let asked = app.letters("ann.new@example.org").await.remove(0);
    let path = link(&app, &asked);
    let stranger = app.browser();
    stranger.get(&path).await.says("ann.new@example.org");
    ann.get("/account").await.says("ann@example.org");
    assert_eq!(ann.post(&path, &[]).await.location(), "/account");
    ann.get("/account").await.says("ann.new@example.org");
    assert_eq!(ann.post(&path, &[]).await.status, StatusCode::GONE);
    let told = app.letters("ann.new@example.org").await;
    let told = told.last().expect("told");
    assert!(!told.body_text.contains("/undo/"), "{}", told.body_text);
    let old = app.letters("ann@example.org").await;
    let old = old.last().expect("told");
    assert_eq!(old.kind, "address_changed");
    let undo = link(&app, old);
    assert!(undo.contains("/undo/"), "{undo}");
    stranger.get(&undo).await.says("ann@example.org");
    ann.get("/account").await.says("ann.new@example.org");
    assert_eq!(stranger.post(&undo, &[]).await.location(), "/sign-in");
    assert_eq!(ann.get("/account").await.status, StatusCode::SEE_OTHER);
    assert_eq!(stranger.get(&undo).await.status, StatusCode::GONE);
}

#[tokio::test]
async fn an_address_somebody_has_is_not_taken_and_only_its_mailbox_hears_so() {
    let app = TestApp::start().await;
    let (ann, _) = app.reader("Ann").await;
    let (bob, _) = app.reader("Bob").await;
    let answer = ann
        .submit("/account/address", &[("email", "bob@example.org")])
        .await;
    answer.says("The link is on its way");
    let asked = app.letters("bob@example.org").await.remove(0);
    let page = ann.post(&link(&app, &asked), &[]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    page.says("There is an account with this address already");
    bob.get("/account").await.says("bob@example.org");
    ann.get("/account").await.says("ann@example.org");
    for (typed, said) in [
        ("nothing", "e-mail address"),
        ("ann@example.org", "already"),
    ] {
        let page = ann.post("/account/address", &[("email", typed)]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{typed}");
        page.says(said);
    }
}

/// Signs in by mail with a browser that calls itself so.
async fn signs_in(app: &TestApp, agent: &str) {
    let browser = app.browser();
    browser
        .submit("/sign-in/link", &[("email", "ann@example.org")])
        .await;
    let letters = app.letters("ann@example.org").await;
    let mut letters = letters.iter().filter(|letter| letter.kind == "sign_in");
    let letter = letters.next_back().expect("a link").body_text.clone();
    let mut lines = letter.lines();
    let link = lines
        .find(|line| line.contains("/sign-in/"))
        .expect("a link");
    let request = browser.raw().post(link).header("User-Agent", agent);
    let answer = request
        .form::<[(&str, &str); 0]>(&[])
        .send()
        .await
        .expect("an answer");
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_sign_in_from_a_new_browser_is_told_of_once_and_the_first_is_no_news() {
    let app = TestApp::start().await;
    app.reader("Ann").await;
    let firefox = "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0";
    let safari = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) Version/18.0 Safari/604.1";
    let mut told = Vec::new();
    for agent in [firefox, firefox, safari, safari] {
        signs_in(&app, agent).await;
        let letters = app.letters("ann@example.org").await;
        told = letters
            .into_iter()
            .filter(|letter| letter.kind == "new_sign_in")
            .collect();
    }
    let [letter] = told.as_slice() else {
        panic!("one letter: {told:?}");
    };
    assert!(
        letter.body_text.contains("Safari, iPhone"),
        "{}",
        letter.body_text
    );
    assert!(letter.body_text.contains("/account#signing-in"));
}
