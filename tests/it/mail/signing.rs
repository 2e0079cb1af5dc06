//! DKIM, checked by somebody else's verifier: PyPI's dkimpy.

use std::process::Command;

use plaudit::articles::{self, Publication};

use super::write;
use crate::support::{TestApp, script};

const ED25519_KEY: &str = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=";
const ED25519_RECORD: &str = "v=DKIM1; k=ed25519; p=6kpsY+KcUgq+9VB7Ey7F+ZVHdq6+vnuSQh7qaRRG0iw=";

/// A publication that signs with this key.
async fn signing(key: &str) -> TestApp {
    TestApp::start_with(|config| {
        config.mail.from = "Die Zeitung für Büsum <hello@example.org>".to_owned();
        config.mail.bounce_address = "bounces@example.org".to_owned();
        config.mail.dkim.domain = "example.org".to_owned();
        config.mail.dkim.selector = "test".to_owned();
        config.mail.dkim.private_key = key.to_owned();
    })
    .await
}

/// A mail to somebody whose name needs encoding.
async fn signed(key: &str) -> String {
    let app = signing(key).await;
    let (_, mut reader) = app
        .reader("Jörg Äußerst-Überlanger-Doppelname von der Höhe")
        .await;
    reader.language = "de".to_owned();
    write(&app, &reader, "ended:1").await;
    app.work().await;
    String::from_utf8(app.mails().remove(0).raw).expect("ASCII")
}

/// A notice, to somebody who follows.
async fn signed_notice(key: &str) -> String {
    let app = signing(key).await;
    let (_, matthew) = app.author("Matthew Smith").await;
    let (ann, _) = app.reader("Ann").await;
    ann.submit("/authors/matthew-smith/follow", &[]).await;
    let draft = app.draft_with(&matthew, "Lights at sea", |_| {}).await;
    let out = articles::publish(&app.app, draft.id, Publication::default()).await;
    out.expect("published");
    app.work().await;
    String::from_utf8(app.mails().remove(0).raw).expect("ASCII")
}

/// A key as an operator makes one, and what is published of it.
fn new_rsa_key() -> (String, String) {
    new_key(&["genrsa", "-traditional", "-out"], "rsa")
}

/// The same with any of openssl's commands.
fn new_key(command: &[&str], kind: &str) -> (String, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("dkim.pem");
    let openssl = |arguments: &[&str]| {
        let mut command = Command::new("openssl");
        let said = command
            .args(arguments)
            .arg(&file)
            .output()
            .expect("openssl");
        assert!(said.status.success(), "{said:?}");
        String::from_utf8(said.stdout).expect("text")
    };
    openssl(command);
    let public = openssl(&["pkey", "-pubout", "-in"]);
    let lines = public.lines().filter(|line| !line.starts_with("-----"));
    let public: String = lines.collect();
    let key = std::fs::read_to_string(&file).expect("a key");
    // Of ed25519 the 32 bytes alone are published, without the 12 before them (RFC 8463).
    let published = if kind == "ed25519" {
        &public[16..]
    } else {
        &public
    };
    (key, format!("v=DKIM1; k={kind}; p={published}"))
}

async fn verifies(mail: &str, record: &str) -> bool {
    let arguments = ["test._domainkey.example.org.", record];
    let arguments = arguments.map(|text| text.trim_end_matches('.'));
    script("dkim_verify.py", &arguments, mail).await == "true"
}

#[tokio::test]
async fn strangers_can_check_both_kinds_of_signature() {
    let (rsa_key, rsa_record) = new_rsa_key();
    for (key, record) in [(&*rsa_key, &*rsa_record), (ED25519_KEY, ED25519_RECORD)] {
        let mail = signed(key).await;
        assert!(verifies(&mail, record).await, "{mail}");
        let changed = mail.replacen("Subject: ", "Subject: Re: ", 1);
        assert_ne!(changed, mail);
        assert!(!verifies(&changed, record).await);
    }
}

#[tokio::test]
async fn keys_as_openssl_writes_them_today_sign_as_well() {
    for (algorithm, kind) in [("RSA", "rsa"), ("ED25519", "ed25519")] {
        let (key, record) = new_key(&["genpkey", "-algorithm", algorithm, "-out"], kind);
        assert!(key.starts_with("-----BEGIN PRIVATE KEY-----"), "{key}");
        let mail = signed(&key).await;
        assert!(verifies(&mail, &record).await, "{kind}: {mail}");
    }
}

#[tokio::test]
async fn a_signature_covers_the_ways_out_of_a_list() {
    let (rsa_key, rsa_record) = new_rsa_key();
    for (key, record, algorithm) in [
        (&*rsa_key, &*rsa_record, "a=rsa-sha256"),
        (ED25519_KEY, ED25519_RECORD, "a=ed25519-sha256"),
    ] {
        let mail = signed_notice(key).await;
        assert!(mail.contains(algorithm), "{mail}");
        assert!(verifies(&mail, record).await, "{mail}");
        let (link, mailbox) = ("List-Unsubscribe: <http", "<mailto:bounces");
        let press = "List-Unsubscribe-Post: List-Unsubscribe=One-Click";
        for (is, other) in [
            (link, "List-Unsubscribe: <https://evil.example/?"),
            (mailbox, "<mailto:somebody"),
            (press, "List-Unsubscribe-Post: List-Unsubscribe=Two"),
            ("List-Id: ", "List-Id: Other "),
        ] {
            let changed = mail.replacen(is, other, 1);
            assert_ne!(changed, mail, "{is}");
            assert!(!verifies(&changed, record).await, "{is}");
        }
    }
}
