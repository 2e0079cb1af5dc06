//! A real SMTP server: it takes, refuses, puts off, falls silent, goes away and comes back.

use std::time::Instant;

use chrono::Duration;
use mailparse::MailHeaderMap as _;
use plaudit::{
    config::MailTransport,
    entities::{account, outbox::State},
};

use super::{row, stop, write};
use crate::support::{SmtpServer, TestApp};

pub(super) async fn on(url: &str) -> TestApp {
    TestApp::start_with(|config| {
        config.mail.transport = MailTransport::Smtp;
        config.mail.smtp_url = url.to_owned();
        config.mail.from = "The Example <hello@example.org>".to_owned();
        config.mail.timeout_seconds = 1;
    })
    .await
}

async fn on_port(port: u16) -> TestApp {
    on(&format!("smtp://127.0.0.1:{port}")).await
}

/// Somebody whose address begins so, as the server's script takes it.
pub(super) async fn named(app: &TestApp, name: &str) -> account::Model {
    let (_, mut account) = app.reader(name).await;
    account.email = Some(format!("{name}@example.org"));
    account
}

/// Works and lets six hours pass until this mail waits no more.
async fn until_settled(app: &TestApp, key: &str) {
    while row(app, key).await.state == State::Waiting {
        app.app.clock.advance(Duration::hours(6));
        app.work().await;
    }
}

#[tokio::test]
async fn each_recipient_gets_what_the_server_says_of_her() {
    let mut server = SmtpServer::start().await;
    let app = on_port(server.port).await;
    for name in ["later", "refuse", "ann"] {
        let account = named(&app, name).await;
        write(&app, &account, &format!("ended:{name}")).await;
    }
    app.work().await;
    let taken = server.next().await;
    assert_eq!(taken.to, ["ann@example.org"]);
    assert_eq!(taken.from, "hello@example.org");
    let subject = "Subject: Your support for Matthew Smith has ended";
    assert!(taken.raw.contains(subject), "{}", taken.raw);
    let is = async |key, state, attempts| {
        let row = row(&app, key).await;
        assert_eq!((row.state, row.attempts), (state, attempts), "{key}");
        assert_eq!(row.locked_until, None, "{key}");
    };
    is("ended:ann", State::Sent, 0).await;
    is("ended:refuse", State::Dead, 1).await;
    is("ended:later", State::Waiting, 1).await;
    let refused = row(&app, "ended:refuse").await.error.expect("a reason");
    assert!(refused.contains("550") && refused.contains("no such mailbox"));
}

#[tokio::test]
async fn what_is_put_off_for_days_is_given_up_but_not_before_it_was_tried_often() {
    let server = SmtpServer::start().await;
    let app = on_port(server.port).await;
    let later = named(&app, "later").await;
    write(&app, &later, "ended:1").await;
    app.app.clock.advance(Duration::days(4));
    app.work().await;
    let first = row(&app, "ended:1").await;
    assert_eq!((first.state, first.attempts), (State::Waiting, 1));
    let began = app.app.clock.now();
    until_settled(&app, "ended:1").await;
    let last = row(&app, "ended:1").await;
    assert_eq!(last.state, State::Dead);
    assert!(last.attempts >= 8, "{}", last.attempts);
    assert!(last.error.expect("a reason").contains("451"));
    assert!(app.app.clock.now() - began > Duration::days(1));
}

#[tokio::test]
async fn a_busy_server_gets_the_same_message_again() {
    let mut server = SmtpServer::start().await;
    let app = on_port(server.port).await;
    let twice = named(&app, "twice").await;
    write(&app, &twice, "ended:1").await;
    app.work().await;
    assert_eq!(row(&app, "ended:1").await.state, State::Waiting);
    until_settled(&app, "ended:1").await;
    assert_eq!(row(&app, "ended:1").await.state, State::Sent);
    let (first, second) = (server.next().await, server.next().await);
    assert_eq!(first.raw, second.raw);
    let mail = mailparse::parse_mail(first.raw.as_bytes()).expect("a mail");
    let id = mail.headers.get_first_value("Message-ID").expect("an id");
    assert!(id.ends_with("@example.org>"), "{id}");
}

#[tokio::test]
async fn a_server_that_falls_silent_holds_up_nobody_else() {
    let mut server = SmtpServer::start().await;
    let app = on_port(server.port).await;
    for name in ["silent", "ann"] {
        let account = named(&app, name).await;
        write(&app, &account, &format!("ended:{name}")).await;
    }
    let began = Instant::now();
    app.work().await;
    assert!(began.elapsed().as_secs() < 20);
    assert_eq!(server.next().await.to, ["ann@example.org"]);
    let silent = row(&app, "ended:silent").await;
    assert_eq!(silent.state, State::Waiting);
    assert!(
        silent
            .error
            .expect("a reason")
            .contains("no answer within 1")
    );
}

#[tokio::test]
async fn with_the_server_away_mail_waits_and_goes_when_it_is_back() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = free.local_addr().expect("an address").port();
    drop(free);
    let app = on_port(port).await;
    let ann = named(&app, "ann").await;
    write(&app, &ann, "ended:1").await;
    app.work().await;
    let waiting = row(&app, "ended:1").await;
    assert_eq!((waiting.state, waiting.attempts), (State::Waiting, 1));
    let seconds = (waiting.run_at - app.app.clock.now()).num_seconds();
    assert!((0..=20).contains(&seconds), "{seconds}");
    let mut server = SmtpServer::start_with(&["--port", &port.to_string()]).await;
    app.app.clock.advance(Duration::seconds(21));
    app.work().await;
    assert_eq!(server.next().await.to, ["ann@example.org"]);
}

#[tokio::test]
async fn a_connection_the_server_has_closed_is_replaced() {
    let mut server = SmtpServer::start().await;
    let app = on_port(server.port).await;
    let ann = named(&app, "ann").await;
    let delivery = &app.app.delivery;
    let deliver = async || {
        let sent = delivery.deliver_due(&app.app.db, &app.app.clock, |_| async {
            Ok(plaudit::mail::Voices::new())
        });
        let sent = sent.await;
        assert_eq!(sent.expect("a batch"), 1);
    };
    write(&app, &ann, "ended:1").await;
    deliver().await;
    server.next().await;
    let port = server.port.to_string();
    drop(server);
    let mut server = SmtpServer::start_with(&["--port", &port]).await;
    write(&app, &ann, "ended:2").await;
    deliver().await;
    server.next().await;
    assert_eq!(row(&app, "ended:2").await.state, State::Sent);
}

#[tokio::test]
async fn a_wrong_password_loses_no_mail() {
    let mut server = SmtpServer::start_with(&["--password", "a/b ü"]).await;
    let wrong = on(&format!("smtp://me:wrong@127.0.0.1:{}", server.port)).await;
    let ann = named(&wrong, "ann").await;
    write(&wrong, &ann, "ended:1").await;
    wrong.work().await;
    let waiting = row(&wrong, "ended:1").await;
    assert_eq!((waiting.state, waiting.attempts), (State::Waiting, 0));
    assert!(stop(&wrong).await.expect("a stop").why.contains("535"));
    let right = on(&format!(
        "smtp://me:a%2Fb%20%C3%BC@127.0.0.1:{}",
        server.port
    ))
    .await;
    let ann = named(&right, "ann").await;
    write(&right, &ann, "ended:1").await;
    right.work().await;
    assert_eq!(server.next().await.to, ["ann@example.org"]);
}

#[tokio::test]
async fn where_encryption_is_asked_for_nothing_goes_without_it() {
    let server = SmtpServer::start().await;
    let app = on(&format!("smtp://127.0.0.1:{}?tls=required", server.port)).await;
    let ann = named(&app, "ann").await;
    write(&app, &ann, "ended:1").await;
    app.work().await;
    let waiting = row(&app, "ended:1").await;
    assert_eq!((waiting.state, waiting.attempts), (State::Waiting, 0));
    assert!(stop(&app).await.expect("a stop").why.contains("STARTTLS"));
    let open = on(&format!(
        "smtp://127.0.0.1:{}?tls=opportunistic",
        server.port
    ))
    .await;
    let ann = named(&open, "ann").await;
    write(&open, &ann, "ended:1").await;
    open.work().await;
    assert_eq!(row(&open, "ended:1").await.state, State::Sent);
}
