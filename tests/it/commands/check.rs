//! `plaudit check`: a line for each part, and a failure that a script notices.

use serde_json::Value;

use crate::support::{TestApp, WEBHOOK_SECRET};

const PARTS: [&str; 7] = [
    "configuration",
    "database",
    "stripe",
    "webhook",
    "clock",
    "mail",
    "dkim",
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
        said.err.contains("3 of 7 parts need a hand"),
        "{}",
        said.err
    );
}
