//! The listener gives up on who is slow, and lets in only so many at once.
//!
//! The time-outs are the real ones: two tests wait ten seconds, beside the others.

use std::time::Duration;

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};

use crate::support::TestApp;

async fn connect(app: &TestApp) -> TcpStream {
    let address = app.url.trim_start_matches("http://");
    TcpStream::connect(address).await.expect("a connection")
}

/// What comes until the other side closes; that it does is what is waited for.
async fn until_closed(mut stream: TcpStream) -> String {
    let mut heard = Vec::new();
    let ended = timeout(Duration::from_secs(60), stream.read_to_end(&mut heard)).await;
    // A reset is an end, too.
    ended.expect("it is cut off").ok();
    String::from_utf8_lossy(&heard).into_owned()
}

#[tokio::test]
async fn headers_that_never_end_are_cut_off() {
    let app = TestApp::start().await;
    let mut slow = connect(&app).await;
    slow.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n")
        .await
        .expect("sent");
    let heard = until_closed(slow).await;
    assert!(!heard.contains("200"), "{heard}");
}

#[tokio::test]
async fn a_body_that_never_ends_is_cut_off() {
    let app = TestApp::start().await;
    let mut slow = connect(&app).await;
    slow.write_all(
        b"POST /webhooks/stripe HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
          Content-Length: 1000\r\n\r\nonly so much",
    )
    .await
    .expect("sent");
    let heard = until_closed(slow).await;
    assert!(
        heard.is_empty() || heard.starts_with("HTTP/1.1 4"),
        "{heard}"
    );
}

#[tokio::test]
async fn beyond_the_cap_a_connection_waits_for_a_place() {
    let app = TestApp::start_with(|config| config.server.max_connections = 2).await;
    let first = connect(&app).await;
    let second = connect(&app).await;
    let mut third = connect(&app).await;
    third
        .write_all(b"GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        .await
        .expect("sent");
    let mut one = [0];
    let early = timeout(Duration::from_millis(300), third.peek(&mut one)).await;
    assert!(
        early.is_err(),
        "the third is served while two hold the places"
    );
    drop((first, second));
    let heard = until_closed(third).await;
    assert!(heard.starts_with("HTTP/1.1 "), "{heard}");
}
