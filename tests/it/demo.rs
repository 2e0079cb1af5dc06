//! The demo publication: its half year, its sign-ins, its inbox. None of it outside demo and tests.

use std::{
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

use plaudit::{
    config::MailTransport,
    entities::{account, membership, outbox, payment},
    sandbox,
};
use reqwest::StatusCode;
use sea_orm::{EntityTrait, PaginatorTrait};
use tokio::task::spawn_blocking;

use crate::support::{Browser, TestApp};

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
    let first = start(folder.path()).await;
    let browser = Browser::new(&first.url);
    let to_clock = &[("days", "7")];
    browser
        .submit("/sandbox/clock", to_clock)
        .await
        .says("The clock has moved");
    stop(first).await;
    let second = start(folder.path()).await;
    let page = Browser::new(&second.url).get("/sandbox").await;
    page.says("matthew@harbour.example").says("Ann Lowe");
    Browser::new(&second.url).get("/").await.says("foghorn");
    stop(second).await;
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

/// A running `plaudit demo`, ended with the test.
struct Demo {
    child: Child,
    url: String,
}

impl Drop for Demo {
    fn drop(&mut self) {
        if let Err(error) = self.child.kill() {
            tracing::debug!(%error, "the demo had ended");
        }
    }
}

/// Starts it and waits until it says where it listens.
async fn start(folder: &Path) -> Demo {
    let mut child = Command::new(env!("CARGO_BIN_EXE_plaudit"))
        .args(["demo", "--listen", "127.0.0.1:0", "--data"])
        .arg(folder)
        .stdout(Stdio::piped())
        .spawn()
        .expect("started");
    let output = child.stdout.take().expect("its output");
    let (said, heard) = tokio::sync::oneshot::channel();
    spawn_blocking(move || {
        let mut said = Some(said);
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            if let Some(url) = line.strip_prefix("listening on ") {
                let teller = said.take().expect("said once");
                teller.send(url.to_owned()).expect("heard");
            }
        }
    });
    let url = heard.await.expect("an address before the end");
    Demo { child, url }
}

/// As Ctrl-C or a service manager would.
async fn stop(mut demo: Demo) {
    let id = demo.child.id().to_string();
    let told = Command::new("kill").arg(id).status().expect("told");
    assert!(told.success());
    let ended = spawn_blocking(move || demo.child.wait()).await;
    assert!(ended.expect("waited").expect("stopped").success());
}
