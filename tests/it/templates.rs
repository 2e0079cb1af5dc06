//! Every template parses, and every kind of mail is written in every language with its sample. A value
//! that is missing is an error, not an empty place.

use std::collections::BTreeSet;

use plaudit::render::{LANGUAGES, Templates};
use serde_json::{Value, json};

use crate::support::TestApp;

#[test]
fn every_template_parses_and_extends_what_there_is() {
    let templates = Templates::load().expect("every template parses");
    assert!(templates.has("layouts/page.html"));
}

#[tokio::test]
async fn every_kind_of_mail_is_written_in_every_language_with_its_sample() {
    let app = TestApp::start().await;
    let outbox = &app.app.outbox;
    let mut written = BTreeSet::new();
    let mut samples = 0;
    for kind in outbox.kinds() {
        for sample in outbox.samples(&kind).expect("a sample") {
            samples += 1;
            for language in LANGUAGES {
                written.insert(check(&app, &kind, language, &sample));
            }
        }
    }
    assert!(samples > 40, "{samples}");
    assert_eq!(written.len(), samples * 2, "two say the same");
}

#[tokio::test]
async fn a_sample_without_one_of_its_values_is_no_letter() {
    let app = TestApp::start().await;
    let templates = Templates::load().expect("templates");
    for kind in app.app.outbox.kinds() {
        let sample = app.app.outbox.samples(&kind).expect("a sample").remove(0);
        for name in sample.as_object().expect("values").keys() {
            let mut less = sample.clone();
            less.as_object_mut().expect("values").remove(name);
            let said = app.app.outbox.rendering(&kind, "en", "Ann", &less);
            assert!(said.is_err(), "{kind} without {name}");
        }
        let name = format!("emails/{kind}/body.txt");
        assert!(templates.render(&name, "en", &json!({})).is_err(), "{kind}");
    }
}

#[tokio::test]
async fn every_alert_to_the_owner_has_a_sample() {
    let app = TestApp::start().await;
    let keys = include_str!("../../templates/lang/en/mail.ftl");
    let alerts = keys
        .lines()
        .filter_map(|line| line.strip_prefix("mail-alert-")?.split_once(" ="))
        .map(|(alert, _)| alert)
        .filter(|alert| !alert.ends_with("-words"));
    let samples = app.app.outbox.samples("owner_alert").expect("samples");
    let sampled: BTreeSet<&str> = samples
        .iter()
        .map(|sample| sample["alert"].as_str().expect("an alert"))
        .collect();
    assert_eq!(alerts.collect::<BTreeSet<_>>(), sampled);
}

/// Writes one mail, looks it over, and returns what it says. The name is one that must not be markup.
fn check(app: &TestApp, kind: &str, language: &str, sample: &Value) -> String {
    let said = app
        .app
        .outbox
        .rendering(kind, language, "Änn <Merrow>", sample);
    let said = said.unwrap_or_else(|error| panic!("{kind} in {language}: {error:#}"));
    let (subject, text, html) = (said.subject, said.text, said.html);
    let about = format!("{kind} in {language}");
    assert!(!subject.trim().is_empty(), "{about}");
    assert_eq!(subject.trim().lines().count(), 1, "{about}: {subject}");
    assert!(text.contains("https://"), "{about}:\n{text}");
    assert!(
        !text.contains("&#") && !text.contains("&lt;"),
        "{about}:\n{text}"
    );
    // What a hole looks like.
    for hole in [
        "\n\n\n", "  .", " ,", "null", "()", "“”", "„“", " .\n", ": \n",
    ] {
        assert!(!text.contains(hole), "{about} has {hole:?}:\n{text}");
    }
    assert!(
        html.contains(&format!("lang=\"{language}\"")),
        "{about}:\n{html}"
    );
    assert_eq!(html.matches("<h1").count(), 1, "{about}:\n{html}");
    assert!(html.contains("href=\"https://"), "{about}:\n{html}");
    assert!(!html.contains("<Merrow>"), "{about}: a name is markup");
    assert!(!html.contains("src=\"http"), "{about} loads something");
    for page in [&subject, &text, &html] {
        assert!(
            !page.contains("{{") && !page.contains("{%"),
            "{about}:\n{page}"
        );
    }
    format!("{subject}{text}")
}
