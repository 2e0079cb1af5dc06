//! Passwords: signing in by one, forgetting, changing.

use std::time::{Duration, Instant};

use plaudit::accounts::Password;
use reqwest::StatusCode;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, IntoActiveModel};

use crate::support::{Browser, TestApp};

const PASSWORD: &str = "rain on the harbour";

/// Ann, with a password.
async fn ann(app: &TestApp) -> Browser {
    let (browser, account) = app.reader("Ann").await;
    let hash = Password::choose(PASSWORD, "ann@example.org", "Ann").expect("allowed");
    let mut row = account.into_active_model();
    row.password_hash = Set(Some(hash.hash().await.expect("hashed")));
    row.update(&app.app.db).await.expect("kept");
    browser
}

async fn sign_in(browser: &Browser, email: &str, password: &str) -> StatusCode {
    let form = [("email", email), ("password", password)];
    browser.post("/sign-in", &form).await.status
}

#[tokio::test]
async fn a_reader_signs_in_by_password_and_goes_where_she_was_going() {
    let app = TestApp::start().await;
    ann(&app).await;
    let browser = app.browser();
    let away = browser.get("/account").await;
    assert_eq!(away.location(), "/sign-in?return_to=%2Faccount");
    browser
        .get(away.location())
        .await
        .says("value=\"/account\"");
    let form = [
        ("email", "ANN@example.org"),
        ("password", PASSWORD),
        ("return_to", "/account"),
    ];
    browser
        .submit("/sign-in", &form)
        .await
        .says("Signed in as Ann");

    let form = [
        ("email", "ann@example.org"),
        ("password", PASSWORD),
        ("return_to", "https://evil.example"),
    ];
    assert_eq!(app.browser().post("/sign-in", &form).await.location(), "/");
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_address_are_answered_alike() {
    let app = TestApp::start().await;
    ann(&app).await;
    app.reader("Bob").await;
    let mut pages = Vec::new();
    let emails = ["ann@example.org", "bob@example.org", "eve@example.org"];
    let mut quickest = [Duration::MAX; 3];
    // In turns, so that a busy moment of the machine slows all of them down.
    for _ in 0..8 {
        for (email, quickest) in emails.iter().zip(&mut quickest) {
            let form = [("email", *email), ("password", "not the password")];
            let began = Instant::now();
            let page = app.browser().post("/sign-in", &form).await;
            *quickest = began.elapsed().min(*quickest);
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert_eq!(page.header("set-cookie"), "");
            page.says("do not match").does_not_say("not the password");
            pages.push(page.body.replace(email, "somebody"));
        }
    }
    assert!(pages.iter().all(|page| *page == pages[0]));
    // Without the hash, which is most of the work, an answer would come in a fraction of the time.
    assert!(
        quickest.iter().all(|time| *time * 4 > quickest[0]),
        "{quickest:?}"
    );
}

#[tokio::test]
async fn guessing_at_one_account_is_slowed_down() {
    let app = TestApp::start_limited().await;
    ann(&app).await;
    let guesser = app.browser();
    for _ in 0..10 {
        let status = sign_in(&guesser, "ann@example.org", "a guess of mine").await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let status = sign_in(&guesser, "ann@example.org", "a guess of mine").await;
    assert_eq!(status, StatusCode::TOO_MANY_REQUESTS);
    // The others of her network come in meanwhile.
    for number in 0..12 {
        let email = format!("{number}@example.org");
        let status = sign_in(&app.browser(), &email, "a guess of mine").await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{number}");
    }
}

#[tokio::test]
async fn a_forgotten_password_is_chosen_anew_and_every_device_is_signed_out() {
    let app = TestApp::start().await;
    let old = ann(&app).await;
    let ann = app.browser();
    ann.get("/password/forgot")
        .await
        .says("<h1>A new password</h1>");
    ann.submit("/password/forgot", &[("email", "ann@example.org")])
        .await
        .says("Look in your mailbox");
    let link = app.mailed_link("ann@example.org").await;
    let page = ann.get(&link).await;
    assert_eq!(page.header("cache-control"), "no-store");
    page.says("For ann@example.org");
    for (typed, says) in [("tiny", "too short"), ("ANN@example.org", "your address")] {
        let page = ann.post(&link, &[("password", typed)]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        page.says(says)
            .says("For ann@example.org")
            .does_not_say(typed);
    }
    ann.submit(&link, &[("password", "snow on the harbour")])
        .await;
    ann.get("/account").await.says("Signed in as Ann");
    assert_eq!(old.get("/account").await.status, StatusCode::SEE_OTHER);
    let form = [("password", "hail on the harbour")];
    assert_eq!(ann.post(&link, &form).await.status, StatusCode::GONE);
    assert_eq!(
        sign_in(&app.browser(), "ann@example.org", PASSWORD).await,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(
        sign_in(&app.browser(), "ann@example.org", "snow on the harbour").await,
        StatusCode::SEE_OTHER
    );
}

#[tokio::test]
async fn a_changed_password_ends_all_other_sessions_and_links() {
    let app = TestApp::start().await;
    let here = ann(&app).await;
    let there = app.browser();
    sign_in(&there, "ann@example.org", PASSWORD).await;
    there.get("/account").await.says("Signed in as Ann");
    there
        .submit("/sign-in/link", &[("email", "ann@example.org")])
        .await;
    let link = app.mailed_link("ann@example.org").await;

    let form = [
        ("current", "something else"),
        ("password", "snow on the harbour"),
    ];
    let page = here.post("/account/password", &form).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    page.says("not your password now");
    let form = [("current", PASSWORD), ("password", "snow on the harbour")];
    here.submit("/account/password", &form)
        .await
        .says("Your new password is kept");
    let told = app.letters("ann@example.org").await.pop().expect("told");
    assert_eq!(told.kind, "password_changed");
    assert_eq!(there.get("/account").await.status, StatusCode::SEE_OTHER);
    assert_eq!(there.get(&link).await.status, StatusCode::GONE);
    let status = sign_in(&there, "ann@example.org", "snow on the harbour").await;
    assert_eq!(status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_reader_without_a_password_sets_one() {
    let app = TestApp::start().await;
    let (ann, _) = app.reader("Ann").await;
    ann.get("/account")
        .await
        .says("None; you sign in by e-mail.");
    ann.get("/account/password")
        .await
        .does_not_say("name=\"current\"");
    ann.submit("/account/password", &[("password", PASSWORD)])
        .await;
    ann.get("/account/password").await.says("name=\"current\"");
    let status = sign_in(&app.browser(), "ann@example.org", PASSWORD).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
}
