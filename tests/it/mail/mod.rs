//! Mail as it leaves: to memory, to a folder, to a real SMTP server; once, and again where it must.

mod bad_input;
mod commands;
mod faults;
mod headers;
mod killed;
mod letters;
mod pace;
mod relay;
mod seeing;
mod signing;
mod standing;
mod stopping;
mod suppressing;
mod trust;

use chrono::Duration;
use mailparse::MailHeaderMap as _;
use plaudit::{
    config::MailTransport,
    entities::{account, mail_stop, outbox},
    mail::Letter,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};

use crate::support::TestApp;

/// What the letter of an end says, the shortest there is.
pub fn an_end() -> Value {
    json!({
        "author_name": "Matthew Smith",
        "gift": null, "tier_name": null, "starts_at": null, "is_unpaid": false,
        "goes_on": false, "stay": null,
        "account_url": "https://example.org/account",
        "support_url": "https://example.org/authors/matthew-smith/support",
    })
}

/// Writes the letter of an end.
async fn write(app: &TestApp, to: &account::Model, key: &str) -> bool {
    let letter = Letter {
        key: key.to_owned(),
        kind: "ended",
        to,
        values: an_end(),
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

/// The row with this key.
async fn row(app: &TestApp, key: &str) -> outbox::Model {
    let row = outbox::Entity::find().filter(outbox::Column::Key.eq(key));
    let row = row.one(&app.app.db).await.expect("the database");
    row.expect(key)
}

/// Why no mail is sent at all, if so.
async fn stop(app: &TestApp) -> Option<mail_stop::Model> {
    let stop = mail_stop::Entity::standing().one(&app.app.db).await;
    stop.expect("the database")
}

/// As if the process had died between sending and writing it down, and the lease had run out.
async fn lose(app: &TestApp, row: outbox::Model) {
    let mut row: outbox::ActiveModel = row.into();
    row.state = sea_orm::Set(outbox::State::Waiting);
    row.sent_at = sea_orm::Set(None);
    sea_orm::ActiveModelTrait::update(row, &app.app.db)
        .await
        .expect("lost");
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
        values: an_end(),
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
    let again = row(&app, "ended:sub_1").await;
    lose(&app, again).await;
    app.work().await;
    let count = std::fs::read_dir(folder.path())
        .expect("the folder")
        .count();
    assert_eq!(count, 1, "a repetition replaces it");
}

#[tokio::test]
async fn s97_after_a_crash_a_mail_comes_again_byte_for_byte() {
    let app = TestApp::start().await;
    let (_, ann) = app.reader("Ann").await;
    write(&app, &ann, "ended:sub_1").await;
    app.work().await;
    lose(&app, row(&app, "ended:sub_1").await).await;
    app.app.clock.advance(Duration::hours(1));
    app.work().await;
    let mails = app.mails();
    assert_eq!(mails.len(), 2);
    assert_eq!(mails[0].raw, mails[1].raw);
}

#[tokio::test]
async fn two_workers_share_the_outbox_and_send_nothing_twice() {
    let app = TestApp::start_with(|config| config.mail.rate_per_second = 20).await;
    let other = app.replica().await;
    let (_, ann) = app.reader("Ann").await;
    for number in 0..120 {
        write(&app, &ann, &format!("ended:sub_{number}")).await;
    }
    tokio::join!(app.work(), other.work());
    let theirs = other.app.delivery.mailer().captured().expect("memory");
    let (ours, theirs) = (app.mails(), theirs.all());
    assert!(!ours.is_empty() && !theirs.is_empty());
    let mut all: Vec<Vec<u8>> = ours
        .into_iter()
        .chain(theirs)
        .map(|sent| sent.raw)
        .collect();
    assert_eq!(all.len(), 120);
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), 120);
}

#[tokio::test]
async fn a_process_about_to_end_leaves_mails_to_others() {
    let app = TestApp::start().await;
    let (_, ann) = app.reader("Ann").await;
    write(&app, &ann, "ended:sub_1").await;
    let other = app.replica().await;
    app.app.delivery.close();
    let round = plaudit::worker::round(&app.app).await.expect("a round");
    assert_eq!(round.mails, 0, "nothing new is taken on");
    assert!(app.mails().is_empty());
    assert_eq!(row(&app, "ended:sub_1").await.locked_until, None);
    other.work().await;
    assert_eq!(row(&app, "ended:sub_1").await.state, outbox::State::Sent);
}
