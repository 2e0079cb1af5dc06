//! Mail as it leaves: to memory, to a folder, to a real SMTP server; once, and again where it must.

use chrono::Duration;
use mailparse::MailHeaderMap as _;
use plaudit::{
    config::MailTransport,
    entities::{
        account,
        outbox::{self, State},
    },
    mail::Letter,
};
use sea_orm::EntityTrait;
use serde_json::json;

use crate::support::{SmtpServer, TestApp};

/// Writes a cancellation letter, the shortest there is.
async fn write(app: &TestApp, to: &account::Model, key: &str) -> bool {
    let letter = Letter {
        key: key.to_owned(),
        kind: "ended",
        to,
        values: json!({
            "author_name": "Matthew Smith",
            "support_url": "https://example.org/authors/matthew-smith/support",
        }),
    };
    let now = app.app.clock.now();
    let tx = plaudit::db::begin(&app.app.db).await.expect("begun");
    let is_new = app
        .app
        .outbox
        .enqueue(&tx, now, letter)
        .await
        .expect("written");
    tx.commit().await.expect("committed");
    is_new
}

async fn rows(app: &TestApp) -> Vec<outbox::Model> {
    outbox::Entity::find().all(&app.app.db).await.expect("rows")
}

async fn on_smtp(port: u16) -> TestApp {
    TestApp::start_with(|config| {
        config.mail.transport = MailTransport::Smtp;
        config.mail.smtp_url = format!("smtp://127.0.0.1:{port}");
        config.mail.from = "The Example <hello@example.org>".to_owned();
    })
    .await
}

#[tokio::test]
async fn a_letter_is_written_once_and_read_in_both_parts() {
    let app = TestApp::start().await;
    let (_, ann) = app.reader("Ann").await;
    assert!(write(&app, &ann, "ended:sub_1").await);
    assert!(!write(&app, &ann, "ended:sub_1").await);
    app.work().await;
    let mails = app.mails();
    assert_eq!(mails.len(), 1);
    let mail = mailparse::parse_mail(&mails[0].raw).expect("a mail");
    let header = |name: &str| mail.headers.get_first_value(name).unwrap_or_default();
    assert_eq!(
        header("Subject"),
        "Your support for Matthew Smith has ended"
    );
    assert_eq!(header("To"), "Ann <ann@example.org>");
    assert_eq!(header("Auto-Submitted"), "auto-generated");
    assert!(header("Message-ID").ends_with("@localhost>"));
    let text = mail.subparts[0].get_body().expect("text");
    let html = mail.subparts[1].get_body().expect("html");
    assert!(text.starts_with("Hello Ann,"), "{text}");
    assert!(html.contains("<h1"), "{html}");
    assert!(html.contains("style="), "inlined: {html}");
}

#[tokio::test]
async fn headers_cannot_be_injected_through_a_name() {
    let app = TestApp::start().await;
    let (_, mut ann) = app.reader("Ann").await;
    ann.name = "Ann\r\nBcc: everyone@example.org\r\n<script>".to_owned();
    write(&app, &ann, "ended:sub_1").await;
    app.work().await;
    let mails = app.mails();
    let mail = mailparse::parse_mail(&mails[0].raw).expect("a mail");
    assert_eq!(mail.headers.get_first_value("Bcc"), None);
    let html = mail.subparts[1].get_body().expect("html");
    assert!(!html.contains("<script>"), "{html}");
}

#[tokio::test]
async fn a_real_server_gets_it_and_a_busy_one_gets_it_again() {
    let mut server = SmtpServer::start().await;
    let app = on_smtp(server.port).await;
    let (_, ann) = app.reader("Ann").await;
    let (_, mut later) = app.reader("Later").await;
    later.email = Some("later@example.org".to_owned());
    let (_, mut refused) = app.reader("Refused").await;
    refused.email = Some("refuse@example.org".to_owned());
    write(&app, &later, "ended:sub_later").await;
    write(&app, &refused, "ended:sub_refused").await;
    write(&app, &ann, "ended:sub_ann").await;
    app.work().await;
    let taken = server.next().await;
    assert_eq!(taken.to, ["ann@example.org"]);
    assert_eq!(taken.from, "hello@example.org");
    assert!(
        taken
            .raw
            .contains("Subject: Your support for Matthew Smith has ended")
    );
    for row in rows(&app).await {
        let (state, attempts) = match row.key.as_str() {
            "ended:sub_ann" => (State::Sent, 0),
            "ended:sub_later" => (State::Waiting, 1),
            _ => (State::Dead, 1),
        };
        assert_eq!((row.state, row.attempts), (state, attempts), "{}", row.key);
    }
    app.app.clock.advance(Duration::days(4));
    app.work().await;
    let later = rows(&app)
        .await
        .into_iter()
        .find(|row| row.key == "ended:sub_later");
    let later = later.expect("kept");
    assert_eq!(later.state, State::Dead);
    assert!(later.error.expect("a reason").contains("451"));
}

#[tokio::test]
async fn with_the_relay_away_mail_waits_and_goes_later_with_the_same_id() {
    let app = on_smtp(1).await;
    let (_, ann) = app.reader("Ann").await;
    write(&app, &ann, "ended:sub_1").await;
    app.work().await;
    let row = rows(&app).await.remove(0);
    assert_eq!((row.state, row.attempts), (State::Waiting, 1));
    assert!(row.run_at > app.app.clock.now());
    assert!(row.locked_until.is_none());
}

#[tokio::test]
async fn a_lease_runs_out_and_the_mail_is_sent_after_all() {
    let app = TestApp::start().await;
    let (_, ann) = app.reader("Ann").await;
    write(&app, &ann, "ended:sub_1").await;
    let mut row: outbox::ActiveModel = rows(&app).await.remove(0).into();
    let until = app.app.clock.now() + Duration::minutes(5);
    row.locked_until = sea_orm::Set(Some(until));
    sea_orm::ActiveModelTrait::update(row, &app.app.db)
        .await
        .expect("leased");
    app.work().await;
    assert!(app.mails().is_empty());
    app.app.clock.advance(Duration::minutes(6));
    app.work().await;
    assert_eq!(app.mails().len(), 1);
}

#[tokio::test]
async fn a_letter_of_an_act_that_failed_is_never_sent() {
    let app = TestApp::start().await;
    let (_, ann) = app.reader("Ann").await;
    let tx = plaudit::db::begin(&app.app.db).await.expect("begun");
    let letter = Letter {
        key: "ended:sub_1".to_owned(),
        kind: "ended",
        to: &ann,
        values: json!({ "author_name": "M", "support_url": "https://example.org" }),
    };
    let now = app.app.clock.now();
    app.app
        .outbox
        .enqueue(&tx, now, letter)
        .await
        .expect("written");
    tx.rollback().await.expect("rolled back");
    app.work().await;
    assert!(app.mails().is_empty());
}

#[tokio::test]
async fn a_folder_takes_mail_as_files() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().to_owned();
    let app = TestApp::start_with(|config| {
        config.mail.transport = MailTransport::File;
        config.mail.folder = path;
    })
    .await;
    let (_, ann) = app.reader("Ann").await;
    write(&app, &ann, "ended:sub_1").await;
    app.work().await;
    let files: Vec<_> = std::fs::read_dir(folder.path())
        .expect("the folder")
        .map(|file| file.expect("a file").path())
        .collect();
    assert_eq!(files.len(), 1);
    assert!(files[0].extension().is_some_and(|ending| ending == "eml"));
}
