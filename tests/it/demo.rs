//! The demo publication: its half year, its sign-ins, its inbox. None of it outside demo and tests.

use std::{path::Path, process::Command};

use plaudit::{
    config::MailTransport,
    entities::{account, membership, outbox, payment},
    sandbox,
};
use reqwest::StatusCode;
use sea_orm::{EntityTrait, PaginatorTrait};

use crate::support::{Browser, Running, TestApp};

#[tokio::test]
async fn the_half_year_happens_once_and_leaves_everybody_where_the_story_says() {
    let app = TestApp::start().await;
    populate(&app).await;
    assert_eq!(app.app.clock.ahead_seconds(), 0);
    let rows = membership::Entity::find()
        .find_also_related(account::Entity)
        .all(&app.app.db)
        .await
        .expect("memberships");
    let state_of = |name: &str| {
        let is_hers = |account: &Option<account::Model>| {
            account.as_ref().is_some_and(|account| account.name == name)
        };
        let found = rows.iter().find(|(_, account)| is_hers(account));
        found.map(|(row, _)| row.state)
    };
    for (name, state) in [
        ("Ann Lowe", membership::State::Active),
        ("Hal Price", membership::State::Grace),
        ("Marcus Bell", membership::State::Cancelling),
        ("Tom Askew", membership::State::Ended),
    ] {
        assert_eq!(state_of(name), Some(state), "{name}");
    }
    let article = "/articles/tarrow-lets-its-foghorn-rest";
    let page = app.browser().get(article).await;
    page.says("Liked it? Take a second to support Matthew Smith")
        .says("Become a patron");
    let before = counts(&app).await;
    populate(&app).await;
    assert_eq!(counts(&app).await, before);
}

#[tokio::test]
async fn the_inbox_shows_a_mail_and_keeps_it_in_its_frame() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().to_owned();
    let app = TestApp::start_with(|config| {
        config.mail.transport = MailTransport::File;
        config.mail.folder.clone_from(&path);
    })
    .await;
    let browser = app.browser();
    browser.get("/sandbox/inbox").await.says("The first one");
    capture(&path, "one", "Welcome & hello");
    let list = browser.get("/sandbox/inbox").await;
    list.says("Welcome &amp; hello")
        .says("href=\"/sandbox/inbox/one\"");
    let letter = browser.get("/sandbox/inbox/one").await;
    letter.says("src=\"/sandbox/inbox/one/html\"").says("plain");
    let framed = browser.get("/sandbox/inbox/one/html").await;
    framed.says("<p>rich</p>").says("<base target=\"_top\">");
    let policy = framed.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'") && policy.contains("sandbox "));
    for elsewhere in ["two", "..%2Fone", "one.eml"] {
        let answer = browser.get(&format!("/sandbox/inbox/{elsewhere}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{elsewhere}");
    }
}

#[tokio::test]
async fn nothing_of_the_sandbox_exists_in_the_real_service() {
    let app = TestApp::start().await;
    let real = app.replica().await;
    let browser = Browser::new(&real.url);
    for path in ["", "/inbox", "/stripe/v1/account"] {
        let answer = browser.get(&format!("/sandbox{path}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn a_second_start_goes_on_with_the_same_publication() {
    let folder = tempfile::tempdir().expect("a folder");
    let (first, url) = start(folder.path()).await;
    let browser = Browser::new(&url);
    let to_clock = &[("days", "7")];
    browser
        .submit("/sandbox/clock", to_clock)
        .await
        .says("The clock has moved");
    first.stop().await;
    let (second, url) = start(folder.path()).await;
    let page = Browser::new(&url).get("/sandbox").await;
    page.says("matthew@harbour.example").says("Ann Lowe");
    Browser::new(&url).get("/").await.says("foghorn");
    second.stop().await;
}

#[tokio::test]
async fn a_month_that_passes_at_a_press_tells_of_failed_payments_before_an_end() {
    let app = TestApp::start().await;
    populate(&app).await;
    let failing = app.stripe.subscriptions();
    let hers = failing.iter().find(|one| {
        let customer = one["customer"].as_str().expect("an id");
        let customer = app.stripe.object(customer).expect("a customer");
        customer["name"] == "Ann Lowe"
    });
    let customer = hers.expect("hers")["customer"].as_str().expect("an id");
    app.stripe
        .set_card(customer, sandbox::stripe::Card::Declined);
    app.browser()
        .submit("/sandbox/clock", &[("days", "31")])
        .await
        .says("The clock has moved");
    app.browser()
        .submit("/sandbox/clock", &[("days", "31")])
        .await;
    let letters = app.letters("ann@harbour.example").await;
    let kinds: Vec<&str> = letters.iter().map(|one| one.kind.as_str()).collect();
    // She supports two authors.
    let told: Vec<_> = kinds
        .into_iter()
        .filter(|kind| matches!(*kind, "payment_failed" | "ended"))
        .collect();
    let one = [
        "payment_failed",
        "payment_failed",
        "payment_failed",
        "ended",
    ];
    assert_eq!(told, [one, one].concat());
    let text = &letters.last().expect("the last").body_text;
    assert!(text.contains("could not be charged"), "{text}");
}

async fn populate(app: &TestApp) {
    let work = async || {
        app.work().await;
        Ok(())
    };
    let done = sandbox::demo::populate(&app.app, &app.stripe, work).await;
    done.expect("a half year");
}

async fn counts(app: &TestApp) -> [u64; 4] {
    let db = &app.app.db;
    [
        account::Entity::find().count(db).await.expect("accounts"),
        membership::Entity::find().count(db).await.expect("members"),
        payment::Entity::find().count(db).await.expect("payments"),
        outbox::Entity::find().count(db).await.expect("mails"),
    ]
}

fn capture(folder: &Path, id: &str, subject: &str) {
    let mail = format!(
        "Date: Mon, 23 Nov 2026 10:00:00 +0000\r\nFrom: a@example.org\r\nTo: b@example.org\r\n\
         Subject: {subject}\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/alternative; boundary=x\r\n\r\n\
         --x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nplain\r\n\
         --x\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>rich</p>\r\n--x--\r\n"
    );
    std::fs::write(folder.join(format!("{id}.eml")), mail).expect("written");
}

/// Starts `plaudit demo` and waits until it says where it listens.
async fn start(folder: &Path) -> (Running, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_plaudit"));
    command
        .args(["demo", "--listen", "127.0.0.1:0", "--data"])
        .arg(folder);
    let mut demo = Running::start(&mut command);
    let url = demo.says("listening on ").await;
    (demo, url)
}

#[tokio::test]
async fn every_letter_can_be_looked_at_in_the_demo() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let list = browser.get("/sandbox/mails").await;
    for kind in app.app.outbox.kinds() {
        list.says(&format!("/sandbox/mails/{kind}/"));
        for language in plaudit::render::LANGUAGES {
            let path = format!("/sandbox/mails/{kind}/{language}");
            assert_eq!(browser.get(&path).await.status, StatusCode::OK, "{path}");
        }
    }
    let html = browser.get("/sandbox/mails/receipt/de/0").await;
    html.says("Quittung").says("7,00");
    for unknown in ["nothing/en", "receipt/xx", "receipt/en/99"] {
        let page = browser.get(&format!("/sandbox/mails/{unknown}")).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{unknown}");
    }
}
