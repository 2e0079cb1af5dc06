//! Whatever a person must mend at the relay stops all mail, tells the owner, and harms no reader.

use std::process::Command;

use chrono::Duration;
use plaudit::entities::outbox::State;

use super::{
    faults::{is, on_port, suppressed, write_to},
    relay::on,
    stop,
};
use crate::support::SmtpServer;

#[tokio::test]
async fn a_relay_that_refuses_the_sender_stops_all_mail_and_tells_the_owner() {
    let mut server = SmtpServer::start_with(&["--refuse-mail", "550 not you"]).await;
    let app = on_port(server.port).await;
    let (owner, _) = app.owner().await;
    for number in 0..20 {
        write_to(&app, &format!("ann{number}@example.org")).await;
    }
    app.work().await;
    for number in 0..20 {
        is(&app, &format!("ann{number}@example.org"), State::Waiting, 0).await;
    }
    assert!(stop(&app).await.expect("a stop").why.contains("550"));
    assert!(suppressed(&app).await.is_empty());
    owner.get("/admin").await.says("no mail is sent since");
    owner.get("/admin/mail").await.says("not you");
    // The relay still refuses, and is not asked all the time.
    app.app.clock.advance(Duration::minutes(2));
    app.work().await;
    assert_eq!(stop(&app).await.expect("a stop").probes, 1);
    let port = server.port.to_string();
    drop(server);
    server = SmtpServer::start_with(&["--port", &port]).await;
    owner.post("/admin/mail/start", &[]).await;
    app.work().await;
    assert_eq!(stop(&app).await, None);
    for number in 0..20 {
        server.next().await;
        is(&app, &format!("ann{number}@example.org"), State::Sent, 0).await;
    }
    owner
        .get("/admin")
        .await
        .does_not_say("no mail is sent since");
}

/// A certificate nobody has signed.
fn certificate(folder: &std::path::Path) -> [String; 2] {
    let file = |name: &str| folder.join(name).display().to_string();
    let (certificate, key) = (file("certificate.pem"), file("key.pem"));
    let arguments = [
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=127.0.0.1",
        "-addext",
        "subjectAltName=IP:127.0.0.1",
        "-out",
        &certificate,
        "-keyout",
        &key,
    ];
    let made = Command::new("openssl").args(arguments).output();
    assert!(made.expect("openssl").status.success());
    [certificate, key]
}

#[tokio::test]
async fn whatever_a_person_must_mend_stops_mail_until_it_is_mended() {
    let folder = tempfile::tempdir().expect("a folder");
    let [certificate, key] = certificate(folder.path());
    let wrong: &[&str] = &["--certificate", &certificate, "--key", &key];
    let faults: [(&[&str], &str, &str); 5] = [
        (&["--greet", "554 no service here"], "", "554"),
        (&["--refuse-tls"], "?tls=required", "554"),
        (wrong, "?tls=required", "certificate"),
        (&[], "?tls=required", "STARTTLS"),
        (&["--password", "secret"], "", "530"),
    ];
    for (arguments, wish, words) in faults {
        let server = SmtpServer::start_with(arguments).await;
        let app = on(&format!("smtp://127.0.0.1:{}{wish}", server.port)).await;
        write_to(&app, "ann@example.org").await;
        app.work().await;
        is(&app, "ann@example.org", State::Waiting, 0).await;
        let why = stop(&app).await.expect("a stop").why;
        assert!(why.contains(words), "{arguments:?}: {why}");
        assert!(suppressed(&app).await.is_empty());
        drop(server);
    }
}

#[tokio::test]
async fn mail_that_stands_goes_on_by_itself() {
    let server = SmtpServer::start_with(&["--refuse-mail", "530 sign in first"]).await;
    let app = on_port(server.port).await;
    write_to(&app, "ann@example.org").await;
    app.work().await;
    assert!(stop(&app).await.is_some());
    let port = server.port.to_string();
    drop(server);
    let mut server = SmtpServer::start_with(&["--port", &port]).await;
    app.work().await;
    is(&app, "ann@example.org", State::Waiting, 0).await;
    app.app.clock.advance(Duration::seconds(61));
    app.work().await;
    assert_eq!(server.next().await.to, ["ann@example.org"]);
    assert_eq!(stop(&app).await, None);
}
