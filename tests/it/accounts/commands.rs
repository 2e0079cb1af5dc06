//! `plaudit account …`, run as the operator runs it.

use reqwest::StatusCode;
use serde_json::Value;

use crate::support::{Said, TestApp};

#[tokio::test]
async fn the_operator_adds_people_and_lists_them() {
    let app = TestApp::start().await;
    let add = ["account", "add", "--email"];
    let author = [
        &add[..],
        &[
            "matthew@example.org",
            "--name",
            "Matthew Smith",
            "--role",
            "author",
        ],
    ]
    .concat();
    let Said { code, out, err } = app.plaudit(&author).await;
    assert_eq!(
        (code, out.as_str()),
        (Some(0), "added matthew@example.org, /authors/matthew-smith"),
        "{err}"
    );
    let owner = [
        &add[..],
        &[
            "you@example.org",
            "--name",
            "You",
            "--role",
            "owner",
            "--slug",
            "editor",
            "--password-stdin",
        ],
    ]
    .concat();
    let Said { code, out, err } = app.plaudit_with(&owner, &[], "rain on the harbour\n").await;
    assert_eq!(
        (code, out.as_str()),
        (Some(0), "added you@example.org, /authors/editor"),
        "{err}"
    );
    let form = [
        ("email", "you@example.org"),
        ("password", "rain on the harbour"),
    ];
    let browser = app.browser();
    browser.submit("/sign-in", &form).await;
    browser.get("/account").await.says("href=\"/admin\"");

    let namesake = [
        &add[..],
        &[
            "other@example.org",
            "--name",
            "Matthew Smith",
            "--role",
            "author",
        ],
    ]
    .concat();
    let out = app.plaudit(&namesake).await.out;
    assert!(out.ends_with("/authors/matthew-smith-2"), "{out}");

    let out = app.plaudit(&["account", "list", "--json"]).await.out;
    let people: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(people.as_array().map(Vec::len), Some(3));
    assert_eq!(people[1]["email"], "you@example.org");
    assert_eq!(people[1]["role"], "owner");
    assert_eq!(people[1]["slug"], "editor");
    let out = app.plaudit(&["account", "list"]).await.out;
    assert!(
        out.lines().any(|line| line.contains("matthew@example.org")),
        "{out}"
    );
}

#[tokio::test]
async fn the_operator_is_refused_in_one_clear_line() {
    let app = TestApp::start().await;
    app.author("Matthew Smith").await;
    let reader = ["--name", "Ann", "--role", "reader"];
    let author = ["--name", "Ann", "--role", "author"];
    for (arguments, input, code, says) in [
        (
            [&["--email", "Matthew-Smith@example.org"][..], &reader].concat(),
            "",
            1,
            "already an account",
        ),
        (
            [&["--email", "ann@"][..], &reader].concat(),
            "",
            2,
            "this is not an e-mail address",
        ),
        (
            [
                &["--email", "ann@example.org", "--slug", "matthew-smith"][..],
                &author,
            ]
            .concat(),
            "",
            1,
            "already an author page called “matthew-smith”",
        ),
        (
            [
                &["--email", "ann@example.org", "--slug", "A b"][..],
                &author,
            ]
            .concat(),
            "",
            2,
            "cannot stand in an address",
        ),
        (
            [
                &["--email", "ann@example.org", "--slug", "ann"][..],
                &reader,
            ]
            .concat(),
            "",
            2,
            "a reader has none",
        ),
        (
            [
                &["--email", "ann@example.org", "--password-stdin"][..],
                &reader,
            ]
            .concat(),
            "short\n",
            1,
            "too short",
        ),
    ] {
        let arguments = [&["account", "add"][..], &arguments].concat();
        let said = app.plaudit_with(&arguments, &[], input).await;
        let (status, out, err) = (said.code, said.out, said.err);
        assert_eq!(status, Some(code), "{err}");
        assert!(err.contains(says) && err.lines().count() == 1, "{err}");
        assert_eq!(out, "");
    }
    assert!(app.account_of("ann@example.org").await.is_none());
    let Said {
        code: status, err, ..
    } = app
        .plaudit(&["account", "reset-link", "--email", "ann@example.org"])
        .await;
    assert_eq!(status, Some(1));
    assert!(
        err.contains("no account with the address ann@example.org"),
        "{err}"
    );
}

#[tokio::test]
async fn the_operator_hands_a_link_to_somebody_locked_out() {
    let app = TestApp::start().await;
    app.reader("Ann").await;
    let arguments = ["account", "reset-link", "--email", "ann@example.org"];
    let Said {
        code,
        out: link,
        err,
    } = app.plaudit(&arguments).await;
    assert_eq!(code, Some(0), "{err}");
    let path = link
        .strip_prefix(app.url.as_str())
        .expect("a link of this site");
    let ann = app.browser();
    assert_eq!(ann.get(path).await.status, StatusCode::OK);
    ann.submit(path, &[("password", "rain on the harbour")])
        .await;
    ann.get("/account").await.says("Signed in as Ann");
}
