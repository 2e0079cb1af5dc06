//! Joining: a mail first, the account when its link is used.

use plaudit::entities::account;
use reqwest::StatusCode;
use sea_orm::{EntityTrait, PaginatorTrait};

use crate::support::TestApp;

#[tokio::test]
async fn a_stranger_joins_by_the_link_in_her_mailbox() {
    let app = TestApp::start().await;
    let ann = app.browser();
    ann.get("/join?return_to=/articles/x")
        .await
        .says("<h1>Join</h1>")
        .says("value=\"/articles/x\"")
        .says("/sign-in?return_to=%2Farticles%2Fx");
    let form = [
        ("name", "Ann Merrow"),
        ("email", " Ann@Example.org "),
        ("return_to", "/articles/x"),
    ];
    ann.submit("/join", &form)
        .await
        .says("Look in your mailbox");
    assert!(app.account_of("ann@example.org").await.is_none());

    let link = app.mailed_link("ann@example.org").await;
    let page = ann.get(&link).await;
    assert_eq!(page.header("cache-control"), "no-store");
    page.says("ann@example.org").says("value=\"Ann Merrow\"");
    let answer = ann
        .post(&link, &[("name", "Ann Merrow"), ("password", "")])
        .await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.location(), "/articles/x");
    ann.get("/account")
        .await
        .says("Signed in as Ann Merrow")
        .says("You are signed in.");
    let account = app.account_of("ann@example.org").await.expect("joined");
    assert_eq!(account.password_hash, None);
}

#[tokio::test]
async fn a_newcomer_may_choose_a_password_once_her_address_is_proven() {
    let app = TestApp::start().await;
    let ann = app.browser();
    ann.submit("/join", &[("name", "Ann"), ("email", "ann@example.org")])
        .await;
    let link = app.mailed_link("ann@example.org").await;
    let short = ann
        .post(&link, &[("name", "Ann"), ("password", "short")])
        .await;
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
    short
        .says("too short")
        .says("value=\"Ann\"")
        .does_not_say("value=\"short\"");
    let form = [("name", "Ann"), ("password", "rain on the harbour")];
    ann.submit(&link, &form).await;

    let other = app.browser();
    let form = [
        ("email", "ann@example.org"),
        ("password", "rain on the harbour"),
    ];
    other.submit("/sign-in", &form).await;
    other.get("/account").await.says("Signed in as Ann");
}

#[tokio::test]
async fn joining_with_a_known_address_looks_the_same_and_mails_a_way_in() {
    let app = TestApp::start().await;
    let (_, ann) = app.reader("Ann").await;
    let somebody = app.browser();
    let unknown = somebody
        .post("/join", &[("name", "Eve"), ("email", "eve@example.org")])
        .await;
    let known = somebody
        .post("/join", &[("name", "Eve"), ("email", "ann@example.org")])
        .await;
    assert_eq!(known.status, unknown.status);
    assert_eq!(known.location(), unknown.location());
    assert_eq!(known.body, unknown.body);

    let letters = app.letters("ann@example.org").await;
    assert!(
        letters[0].subject.contains("sign in"),
        "{}",
        letters[0].subject
    );
    assert_eq!(letters[0].account_id, Some(ann.id));
    let link = app.mailed_link("ann@example.org").await;
    somebody.get(&link).await.does_not_say("name=\"password\"");
    somebody
        .submit(&link, &[("name", "Eve"), ("password", "taken over by Eve")])
        .await;
    let after = app.account_of("ann@example.org").await.expect("Ann");
    assert_eq!(after, ann);
}

#[tokio::test]
async fn a_letter_to_a_stranger_does_not_say_what_somebody_typed() {
    let app = TestApp::start().await;
    let form = [
        ("name", "Win at evil.example"),
        ("email", "ann@example.org"),
    ];
    app.browser().submit("/join", &form).await;
    let letter = app.letters("ann@example.org").await.remove(0);
    let all = [
        letter.subject,
        letter.body_text,
        letter.body_html,
        letter.to_name,
    ]
    .concat();
    assert!(!all.contains("evil.example"), "{all}");
    assert_eq!(letter.account_id, None);
}

#[tokio::test]
async fn a_form_with_a_fault_comes_back_as_typed() {
    let app = TestApp::start().await;
    let somebody = app.browser();
    for (name, email, says) in [
        ("", "ann@example.org", "Please tell us a name."),
        (
            "Ann \"<b>\"",
            "ann@",
            "does not look like an e-mail address",
        ),
    ] {
        let form = [
            ("name", name),
            ("email", email),
            ("return_to", "/articles/x"),
        ];
        let page = somebody.post("/join", &form).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        page.says(says)
            .says(email)
            .says("value=\"/articles/x\"")
            .says("aria-describedby=\"problem\"")
            .does_not_say("<b>");
    }
    let page = somebody.post("/join", &[]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    page.says("Please tell us a name.");
    let accounts = account::Entity::find().count(&app.app.db).await;
    assert_eq!(accounts.expect("a count"), 0);
}

#[tokio::test]
async fn one_network_joins_and_one_address_gets_mail_only_so_often() {
    let app = TestApp::start_limited().await;
    let somebody = app.browser();
    let mut answers = Vec::new();
    for _ in 0..6 {
        let form = [("name", "Ann"), ("email", "ann@example.org")];
        answers.push(somebody.post("/join", &form).await);
    }
    let refused = answers.pop().expect("an answer");
    assert!(
        answers
            .iter()
            .all(|page| page.status == StatusCode::SEE_OTHER)
    );
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(!refused.header("retry-after").is_empty());
    refused.says("A little slower");
    assert_eq!(app.letters("ann@example.org").await.len(), 3);
    // A school joins in one lesson; more than that is no school.
    for number in 0..94 {
        let email = format!("{number}@example.org");
        let page = somebody
            .post("/join", &[("name", "Ann"), ("email", &email)])
            .await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{number}");
    }
    let mut refused = false;
    for number in 94..120 {
        let email = format!("{number}@example.org");
        let form = [("name", "Ann"), ("email", email.as_str())];
        let page = somebody.post("/join", &form).await;
        refused |= page.status == StatusCode::TOO_MANY_REQUESTS;
    }
    assert!(refused);
}

#[tokio::test]
async fn an_address_nobody_has_proven_gets_three_mails_a_day_whatever_the_form() {
    let app = TestApp::start().await;
    let forms: [(&str, &[(&str, &str)]); 3] = [
        ("/join", &[("name", "Ann"), ("email", "ann@example.org")]),
        ("/sign-in/link", &[("email", "Ann@example.org")]),
        ("/password/forgot", &[("email", "ann@EXAMPLE.org")]),
    ];
    for _ in 0..2 {
        for (path, form) in forms {
            let page = app.browser().post(path, form).await;
            assert_eq!(
                page.status,
                StatusCode::SEE_OTHER,
                "{path}: the same answer"
            );
        }
    }
    assert_eq!(app.letters("ann@example.org").await.len(), 3);
    let same_box = "ann+more@example.org";
    let form = [("name", "Ann"), ("email", same_box)];
    let page = app.browser().post("/join", &form).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    assert_eq!(app.letters(same_box).await.len(), 0);
    app.app.clock.advance(chrono::Duration::hours(24));
    app.browser().post(forms[1].0, forms[1].1).await;
    assert_eq!(app.letters("ann@example.org").await.len(), 4);
    let (bob, _) = app.reader("Bob").await;
    for _ in 0..3 {
        let asked = bob.submit("/account/address", forms[1].1).await;
        asked.says("The link is on its way");
    }
    let letters = app.letters("ann@example.org").await;
    assert_eq!(letters.len(), 6, "two more that day, and the same answer");
    let (owner, _) = app.owner().await;
    let form = [("email", "ann@example.org"), ("role", "author")];
    let page = owner.post("/admin/invitations", &form).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    page.says("three e-mails from us today");
    assert_eq!(app.letters("ann@example.org").await.len(), 6);
    for _ in 0..5 {
        let form = [("email", "bob@example.org")];
        app.browser().post("/sign-in/link", &form).await;
    }
    assert_eq!(
        app.letters("bob@example.org").await.len(),
        5,
        "he has proven his"
    );
}
