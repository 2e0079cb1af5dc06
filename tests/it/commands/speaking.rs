//! What a command answers reaches whoever reads it, or says that it could not.

use std::process::Stdio;

use crate::support::TestApp;

#[tokio::test]
async fn whoever_has_heard_enough_of_an_answer_hears_no_complaint() {
    let app = TestApp::start().await;
    for asked in [&["mail", "preview", "receipt"][..], &["tier", "list"]] {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let mut command = app.command(asked);
        command.stdout(writer).stderr(Stdio::piped());
        let output = tokio::task::spawn_blocking(move || command.output());
        let output = output.await.expect("finished").expect("ran");
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{asked:?}: {complaint}");
        assert_eq!(complaint, "", "{asked:?}");
    }
}

#[tokio::test]
async fn an_answer_that_finds_no_room_is_an_error() {
    let app = TestApp::start().await;
    let mut command = app.command(&["mail", "preview", "receipt"]);
    let full = std::fs::File::options().write(true).open("/dev/full");
    command.stdout(full.expect("open")).stderr(Stdio::piped());
    let output = tokio::task::spawn_blocking(move || command.output());
    let output = output.await.expect("finished").expect("ran");
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{complaint}");
    assert!(complaint.contains("could not be written"), "{complaint}");
}

#[tokio::test]
async fn the_demo_says_that_it_reads_no_configuration() {
    let app = TestApp::start().await;
    let said = app.plaudit(&["--config", "mine.toml", "demo"]).await;
    assert_eq!(said.code, Some(2), "{said:?}");
    assert!(
        said.err.contains("the demo brings its own configuration"),
        "{}",
        said.err
    );
}
