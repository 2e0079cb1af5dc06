//! Every letter there is, with its sample values, in both languages: as people read it, as mail programs
//! parse it, and as a filter for unwanted mail judges it.

use std::{collections::BTreeMap, fmt::Write as _, path::Path, process::Command};

use plaudit::{
    articles::{self, Publication},
    db,
    entities::account,
    mail::Letter,
    render::LANGUAGES,
};

use crate::support::{TestApp, script};

/// A letter as it was sent.
struct Read {
    /// `receipt-en`.
    name: String,
    raw: Vec<u8>,
}

async fn publication() -> TestApp {
    TestApp::start_with(|config| {
        config.server.public_url = "https://news.example.org".to_owned();
        config.mail.from = "The Example <letters@news.example.org>".to_owned();
        config.mail.reply_to = "editors@news.example.org".to_owned();
        config.mail.bounce_address = "bounces@news.example.org".to_owned();
        config.mail.connections = 1;
        config.publication.name = "The Example".to_owned();
        config.publication.address = "1 Quay Street, Harbour".to_owned();
    })
    .await
}

/// Writes and sends all of them, one after the other.
async fn all(app: &TestApp) -> Vec<Read> {
    let (_, ann) = app.reader("Ann Merrow").await;
    let outbox = &app.app.outbox;
    let tx = db::begin(&app.app.db).await.expect("begun");
    let mut names = Vec::new();
    for language in LANGUAGES {
        let to = account::Model {
            language: language.to_owned(),
            ..ann.clone()
        };
        for kind in outbox.kinds() {
            for values in outbox.samples(&kind).expect("samples") {
                let order =
                    chrono::Duration::microseconds(i64::try_from(names.len()).expect("few"));
                let letter = Letter {
                    key: names.len().to_string(),
                    kind: &kind,
                    to: &to,
                    values,
                };
                let written = outbox
                    .enqueue(&tx, app.app.clock.now() + order, letter)
                    .await;
                assert!(written.expect("written"), "{kind}");
                names.push(format!("{kind}-{language}"));
            }
        }
    }
    tx.commit().await.expect("committed");
    app.work().await;
    let mails = app.mails();
    assert_eq!(mails.len(), names.len());
    let read = |(name, mail): (_, plaudit::mail::Sent)| Read {
        name,
        raw: mail.raw,
    };
    names.into_iter().zip(mails).map(read).collect()
}

/// The same, and the notice and the letter of the day as their readers get them: with the headers of a list.
async fn as_sent() -> Vec<Read> {
    let app = publication().await;
    let mut letters = all(&app).await;
    let (_, matthew) = app.author("Matthew Smith").await;
    for (name, frequency) in [("Bob", "at_once"), ("Cleo", "daily")] {
        let (reader, _) = app.reader(name).await;
        let form = [("frequency", frequency)];
        reader.submit("/authors/matthew-smith/follow", &form).await;
    }
    let draft = app.draft_with(&matthew, "Lights at sea", |_| {}).await;
    let out = articles::publish(&app.app, draft.id, Publication::default()).await;
    out.expect("published");
    app.work().await;
    app.app.clock.advance(chrono::Duration::days(1));
    app.work().await;
    let lists = app.mails().split_off(letters.len());
    for (name, mail) in ["notice-as-sent", "digest-as-sent"].iter().zip(lists) {
        let raw = mail.raw;
        let head = String::from_utf8_lossy(&raw);
        for header in [
            "List-Id: ",
            "List-Unsubscribe: <https://",
            "Precedence: bulk",
        ] {
            assert!(head.contains(header), "{name}: {header}");
        }
        letters.push(Read {
            name: (*name).to_owned(),
            raw,
        });
    }
    assert!(letters.iter().any(|letter| letter.name == "digest-as-sent"));
    letters
}

/// Subject, text and HTML, once they have been looked over. What every head of an HTML part says, styles
/// for small screens and the dark, is left out.
fn taken_apart(raw: &[u8]) -> String {
    use mailparse::MailHeaderMap as _;
    let mail = mailparse::parse_mail(raw).expect("a mail");
    let subject = mail.headers.get_first_value("Subject").expect("a subject");
    let kinds: Vec<&str> = mail
        .subparts
        .iter()
        .map(|part| part.ctype.mimetype.as_str())
        .collect();
    assert_eq!(kinds, ["text/plain", "text/html"], "{subject}");
    let text = mail.subparts[0].get_body().expect("text");
    let html = mail.subparts[1].get_body().expect("HTML");
    assert!(html.contains("prefers-color-scheme: dark"), "{subject}");
    assert!(html.contains("max-width: 600px"), "{subject}: {html}");
    for forbidden in ["<img", "<script", "<link", "url(", "{{", "[object"] {
        assert!(!html.contains(forbidden), "{subject}: {forbidden}");
    }
    let (_, body) = html.split_once("</head>").expect("a head");
    let whole = format!("Subject: {subject}\n\n{}\n\n{}\n", text.trim(), body.trim());
    whole.replace("\r\n", "\n")
}

#[tokio::test]
async fn every_letter_reads_well_in_both_languages() {
    let mut pages: BTreeMap<String, String> = BTreeMap::new();
    for letter in all(&publication().await).await {
        let page = pages.entry(letter.name).or_default();
        writeln!(page, "{}", taken_apart(&letter.raw)).expect("memory");
    }
    for (name, page) in pages {
        insta::assert_snapshot!(name, page);
    }
}

/// Puts each into a file of its own.
fn kept(letters: &[Read], folder: &Path) {
    for (number, letter) in letters.iter().enumerate() {
        let file = folder.join(format!("{}-{number}.eml", letter.name));
        std::fs::write(file, &letter.raw).expect("written");
    }
}

/// CPython's own parser, with its strictest policy: no defect, nothing but ASCII in a header, no line too
/// long, bodies encoded, the text first.
#[tokio::test]
async fn a_mail_program_finds_no_fault_with_any_letter() {
    let folder = tempfile::tempdir().expect("a folder");
    let letters = as_sent().await;
    kept(&letters, folder.path());
    let path = folder.path().to_string_lossy();
    let said = script("mail_parse.py", &[&path], "").await;
    assert_eq!(said, format!("{} letters", letters.len()));
}

/// Debian's spamassassin, without asking anybody on the network: under 2 points of the 5 it takes.
#[tokio::test]
async fn no_letter_looks_like_unwanted_mail() {
    let letters = as_sent().await;
    let mut mailbox = Vec::new();
    for letter in &letters {
        mailbox.extend(b"From letters@news.example.org Thu Jan  1 00:00:00 2026\n");
        let text = String::from_utf8(letter.raw.clone()).expect("ASCII");
        mailbox.extend(
            text.replace("\r\n", "\n")
                .replace("\nFrom ", "\n>From ")
                .bytes(),
        );
        mailbox.extend(b"\n\n");
    }
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("all.mbox");
    std::fs::write(&file, mailbox).expect("written");
    let judged = tokio::task::spawn_blocking(move || {
        Command::new("spamassassin")
            .args(["--local", "--test-mode", "--mbox"])
            .arg(&file)
            .output()
            .expect("spamassassin")
    });
    let judged = judged.await.expect("finished");
    let said = String::from_utf8_lossy(&judged.stdout);
    let scores: Vec<f32> = said
        .lines()
        .filter_map(|line| line.strip_prefix("X-Spam-Status: ")?.split_once("score="))
        .filter_map(|(_, rest)| rest.split_whitespace().next()?.parse().ok())
        .collect();
    assert_eq!(scores.len(), letters.len(), "{said}");
    let (least, most) = scores
        .iter()
        .fold((f32::MAX, f32::MIN), |(least, most), score| {
            (least.min(*score), most.max(*score))
        });
    println!("{} letters, {least} to {most} points", letters.len());
    for (letter, score) in letters.iter().zip(scores) {
        assert!(score < 2.0, "{}: {score}", letter.name);
    }
}
