//! The measure of all things: an Axum server that answers given bytes from memory.

use axum::{
    Router,
    body::Bytes,
    http::{HeaderMap, HeaderName, HeaderValue},
};

use crate::client::Answer;

/// Where the bare server, in a process of its own, reads what to answer.
pub const VARIABLE: &str = "PLAUDIT_BENCH_ANSWER";

/// Writes down an answer for the bare server: head, empty line, body.
pub fn keep(answer: &Answer, file: &std::path::Path) {
    let head = answer.head.as_bytes();
    std::fs::write(file, [head, &answer.body].concat()).expect("written");
}

/// Serves what [`keep`] wrote, for ever.
pub fn serve(file: &std::ffi::OsStr) {
    let kept = std::fs::read(file).expect("an answer");
    let end = kept
        .windows(4)
        .position(|window| window == b"\r\n\r\n")
        .expect("a head");
    let head = String::from_utf8_lossy(&kept[..end]).into_owned();
    let body = Bytes::copy_from_slice(&kept[end + 4..]);
    let mut headers = HeaderMap::new();
    for line in head.lines().skip(1) {
        let (name, value) = line.split_once(':').expect("a header");
        if matches!(name, "date" | "content-length" | "transfer-encoding") {
            continue;
        }
        let name: HeaderName = name.parse().expect("a name");
        headers.append(name, HeaderValue::from_str(value.trim()).expect("a value"));
    }
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async move {
        let router = Router::new().fallback(move || {
            let answer = (headers.clone(), body.clone());
            async move { answer }
        });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a port");
        println!(
            "listening on http://{}",
            listener.local_addr().expect("an address")
        );
        axum::serve(listener, router).await.expect("for ever");
    });
}
