//! `plaudit account …`, run as the operator runs it.

use std::{
    io::Write as _,
    process::{Command, Output, Stdio},
};

use reqwest::StatusCode;
use serde_json::Value;

use crate::support::TestApp;

/// Runs the program on this service's database.
async fn plaudit(app: &TestApp, arguments: &[&str], input: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_plaudit"));
    command
        .args(arguments)
        .env("PLAUDIT__DATABASE__URL", &app.app.config.database.url)
        .env("PLAUDIT__SERVER__PUBLIC_URL", &app.url)
        .env("PLAUDIT__SECRETS__KEY", "5e".repeat(32))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let input = input.to_owned();
    let run = move || {
        let mut child = command.spawn()?;
        let mut stdin = child.stdin.take().expect("piped");
        stdin.write_all(input.as_bytes()).ok();
        drop(stdin);
        child.wait_with_output()
    };
    let run = tokio::task::spawn_blocking(run).await;
    run.expect("finished").expect("ran")
}

fn said(output: &Output) -> (Option<i32>, String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    (
        output.status.code(),
        text(&output.stdout),
        text(&output.stderr),
    )
}

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
    let (code, out, err) = said(&plaudit(&app, &author, "").await);
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
    let (code, out, err) = said(&plaudit(&app, &owner, "rain on the harbour\n").await);
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
    let (_, out, _) = said(&plaudit(&app, &namesake, "").await);
    assert!(out.ends_with("/authors/matthew-smith-2"), "{out}");

    let (_, out, _) = said(&plaudit(&app, &["account", "list", "--json"], "").await);
    let people: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(people.as_array().map(Vec::len), Some(3));
    assert_eq!(people[1]["email"], "you@example.org");
    assert_eq!(people[1]["role"], "owner");
    assert_eq!(people[1]["slug"], "editor");
    let (_, out, _) = said(&plaudit(&app, &["account", "list"], "").await);
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
            "“ann@” is not an e-mail address",
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
        let (status, out, err) = said(&plaudit(&app, &arguments, input).await);
        assert_eq!(status, Some(code), "{err}");
        assert!(err.contains(says) && err.lines().count() == 1, "{err}");
        assert_eq!(out, "");
    }
    assert!(app.account_of("ann@example.org").await.is_none());
    let (status, _, err) = said(
        &plaudit(
            &app,
            &["account", "reset-link", "--email", "ann@example.org"],
            "",
        )
        .await,
    );
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
    let (code, link, err) = said(&plaudit(&app, &arguments, "").await);
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
