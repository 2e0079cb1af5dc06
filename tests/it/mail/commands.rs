//! `plaudit mail …`, run as the operator runs it.

use std::process::Command;

use plaudit::entities::outbox::{self, State};
use sea_orm::{ActiveModelTrait, Set};
use serde_json::Value;

use super::{row, write};
use crate::support::TestApp;

/// Runs the program on this service's database: its exit code and what it says.
async fn plaudit(app: &TestApp, arguments: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_plaudit"));
    command
        .arg("mail")
        .args(arguments)
        .env("PLAUDIT__DATABASE__URL", &app.app.config.database.url)
        .env("PLAUDIT__SERVER__PUBLIC_URL", &app.url)
        .env("PLAUDIT__SECRETS__KEY", "5e".repeat(32));
    let output = tokio::task::spawn_blocking(move || command.output());
    let output = output.await.expect("finished").expect("ran");
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8(said).expect("UTF-8");
    (output.status.code(), said.trim().to_owned())
}

#[tokio::test]
async fn the_operator_sees_what_failed_and_sends_it_again() {
    let app = TestApp::start().await;
    let (_, ann) = app.reader("Ann").await;
    write(&app, &ann, "ended:1").await;
    let mut dead: outbox::ActiveModel = row(&app, "ended:1").await.into();
    dead.state = Set(State::Dead);
    dead.error = Set(Some("550 no such mailbox".to_owned()));
    let id = dead.update(&app.app.db).await.expect("dead").id.to_string();
    let (code, list) = plaudit(&app, &["list"]).await;
    assert_eq!(code, Some(0), "{list}");
    assert!(list.contains("dead") && list.contains("550 no such mailbox"));
    let (_, list) = plaudit(&app, &["list", "--json"]).await;
    let list: Value = serde_json::from_str(&list).expect("JSON");
    assert_eq!(list[0]["key"], "ended:1");
    let (_, mail) = plaudit(&app, &["show", &id]).await;
    assert!(mail.contains("To: Ann <ann@example.org>"), "{mail}");
    assert!(mail.contains("Hello Ann,"), "{mail}");
    let (code, said) = plaudit(&app, &["discard", &id]).await;
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(row(&app, "ended:1").await.state, State::Discarded);
    app.work().await;
    assert!(app.mails().is_empty());
    let (code, said) = plaudit(&app, &["discard", &id]).await;
    assert_eq!(code, Some(1));
    assert!(said.contains("is set aside already"), "{said}");
    let (code, said) = plaudit(&app, &["retry", &id]).await;
    assert_eq!(code, Some(0), "{said}");
    app.work().await;
    assert_eq!(app.mails().len(), 1);
    let (code, said) = plaudit(&app, &["retry", &id]).await;
    assert_eq!(code, Some(1));
    assert!(said.contains("has been sent already"), "{said}");
    let nobody = "00000000-0000-0000-0000-000000000000";
    let (code, said) = plaudit(&app, &["show", nobody]).await;
    assert_eq!(code, Some(1));
    assert!(said.contains("there is no mail"), "{said}");
}
