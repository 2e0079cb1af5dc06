//! Whom the relay's certificate has to be signed by: anybody at first, the right one where TLS is asked for.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use plaudit::{config::MailTransport, entities::outbox::State};

use super::{relay::named, row, stop, write};
use crate::support::{SmtpServer, TestApp};

fn openssl(folder: &Path, arguments: &str) {
    let mut command = Command::new("openssl");
    let command = command.args(arguments.split(' ')).current_dir(folder);
    let said = command.output().expect("openssl");
    assert!(said.status.success(), "{arguments}: {said:?}");
}

/// An authority of one's own, and a certificate for `host` that it has signed: three files in PEM.
fn house(folder: &Path, host: &str) -> [String; 3] {
    let names = format!("subjectAltName=IP:{host}\nbasicConstraints=CA:FALSE\n");
    std::fs::write(folder.join("names"), names).expect("written");
    let new = "-newkey rsa:2048 -nodes";
    openssl(
        folder,
        &format!("req -x509 {new} -days 2 -subj /CN=House -keyout house.key -out house.pem"),
    );
    openssl(
        folder,
        &format!("req {new} -subj /CN={host} -keyout relay.key -out relay.csr"),
    );
    openssl(
        folder,
        "x509 -req -in relay.csr -CA house.pem -CAkey house.key -CAcreateserial -days 2 \
         -extfile names -out relay.pem",
    );
    ["house.pem", "relay.pem", "relay.key"].map(|name| folder.join(name).display().to_string())
}

async fn on(url: String, ca_file: &str) -> TestApp {
    TestApp::start_with(|config| {
        config.mail.transport = MailTransport::Smtp;
        config.mail.smtp_url = url;
        config.mail.ca_file = PathBuf::from(ca_file);
        config.mail.timeout_seconds = 1;
    })
    .await
}

async fn is_sent(app: &TestApp) -> bool {
    let ann = named(app, "ann").await;
    write(app, &ann, "ended:1").await;
    app.work().await;
    row(app, "ended:1").await.state == State::Sent
}

#[tokio::test]
async fn a_relay_of_ones_own_is_known_by_the_authority_that_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let [authority, certificate, key] = house(folder.path(), "127.0.0.1");
    let secret = [
        "--certificate",
        &certificate,
        "--key",
        &key,
        "--require-tls",
    ];
    let server = SmtpServer::start_with(&secret).await;
    let url = || format!("smtp://127.0.0.1:{}?tls=required", server.port);
    let stranger = on(url(), "").await;
    assert!(!is_sent(&stranger).await);
    let why = stop(&stranger).await.expect("a stop").why;
    assert!(why.contains("certificate"), "{why}");
    assert!(is_sent(&on(url(), &authority).await).await);
}

#[tokio::test]
async fn another_machine_is_spoken_to_privately_where_it_offers_that() {
    let folder = tempfile::tempdir().expect("a folder");
    let [_, certificate, key] = house(folder.path(), "127.0.0.2");
    let away = ["--host", "127.0.0.2"];
    let secret = [
        "--certificate",
        &certificate,
        "--key",
        &key,
        "--require-tls",
    ];
    let secret = SmtpServer::start_with(&[&away[..], &secret[..]].concat()).await;
    let plain = SmtpServer::start_with(&away).await;
    for (server, wish, goes) in [
        (&secret, "", true),
        (&secret, "?tls=never", false),
        (&secret, "?tls=opportunistic", false),
        (&plain, "", true),
    ] {
        let app = on(format!("smtp://127.0.0.2:{}{wish}", server.port), "").await;
        assert_eq!(is_sent(&app).await, goes, "{wish}");
    }
}
