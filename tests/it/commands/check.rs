//! `plaudit check`: a line for each part, and a failure that a script notices.

use plaudit::entities::mail_stop;
use serde_json::Value;

use crate::support::{Running, SmtpServer, TestApp, WEBHOOK_SECRET};

const PARTS: [&str; 8] = [
    "configuration",
    "database",
    "stripe",
    "webhook",
    "clock",
    "mail",
    "dkim",
    "media",
];

#[tokio::test]
async fn a_sound_service_passes_in_every_part() {
    let app = TestApp::start().await;
    let settings = [
        ("PLAUDIT__STRIPE__WEBHOOK_SECRETS", WEBHOOK_SECRET),
        ("PLAUDIT__MAIL__TRANSPORT", "memory"),
    ];
    let said = app.plaudit_with(&["check"], &settings, "").await;
    assert_eq!(said.code, Some(0), "{}\n{}", said.out, said.err);
    let lines: Vec<&str> = said.out.lines().collect();
    assert_eq!(lines.len(), PARTS.len(), "{}", said.out);
    for (line, part) in lines.iter().zip(PARTS) {
        assert!(line.starts_with(&format!("ok    {part}")), "{line}");
    }
}

#[tokio::test]
async fn each_fault_is_on_its_line_and_the_exit_code_tells() {
    let app = TestApp::start().await;
    let settings = [
        ("PLAUDIT__STRIPE__SECRET_KEY", "sk_live_wrong"),
        ("PLAUDIT__MAIL__TRANSPORT", "smtp"),
        ("PLAUDIT__MAIL__SMTP_URL", "smtp://127.0.0.1:9"),
    ];
    let said = app.plaudit_with(&["check", "--json"], &settings, "").await;
    assert_eq!(said.code, Some(1), "{}\n{}", said.out, said.err);
    let rows: Vec<Value> = serde_json::from_str(&said.out).expect("JSON");
    let failed: Vec<&str> = rows
        .iter()
        .filter(|row| row["ok"] == false)
        .filter_map(|row| row["part"].as_str())
        .collect();
    assert_eq!(failed, ["stripe", "webhook", "mail"], "{}", said.out);
    assert!(
        said.err.contains("3 of 8 parts need a hand"),
        "{}",
        said.err
    );
}

#[tokio::test]
async fn a_key_that_does_not_parse_is_named_by_check_and_keeps_the_service_from_starting() {
    let app = TestApp::start().await;
    for key in [
        "no key",
        "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----",
    ] {
        let settings = [
            ("PLAUDIT__STRIPE__WEBHOOK_SECRETS", WEBHOOK_SECRET),
            ("PLAUDIT__MAIL__TRANSPORT", "memory"),
            ("PLAUDIT__MAIL__DKIM__DOMAIN", "example.org"),
            ("PLAUDIT__MAIL__DKIM__SELECTOR", "test"),
            ("PLAUDIT__MAIL__DKIM__PRIVATE_KEY", key),
            ("PLAUDIT__SERVER__LISTEN", "127.0.0.1:0"),
        ];
        let said = app.plaudit_with(&["check"], &settings, "").await;
        assert_eq!(said.code, Some(1), "{}\n{}", said.out, said.err);
        let line = said.out.lines().find(|line| line.starts_with("FAIL"));
        let line = line.expect("a fault");
        assert!(
            line.contains("dkim") && line.contains("mail.dkim.private_key"),
            "{line}"
        );
        let start = app.plaudit_with(&["serve"], &settings, "").await.refused();
        assert!(start.contains("mail.dkim.private_key"), "{start}");
    }
}

#[tokio::test]
async fn a_relay_nobody_knows_or_that_refuses_is_told_by_check_and_at_the_start() {
    let app = TestApp::start().await;
    let server = SmtpServer::start_with(&["--refuse-mail", "550 not you"]).await;
    let refusing = format!("smtp://127.0.0.1:{}", server.port);
    for (url, words) in [
        ("smtp://relay.invalid:25", "relay.invalid"),
        (refusing.as_str(), "550"),
        ("ftp://127.0.0.1", "mail.smtp_url"),
    ] {
        let settings = [
            ("PLAUDIT__STRIPE__WEBHOOK_SECRETS", WEBHOOK_SECRET),
            ("PLAUDIT__MAIL__TRANSPORT", "smtp"),
            ("PLAUDIT__MAIL__SMTP_URL", url),
        ];
        let said = app.plaudit_with(&["check"], &settings, "").await;
        // 2 where the configuration itself cannot be read so.
        assert!(matches!(said.code, Some(1 | 2)), "{said:?}");
        let all = [said.out, said.err].concat();
        assert!(all.contains(words), "{url}: {all}");
    }
    let mut command = app.command(&["serve"]);
    command
        .env("PLAUDIT__SERVER__LISTEN", "127.0.0.1:0")
        .env("PLAUDIT__MAIL__TRANSPORT", "smtp")
        .env("PLAUDIT__MAIL__SMTP_URL", refusing);
    let mut service = Running::start(&mut command);
    service.says("listening on ").await;
    let told = async {
        loop {
            let stop = mail_stop::Entity::standing().one(&app.app.db).await;
            match stop.expect("read") {
                Some(stop) => break stop,
                None => tokio::time::sleep(std::time::Duration::from_millis(20)).await,
            }
        }
    };
    let told = tokio::time::timeout(std::time::Duration::from_secs(60), told).await;
    let stop = told.expect("it is told within a minute");
    assert!(stop.why.contains("not you"), "{}", stop.why);
    let (owner, _) = app.owner().await;
    owner.get("/admin").await.says("no mail is sent since");
    service.stop().await;
}
