//! Every template parses, and every kind of mail is written in every language with a sample of what
//! its act knows. A value that is missing is an error, not an empty place.

use std::collections::BTreeSet;

use plaudit::render::{LANGUAGES, Templates};
use serde_json::{Value, json};

const LINK: &str = "https://example.org/there";

/// By folder under `templates/emails/`, what its acts give it; several where the words differ.
fn samples() -> Vec<(&'static str, Value)> {
    let at = "2026-03-01T12:00:00Z";
    let welcome = |recurrence: Value, tier: Value, claim: Value, article: Value| {
        json!({
            "author_name": "Matthew Smith", "author_url": LINK, "amount": 300, "currency": "eur",
            "recurrence": recurrence, "tier_name": tier, "claim_url": claim,
            "article_title": "The ferry", "article_url": article,
        })
    };
    let receipt = |recurrence: Value, tier: Value| {
        json!({
            "number": 17, "author_name": "Matthew Smith", "tier_name": tier, "amount": 300,
            "currency": "eur", "recurrence": recurrence, "paid_at": at, "period_start": at,
            "period_end": at, "receipt_url": LINK, "account_url": LINK,
        })
    };
    let failed = |next: Value| {
        json!({
            "author_name": "Matthew Smith", "amount": 300, "currency": "eur", "attempt": 1,
            "next_attempt_at": next, "access_until": at, "mend_url": LINK,
        })
    };
    let sign_in = |is_new: bool| json!({ "is_new": is_new, "sign_in_url": LINK, "minutes": 30 });
    let notice = |is_full: bool| {
        json!({
            "reason": if is_full { "patron" } else { "follower" },
            "title": "The ferry", "standfirst": "It waits.", "author_name": "Matthew Smith",
            "article_url": LINK, "author_url": LINK, "is_full": is_full, "body_text": "Words.",
            "body_html": "<p>Words.</p>", "excerpt": "Words …", "unsubscribe_url": LINK,
            "preferences_url": LINK,
        })
    };
    vec![
        (
            "welcome",
            welcome(json!("month"), json!("Friend"), Value::Null, json!(LINK)),
        ),
        (
            "welcome",
            welcome(json!("year"), Value::Null, json!(LINK), Value::Null),
        ),
        (
            "welcome",
            welcome(Value::Null, Value::Null, Value::Null, Value::Null),
        ),
        ("receipt", receipt(json!("month"), json!("Friend"))),
        ("receipt", receipt(Value::Null, Value::Null)),
        ("payment_failed", failed(json!(at))),
        ("payment_failed", failed(Value::Null)),
        (
            "cancellation_booked",
            json!({ "author_name": "Matthew Smith", "ends_at": at, "account_url": LINK }),
        ),
        (
            "ended",
            json!({ "author_name": "Matthew Smith", "support_url": LINK }),
        ),
        ("checkout_failed", money(json!({ "support_url": LINK }))),
        (
            "action_needed",
            money(json!({ "access_until": at, "confirm_url": LINK })),
        ),
        (
            "refund",
            money(json!({ "number": 7, "is_whole": true, "receipt_url": LINK })),
        ),
        (
            "resumed",
            money(json!({ "next_payment": at, "account_url": LINK })),
        ),
        ("paused", paused(true)),
        ("paused", paused(false)),
        (
            "trial_ends",
            money(json!({ "ends_at": at, "recurrence": "month", "account_url": LINK })),
        ),
        (
            "renewal",
            money(json!({ "renews_at": at, "account_url": LINK })),
        ),
        (
            "author_tip",
            money(json!({
                "supporter_name": "Ann", "message": "Thank you <b>", "message_lines": ["Thank you <b>"],
                "article_title": "The Harbour", "supporters_url": LINK,
            })),
        ),
        ("sign_in", sign_in(true)),
        ("sign_in", sign_in(false)),
        ("password", json!({ "password_url": LINK, "minutes": 30 })),
        ("notice", notice(true)),
        ("notice", notice(false)),
        ("comment", comment(Value::Null)),
        ("comment", comment(json!("all"))),
        ("comment", comment(json!("first"))),
        ("comment", comment(json!("links"))),
        ("comment", comment(json!("words"))),
        ("comment_reply", comment(Value::Null)),
        (
            "comment_digest",
            json!({
                "count": 1, "queue_url": LINK, "settings_url": LINK,
                "comments": [{
                    "writer_name": "Ann", "article_title": "The ferry", "url": LINK,
                    "lines": ["One", "two <b>"], "is_held": true,
                }],
            }),
        ),
    ]
}

/// A letter about a comment; held for this reason, or not.
fn comment(held_for: Value) -> Value {
    json!({
        "writer_name": "Ann", "article_title": "The ferry", "comment_url": LINK, "decide_url": LINK,
        "settings_url": LINK, "mute_url": LINK, "held_for": held_for,
        "lines": ["One", "two <b>"], "own_lines": ["A question?"],
    })
}

/// A letter about an amount for an author.
fn money(own: Value) -> Value {
    let mut values = json!({ "author_name": "Matthew Smith", "amount": 500, "currency": "eur" });
    if let (Some(values), Value::Object(own)) = (values.as_object_mut(), own) {
        values.extend(own);
    }
    values
}

fn paused(needs_card: bool) -> Value {
    json!({
        "author_name": "Matthew Smith", "needs_card": needs_card,
        "card_url": LINK, "account_url": LINK,
    })
}

/// What every letter knows, beside what its act gives it.
fn values(sample: &Value) -> Value {
    let mut values = json!({
        "name": "Änn <Merrow>",
        "publication": "The Harbour",
        "public_url": "https://example.org",
        "address": "Quay 1, Harbour",
    });
    let (values_of, own) = (values.as_object_mut(), sample.as_object());
    if let (Some(values), Some(own)) = (values_of, own) {
        values.extend(own.clone());
    }
    values
}

/// The folders there are.
fn kinds(templates: &Templates) -> BTreeSet<&str> {
    let names = templates.names();
    let inside = names.filter_map(|name| name.strip_prefix("emails/")?.split_once('/'));
    inside.map(|(kind, _)| kind).collect()
}

#[test]
fn every_template_parses_and_extends_what_there_is() {
    let templates = Templates::load().expect("every template parses");
    assert!(templates.has("layouts/page.html"));
}

#[test]
fn every_kind_of_mail_has_a_sample() {
    let templates = Templates::load().expect("templates");
    let mut sampled: BTreeSet<&str> = samples().iter().map(|(kind, _)| *kind).collect();
    // One a kind of alert, in the test below.
    sampled.insert("owner_alert");
    assert_eq!(kinds(&templates), sampled);
}

#[test]
fn every_kind_of_mail_is_written_in_every_language() {
    let templates = Templates::load().expect("templates");
    let mut written = BTreeSet::new();
    for (kind, sample) in samples() {
        for language in LANGUAGES {
            written.insert(check(&templates, kind, language, &sample));
        }
    }
    assert!(written.len() >= kinds(&templates).len(), "languages differ");
}

#[test]
fn every_alert_to_the_owner_is_written_in_every_language() {
    let templates = Templates::load().expect("templates");
    let keys = include_str!("../../templates/lang/en/mail.ftl");
    let alerts: Vec<&str> = keys
        .lines()
        .filter_map(|line| line.strip_prefix("mail-alert-")?.split_once(" ="))
        .map(|(alert, _)| alert)
        .filter(|alert| !alert.ends_with("-words"))
        .collect();
    assert!(!alerts.is_empty());
    for alert in alerts {
        for language in LANGUAGES {
            let sample = json!({
                "alert": alert, "subject_name": "Ann", "detail": "sub_1", "admin_url": LINK,
            });
            check(&templates, "owner_alert", language, &sample);
        }
    }
}

/// Writes one mail, looks it over, and returns its text.
fn check(templates: &Templates, kind: &str, language: &str, sample: &Value) -> String {
    let values = values(sample);
    let part = |file: &str| {
        let name = format!("emails/{kind}/{file}");
        templates
            .render(&name, language, &values)
            .unwrap_or_else(|error| panic!("{name} in {language}: {error:?}"))
    };
    let (subject, text, html) = (part("subject.txt"), part("body.txt"), part("body.html"));
    let about = format!("{kind} in {language}");
    assert!(!subject.trim().is_empty(), "{about}");
    assert_eq!(subject.trim().lines().count(), 1, "{about}: {subject}");
    assert!(text.contains(LINK), "{about}:\n{text}");
    assert!(
        !text.contains("&#") && !text.contains("&lt;"),
        "{about}:\n{text}"
    );
    assert!(!text.contains("\n\n\n\n"), "{about}:\n{text}");
    assert!(
        html.contains(&format!("lang=\"{language}\"")),
        "{about}:\n{html}"
    );
    assert!(html.contains(LINK), "{about}:\n{html}");
    assert!(!html.contains("<Merrow>"), "{about}: a name is markup");
    assert!(!html.contains("src=\"http"), "{about} loads something");
    for page in [&subject, &text, &html] {
        assert!(
            !page.contains("{{") && !page.contains("{%"),
            "{about}:\n{page}"
        );
    }
    text
}
