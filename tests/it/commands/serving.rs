//! `plaudit serve` as a service manager runs it.

use std::process::Command;

use reqwest::StatusCode;

use crate::support::{Browser, Running, TestApp};

fn served(app: &TestApp) -> Command {
    let mut command = app.command(&["serve"]);
    command
        .env("PLAUDIT__SERVER__LISTEN", "127.0.0.1:0")
        .env("PLAUDIT__MAIL__TRANSPORT", "memory");
    command
}

#[tokio::test]
async fn it_serves_until_told_to_stop() {
    let app = TestApp::start().await;
    let mut service = Running::start(&mut served(&app));
    let browser = Browser::new(&service.says("listening on ").await);
    browser.get("/health/ready").await.says("ready");
    browser.get("/metrics").await.says("plaudit_");
    service.stop().await;
}

#[tokio::test]
async fn numbers_move_to_a_listener_of_their_own() {
    let app = TestApp::start().await;
    let mut command = served(&app);
    command.env("PLAUDIT__SERVER__METRICS_LISTEN", "127.0.0.1:0");
    let mut service = Running::start(&mut command);
    let apart = Browser::new(&service.says("metrics on ").await);
    let browser = Browser::new(&service.says("listening on ").await);
    apart.get("/metrics").await.says("plaudit_");
    assert_eq!(apart.get("/").await.status, StatusCode::NOT_FOUND);
    let hidden = browser.get("/metrics").await;
    assert_eq!(hidden.status, StatusCode::NOT_FOUND);
    service.stop().await;
}
