//! Mail that comes back: who is no longer written to, and that nobody can forge it.

use plaudit::{
    entities::{Frequency, author, following, outbox, suppression},
    mail::verp,
};
use reqwest::StatusCode;
use sea_orm::{EntityTrait, PaginatorTrait};

use super::publish;
use crate::support::{Page, TestApp};

const POSTFIX: &str = include_str!("../mail/reports/postfix.eml");
const COMPLAINT: &str = include_str!("../mail/reports/complaint.eml");
const FULL: &str = include_str!("../mail/reports/gmail_full.eml");
const LEAVES: &str = "From: ann@example.org\nTo: {leave}\nSubject: unsubscribe\n\n";
const PATTERN: &str = "bounces@example.org";

/// One letter of Matthew's to Ann, sent.
async fn with_a_letter() -> (TestApp, outbox::Model) {
    let app = TestApp::start_with(|config| {
        config.mail.bounce_address = PATTERN.to_owned();
        config.mail.bounces.webhook_token = "s3cret".to_owned();
    })
    .await;
    let (_, matthew) = app.author("Matthew Smith").await;
    let (ann, _) = app.reader("Ann").await;
    ann.submit("/authors/matthew-smith/follow", &[]).await;
    let draft = app.draft_with(&matthew, "News", |_| {}).await;
    publish(&app, draft.id).await;
    app.work().await;
    assert_eq!(app.mails().len(), 1);
    let row = outbox::Entity::find().one(&app.app.db).await;
    let row = row.expect("rows").expect("a letter");
    (app, row)
}

fn filled(app: &TestApp, row: &outbox::Model, shape: &str) -> String {
    let bounce = verp::address(PATTERN, &app.app.key, row.id).expect("an address");
    let leave = verp::leaving(PATTERN, &app.app.key, row.id).expect("an address");
    let shape = shape.replace("{bounce}", bounce.as_ref());
    shape.replace("{leave}", leave.as_ref())
}

async fn sent_to_us(app: &TestApp, token: &str, body: String) -> StatusCode {
    let browser = app.browser();
    let request = browser
        .raw()
        .post(browser.address("/webhooks/mail"))
        .header("authorization", format!("Bearer {token}"))
        .header("content-type", "message/rfc822")
        .body(body);
    Page::of(request).await.status
}

async fn held(app: &TestApp) -> Vec<(String, Option<suppression::Reason>)> {
    let rows = suppression::Entity::find().all(&app.app.db).await;
    let rows = rows.expect("rows").into_iter();
    let held = rows.filter(|row| row.suppressed_at.is_some());
    held.map(|row| (row.purpose, row.reason)).collect()
}

#[tokio::test]
async fn an_address_that_does_not_exist_is_written_to_no_more() {
    let (app, row) = with_a_letter().await;
    let report = filled(&app, &row, POSTFIX);
    for _ in 0..2 {
        let status = sent_to_us(&app, "s3cret", report.clone()).await;
        assert_eq!(status, StatusCode::OK);
    }
    let reason = Some(suppression::Reason::HardBounce);
    assert_eq!(held(&app).await, [("all".to_owned(), reason)]);
    let reports = plaudit::entities::mail_report::Entity::find().count(&app.app.db);
    assert_eq!(reports.await.expect("rows"), 1, "each report once");
}

#[tokio::test]
async fn a_complaint_ends_notices_and_leaves_receipts_alone() {
    let (app, row) = with_a_letter().await;
    sent_to_us(&app, "s3cret", filled(&app, &row, COMPLAINT)).await;
    let reason = Some(suppression::Reason::Complaint);
    assert_eq!(held(&app).await, [("notices".to_owned(), reason)]);
}

#[tokio::test]
async fn a_full_mailbox_once_is_forgiven() {
    let (app, row) = with_a_letter().await;
    let status = sent_to_us(&app, "s3cret", filled(&app, &row, FULL)).await;
    assert_eq!(status, StatusCode::OK);
    assert!(held(&app).await.is_empty());
}

#[tokio::test]
async fn a_mail_to_the_lists_own_address_leaves_it() {
    let (app, row) = with_a_letter().await;
    sent_to_us(&app, "s3cret", filled(&app, &row, LEAVES)).await;
    let said = following::Entity::find().one(&app.app.db).await;
    let said = said.expect("rows").expect("hers");
    assert_eq!(said.frequency, Frequency::None);
}

#[tokio::test]
async fn a_forged_report_or_a_stranger_at_the_door_suppresses_nobody() {
    let (app, row) = with_a_letter().await;
    let honest = filled(&app, &row, POSTFIX);
    for token in ["", "wrong"] {
        let status = sent_to_us(&app, token, honest.clone()).await;
        assert_eq!(status, StatusCode::FORBIDDEN);
    }
    let made_up = verp::address(PATTERN, b"another key", row.id).expect("an address");
    let forged = POSTFIX.replace("{bounce}", made_up.as_ref());
    let status = sent_to_us(&app, "s3cret", forged).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(held(&app).await.is_empty());
}

#[tokio::test]
async fn a_complaint_outlives_the_account_until_the_reader_lifts_it() {
    let (app, row) = with_a_letter().await;
    sent_to_us(&app, "s3cret", filled(&app, &row, COMPLAINT)).await;
    let before = app.account_of("ann@example.org").await.expect("Ann");
    let ann = app.signed_in(before.id).await;
    let left = ann.post("/account/delete", &[]).await;
    assert_eq!(left.location(), "/", "{}", left.body);
    let ann = app.browser();
    let form = [("name", "Ann"), ("email", "ann@example.org")];
    ann.submit("/join", &form).await;
    let link = app.mailed_link("ann@example.org").await;
    ann.submit(&link, &[("name", "Ann"), ("password", "")])
        .await;
    let after = app.account_of("ann@example.org").await.expect("again");
    assert_ne!(after.id, before.id);
    assert_eq!(held(&app).await.len(), 1, "as it was");
    let matthew = author::Entity::find().one(&app.app.db).await;
    let matthew = matthew.expect("read").expect("Matthew");
    app.patron(after.id, &matthew).await;
    let hears = async |title: &str| {
        let draft = app.draft_with(&matthew, title, |_| {}).await;
        publish(&app, draft.id).await;
        app.work().await;
        let sent = app.mails();
        let subject = format!("Subject: {title}\r\n");
        let is_it = |raw: &[u8]| String::from_utf8_lossy(raw).contains(&subject);
        sent.iter().any(|mail| is_it(&mail.raw))
    };
    assert!(!hears("Second").await);
    ann.post("/account/notices", &[("lift", "notices")]).await;
    assert!(held(&app).await.is_empty());
    assert!(hears("Third").await);
}

#[tokio::test]
async fn reports_come_as_files_by_a_pipe_or_in_a_mail_services_words() {
    let (app, row) = with_a_letter().await;
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("written");
        path.display().to_string()
    };
    let full = file("full.eml", &filled(&app, &row, FULL));
    let letter = file("letter.eml", "Subject: Hello\r\n\r\nNothing to report.\r\n");
    let settings = [("PLAUDIT__MAIL__BOUNCE_ADDRESS", PATTERN)];
    let files = ["mail", "bounce", &letter, &full];
    let said = app.plaudit_with(&files, &settings, "").await;
    assert_eq!(said.code, Some(1), "one of them tells nothing");
    assert!(said.err.contains("letter.eml"), "{}", said.err);
    assert!(said.out.contains("soft bounce: counted"), "{}", said.out);
    let complaint = filled(&app, &row, COMPLAINT);
    let token = verp::address(PATTERN, &app.app.key, row.id).expect("an address");
    let pipe = ["mail", "bounce", "-"];
    let away = format!("To: {token}\r\nSubject: Away\r\n\r\nI am back on Monday.\r\n");
    let said = app.plaudit_with(&pipe, &settings, &away).await.done();
    assert!(said.contains("nothing has failed"), "{said}");
    let said = app.plaudit_with(&pipe, &settings, &complaint).await.done();
    assert!(said.contains("complaint"), "{said}");
    let browser = app.browser();
    for (token, status) in [
        (token.to_string(), StatusCode::OK),
        (
            "bounces@example.org".to_owned(),
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
    ] {
        let words = serde_json::json!({ "token": token, "kind": "hard", "said": "550 gone" });
        let request = browser
            .raw()
            .post(browser.address("/webhooks/mail"))
            .header("authorization", "Bearer s3cret")
            .header("content-type", "application/json")
            .body(words.to_string());
        assert_eq!(Page::of(request).await.status, status);
    }
    let purposes: Vec<String> = held(&app).await.into_iter().map(|one| one.0).collect();
    assert_eq!(purposes.len(), 2, "{purposes:?}");
    assert!(purposes.contains(&"all".to_owned()));
}
