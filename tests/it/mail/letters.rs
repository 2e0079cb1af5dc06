//! Every letter there is, with sample values, in both languages: as people read it.

use std::fmt::Write as _;

use plaudit::{db, entities::account, mail::Letter};
use serde_json::{Value, json};

use crate::support::TestApp;

const AT: &str = "2026-12-21T10:00:00Z";
const LATER: &str = "2027-01-21T10:00:00Z";

/// Every kind with values; some twice, where they say something else.
fn samples() -> Vec<(&'static str, Value)> {
    let money = json!({ "author_name": "Matthew Smith", "amount": 500, "currency": "eur" });
    let with = |values: Value| {
        let mut all = money.clone();
        let (Some(all_of_it), Value::Object(values)) = (all.as_object_mut(), values) else {
            return all;
        };
        all_of_it.extend(values);
        all
    };
    vec![
        (
            "sign_in",
            json!({
                "sign_in_url": "https://news.example.org/sign-in/secret", "is_new": false, "minutes": 20,
            }),
        ),
        (
            "password",
            json!({
                "password_url": "https://news.example.org/password/secret", "minutes": 60,
            }),
        ),
        (
            "welcome",
            with(json!({
                "author_url": "https://news.example.org/authors/matthew-smith", "tier_name": "Friend",
                "recurrence": "month", "claim_url": null, "article_title": "Lights at sea",
                "article_url": "https://news.example.org/articles/lights-at-sea",
            })),
        ),
        (
            "welcome",
            with(json!({
                "author_url": "https://news.example.org/authors/matthew-smith", "tier_name": null,
                "recurrence": null, "claim_url": "https://news.example.org/sign-in/claim",
                "article_title": null, "article_url": null,
            })),
        ),
        (
            "receipt",
            with(json!({
                "number": 1042, "tier_name": "Friend", "recurrence": "month", "paid_at": AT,
                "period_start": AT, "period_end": LATER,
                "receipt_url": "https://news.example.org/account/receipts/1042",
                "account_url": "https://news.example.org/account",
            })),
        ),
        (
            "payment_failed",
            with(json!({
                "attempt": 1, "next_attempt_at": AT, "access_until": LATER,
                "mend_url": "https://news.example.org/account/memberships/1/card",
            })),
        ),
        (
            "cancellation_booked",
            json!({
                "author_name": "Matthew Smith", "ends_at": LATER,
                "account_url": "https://news.example.org/account",
            }),
        ),
        (
            "ended",
            json!({
                "author_name": "Matthew Smith",
                "support_url": "https://news.example.org/authors/matthew-smith/support",
            }),
        ),
        (
            "owner_alert",
            json!({
                "alert": "duplicate", "subject_name": "Bob", "detail": "Matthew Smith → sub_2",
                "admin_url": "https://news.example.org/admin",
            }),
        ),
    ]
}

/// Writes and sends all of them; what a reader without HTML sees, one after the other.
async fn read_in(language: &str) -> String {
    let app = TestApp::start_with(|config| {
        config.server.public_url = "https://news.example.org".to_owned();
        // One after the other, as they were written.
        config.mail.connections = 1;
        config.publication.name = "The Example".to_owned();
        config.publication.address = "1 Quay Street, Harbour".to_owned();
    })
    .await;
    let (_, ann) = app.reader("Ann").await;
    let ann = account::Model {
        language: language.to_owned(),
        ..ann
    };
    let tx = db::begin(&app.app.db).await.expect("begun");
    for (number, (kind, values)) in samples().into_iter().enumerate() {
        let letter = Letter {
            key: number.to_string(),
            kind,
            to: &ann,
            values,
        };
        let now = app.app.clock.now() + chrono::Duration::microseconds(number as i64);
        app.app.outbox.enqueue(&tx, now, letter).await.expect(kind);
    }
    tx.commit().await.expect("committed");
    app.work().await;
    let mails = app.mails();
    assert_eq!(mails.len(), samples().len());
    let mut all = String::new();
    for mail in mails {
        let (subject, text) = taken_apart(&mail.raw);
        writeln!(all, "=== {subject}\n{text}\n").expect("memory");
    }
    all.replace("\r\n", "\n")
}

/// Subject and text, once the HTML beside it has been looked over.
fn taken_apart(raw: &[u8]) -> (String, String) {
    use mailparse::MailHeaderMap as _;
    assert!(raw.is_ascii(), "encoded for any relay");
    assert!(
        raw.split(|byte| *byte == b'\n')
            .all(|line| line.len() <= 998)
    );
    let mail = mailparse::parse_mail(raw).expect("a mail");
    let subject = mail.headers.get_first_value("Subject").expect("a subject");
    let kinds: Vec<&str> = mail
        .subparts
        .iter()
        .map(|part| part.ctype.mimetype.as_str())
        .collect();
    assert_eq!(kinds, ["text/plain", "text/html"], "{subject}");
    let html = mail.subparts[1].get_body().expect("HTML");
    assert!(html.contains("prefers-color-scheme: dark"), "{subject}");
    assert!(
        html.contains("style=\"max-width: 600px"),
        "{subject}: {html}"
    );
    for forbidden in ["<img", "<script", "<link", "url(", "{{", "[object"] {
        assert!(!html.contains(forbidden), "{subject}: {forbidden}");
    }
    let text = mail.subparts[0].get_body().expect("text");
    (subject, text.trim().to_owned())
}

#[tokio::test]
async fn every_letter_reads_well_in_english() {
    insta::assert_snapshot!(read_in("en").await);
}

#[tokio::test]
async fn every_letter_reads_well_in_german() {
    insta::assert_snapshot!(read_in("de").await);
}
