//! Told to stop while mail is under way: what has begun is finished in half a minute, the rest is given back.

use std::{process::Command, time::Instant};

use plaudit::entities::outbox::State;

use super::{faults::at, row, write};
use crate::support::{Running, SmtpServer, TestApp};

/// The program, sending over one connection to this port.
fn sending(app: &TestApp, arguments: &[&str], port: u16) -> Command {
    let mut command = app.command(arguments);
    command
        .env("PLAUDIT__SERVER__LISTEN", "127.0.0.1:0")
        .env("PLAUDIT__MAIL__TRANSPORT", "smtp")
        .env("PLAUDIT__MAIL__CONNECTIONS", "1")
        .env(
            "PLAUDIT__MAIL__SMTP_URL",
            format!("smtp://127.0.0.1:{port}"),
        );
    command
}

#[tokio::test]
async fn told_to_stop_it_finishes_what_is_under_way_and_gives_the_rest_back() {
    let mut server = SmtpServer::start().await;
    let app = TestApp::start().await;
    for number in 0..10 {
        let account = at(&app, &format!("slow@{number}.example")).await;
        write(&app, &account, &format!("slow{number}")).await;
    }
    let worker = Running::start(&mut sending(&app, &["work"], server.port));
    server.next().await;
    worker.stop().await;
    let mut sent = 0;
    for number in 0..10 {
        let row = row(&app, &format!("slow{number}")).await;
        assert_eq!(
            (row.locked_until, row.worker, row.attempts),
            (None, None, 0)
        );
        sent += usize::from(row.state == State::Sent);
    }
    assert!((1..=2).contains(&sent), "{sent}");
}

#[tokio::test]
async fn a_service_waits_half_a_minute_for_a_relay_that_is_silent_and_no_longer() {
    let mut server = SmtpServer::start().await;
    let app = TestApp::start().await;
    let addresses = ["stuck@a.example", "bob@b.example", "cleo@c.example"];
    for address in addresses {
        let account = at(&app, address).await;
        write(&app, &account, address).await;
    }
    let service = Running::start(&mut sending(&app, &["serve"], server.port));
    let first = server.next().await;
    assert_eq!(first.to, ["stuck@a.example"]);
    let told = Instant::now();
    service.stop().await;
    let seconds = told.elapsed().as_secs();
    assert!((25..40).contains(&seconds), "{seconds}");
    for address in addresses {
        let row = row(&app, address).await;
        let found = (row.state, row.locked_until, row.worker, row.attempts);
        assert_eq!(found, (State::Waiting, None, None, 0), "{address}");
    }
}
