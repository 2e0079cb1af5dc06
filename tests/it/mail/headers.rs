//! What stands around a mail: where it comes back to, what it answers to, how a list is left.

use mailparse::MailHeaderMap as _;
use plaudit::{
    config::MailTransport,
    db,
    mail::{
        Letter,
        verp::{self, Told},
    },
};

use super::row;
use crate::support::{SmtpServer, TestApp};

/// Writes a letter that belongs to a conversation.
async fn answer(app: &TestApp, key: &str, thread: &[&str]) {
    let (_, ann) = app.reader(&format!("Reader of {key}")).await;
    let thread: Vec<String> = thread.iter().map(ToString::to_string).collect();
    let letter = Letter {
        key: key.to_owned(),
        kind: "ended",
        to: &ann,
        values: super::an_end(),
    };
    let now = app.app.clock.now();
    let tx = db::begin(&app.app.db).await.expect("begun");
    let outbox = &app.app.outbox;
    let written = outbox.enqueue_in_thread(&tx, now, letter, &thread).await;
    assert!(written.expect("written"));
    tx.commit().await.expect("committed");
}

#[tokio::test]
async fn a_mail_comes_back_to_an_address_that_names_it() {
    let mut server = SmtpServer::start().await;
    let port = server.port;
    let app = TestApp::start_with(|config| {
        config.mail.transport = MailTransport::Smtp;
        config.mail.smtp_url = format!("smtp://127.0.0.1:{port}");
        config.mail.from = "The Example <hello@example.org>".to_owned();
        config.mail.bounce_address = "bounces@example.org".to_owned();
    })
    .await;
    answer(&app, "ended:1", &[]).await;
    app.work().await;
    let taken = server.next().await;
    let told = verp::read("bounces@example.org", &app.app.key, &taken.from);
    let row = row(&app, "ended:1").await;
    assert_eq!(told, Some(Told::Bounced(row.id)), "{}", taken.from);
    let mail = mailparse::parse_mail(taken.raw.as_bytes()).expect("a mail");
    let from = mail.headers.get_first_value("From");
    assert_eq!(from.as_deref(), Some("\"The Example\" <hello@example.org>"));
}

#[tokio::test]
async fn mails_of_one_conversation_name_what_they_answer_to() {
    let app = TestApp::start().await;
    let talk = "conversation:7";
    answer(&app, "comment:1", &[talk]).await;
    answer(&app, "comment:2", &[talk, "comment:1"]).await;
    answer(&app, "ended:1", &[]).await;
    app.work().await;
    let mails = app.mails();
    let of = |number: usize, name: &str| {
        let mail = mailparse::parse_mail(&mails[number].raw).expect("a mail");
        mail.headers.get_first_value(name)
    };
    let first = of(0, "Message-ID").expect("an id");
    let root = of(0, "References").expect("a conversation");
    assert_eq!(of(0, "In-Reply-To").as_ref(), Some(&root));
    assert_eq!(of(1, "References"), Some(format!("{root} {first}")));
    assert_eq!(of(1, "In-Reply-To"), Some(first));
    assert_eq!((of(2, "References"), of(2, "In-Reply-To")), (None, None));
}

#[tokio::test]
async fn a_line_with_a_lone_dot_ends_no_mail_and_every_body_is_encoded() {
    let mut server = SmtpServer::start().await;
    let port = server.port;
    let app = TestApp::start_with(|config| {
        config.mail.transport = MailTransport::Smtp;
        config.mail.smtp_url = format!("smtp://127.0.0.1:{port}");
        config.publication.address = "1 Quay Street\n.\n..\nFrom here on".to_owned();
    })
    .await;
    answer(&app, "ended:1", &[]).await;
    app.work().await;
    let taken = server.next().await;
    let mail = mailparse::parse_mail(taken.raw.as_bytes()).expect("a mail");
    for part in &mail.subparts {
        let encoding = part.headers.get_first_value("Content-Transfer-Encoding");
        assert_eq!(encoding.as_deref(), Some("quoted-printable"));
    }
    let text = mail.subparts[0].get_body().expect("text");
    assert!(text.contains("Street\r\n.\r\n..\r\nFrom here on"), "{text}");
    assert!(text.trim_end().ends_with("."), "whole: {text}");
}
