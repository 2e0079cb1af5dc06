//! Addresses and names that want to be more than that.

use mailparse::MailHeaderMap as _;
use plaudit::{
    articles::{self, Publication},
    entities::{article, author, outbox},
};
use reqwest::StatusCode;
use sea_orm::{ActiveModelTrait as _, EntityTrait as _, Set};

use super::rows;
use crate::support::TestApp;

#[tokio::test]
async fn no_form_writes_to_an_address_that_could_be_read_as_two_or_looks_like_anothers() {
    let app = TestApp::start().await;
    let visitor = app.browser();
    for address in [
        "ann@bob@example.org",
        "\"ann@bob\"@example.org",
        "ann@example.org, bob@example.org",
        "ann@example.org\r\nBcc: bob@example.org",
        "ann\u{0}@example.org",
        "ann@exam\u{85}ple.org",
        "аnn@example.org",
        "jörg@example.org",
        "ann@",
        "ann@127.0.0.1",
    ] {
        for path in ["/join", "/sign-in/link", "/password/forgot"] {
            let form = [("name", "Ann"), ("email", address)];
            let page = visitor.post(path, &form).await;
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            assert_eq!(page.status, status, "{path}: {address:?}");
        }
    }
    assert!(rows(&app).await.is_empty());
}

#[tokio::test]
async fn a_domain_in_its_own_letters_is_one_mailbox_however_it_is_written() {
    let app = TestApp::start().await;
    for address in ["ann@Bücher.example", "ann@xn--bcher-kva.example"] {
        let form = [("name", "Ann"), ("email", address)];
        let page = app.browser().submit("/join", &form).await;
        page.says("Look in your mailbox");
    }
    for row in rows(&app).await {
        assert_eq!(row.to_address, "ann@xn--bcher-kva.example");
    }
}

#[tokio::test]
async fn neither_a_title_nor_an_authors_name_writes_headers_or_markup() {
    const EVIL: &str = "News\r\nBcc: all@example.org\r\n\r\n<script>x</script>\u{0}";
    let app = TestApp::start().await;
    let (_, matthew) = app.author("Matthew Smith").await;
    let (ann, _) = app.reader("Ann").await;
    ann.submit("/authors/matthew-smith/follow", &[]).await;
    let draft = app.draft_with(&matthew, "News", |_| {}).await;
    // PostgreSQL keeps no NUL, so that alone never gets so far.
    let evil = EVIL.replace('\0', "");
    let title = article::ActiveModel {
        id: Set(draft.id),
        title: Set(evil.clone()),
        ..Default::default()
    };
    title.update(&app.app.db).await.expect("written");
    let name = author::ActiveModel {
        id: Set(matthew.id),
        name: Set(evil),
        ..Default::default()
    };
    name.update(&app.app.db).await.expect("written");
    let out = articles::publish(&app.app, draft.id, Publication::default()).await;
    out.expect("published");
    app.work().await;
    let mails = app.mails();
    assert_eq!(mails.len(), 1);
    let mail = mailparse::parse_mail(&mails[0].raw).expect("a mail");
    assert_eq!(mail.headers.get_first_value("Bcc"), None);
    let subject = mail.headers.get_first_value("Subject").expect("one");
    let words: Vec<&str> = subject.split_whitespace().collect();
    let all = ["News", "Bcc:", "all@example.org", "<script>x</script>"];
    assert_eq!(words, all, "in one line");
    for name in ["List-Id", "From", "List-Unsubscribe"] {
        assert_eq!(mail.headers.get_all_values(name).len(), 1, "{name}");
    }
    assert_eq!(mail.subparts.len(), 2);
    let html = mail.subparts[1].get_body().expect("HTML");
    assert!(!html.contains("<script"), "{html}");
    let row = outbox::Entity::find().one(&app.app.db).await;
    assert_eq!(
        row.expect("read").expect("a row").state,
        outbox::State::Sent
    );
}
