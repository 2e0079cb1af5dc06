//! All comments out and in again, and those of other programs in their own formats.

use std::{io::Write as _, path::Path};

use plaudit::entities::comment;
use sea_orm::{
    ConnectionTrait as _,
    sqlx::{Connection as _, Executor as _, SqliteConnection},
};
use serde_json::{Value, json};

use super::{TIDE, Tide, act};

impl Tide {
    pub(super) async fn import(&self, file: &Path, format: &str) -> Value {
        let file = file.display().to_string();
        let said = self
            .app
            .plaudit(&["comments", "import", &file, "--format", format, "--json"])
            .await;
        serde_json::from_str(&said.done()).expect("JSON")
    }

    /// Imports twice; the second time nothing is new. Returns what the first said.
    pub(super) async fn import_twice(&self, file: &Path, format: &str) -> Value {
        let first = self.import(file, format).await;
        let rows = self.rows().await;
        let second = self.import(file, format).await;
        assert_eq!(second["added"], 0, "{second}");
        assert_eq!(second["known"], first["added"], "{second}");
        assert_eq!(self.rows().await, rows);
        first
    }

    /// The one that says this, or nothing.
    pub(super) async fn saying(&self, words: &str) -> comment::Model {
        let rows = self.rows().await;
        let found = rows.into_iter().find(|row| match words.is_empty() {
            true => row.deleted_at.is_some(),
            false => row.body_html.contains(words),
        });
        found.unwrap_or_else(|| panic!("nobody says {words}"))
    }
}

pub(super) fn data(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data")
        .join(name)
}

fn counts(said: &Value) -> [i64; 4] {
    ["added", "by_readers", "by_guests", "skipped"].map(|name| said[name].as_i64().expect(name))
}

#[tokio::test]
async fn wordpress_comments_come_with_threads_dates_and_proven_writers() {
    let tide = Tide::start().await;
    let (_, ann) = tide.app.reader("Ann").await;
    let said = tide.import_twice(&data("comments.wxr.xml"), "wxr").await;
    assert_eq!(counts(&said), [3, 1, 2, 2]);
    assert_eq!(said["left_out"], json!({ "spam": 1, "pingback": 1 }));
    assert_eq!(
        said["unknown_articles"]["https://old.example/2019/04/lost/"],
        1
    );
    let first = tide.saying("First line").await;
    assert_eq!(first.account_id, ann.id);
    assert_eq!(first.created_at.to_rfc3339(), "2019-03-01T12:00:00+00:00");
    assert!(
        first
            .body_html
            .starts_with("<p>First line<br>\nsecond <strong>line</strong>")
    );
    assert!(
        first
            .body_markdown
            .starts_with("First line\nsecond **line**")
    );
    assert!(!first.body_html.contains("script") && !first.body_html.contains("onclick"));
    assert!(first.body_html.contains("rel=\"nofollow ugc noopener\""));
    let answer = tide.saying("An answer").await;
    assert_eq!(
        (answer.parent_id, answer.thread_id),
        (Some(first.id), Some(first.id))
    );
    tide.seen()
        .await
        .says("<bdi>Gustav</bdi>")
        .says(">guest</span>")
        .does_not_say("Not looked over");
    tide.matthew
        .get("/studio/comments")
        .await
        .says("Not looked over");
    tide.app.work().await;
    assert!(tide.app.mails().is_empty(), "what is old is no news");
}

#[tokio::test]
async fn disqus_comments_come_with_the_places_of_what_was_deleted() {
    let tide = Tide::start().await;
    let (_, ann) = tide.app.reader("Ann").await;
    let said = tide
        .import_twice(&data("comments.disqus.xml"), "disqus")
        .await;
    assert_eq!(counts(&said), [3, 1, 2, 2]);
    assert_eq!(said["left_out"], json!({ "spam": 1, "deleted": 1 }));
    assert_eq!(said["unknown_articles"]["https://old.example/gone.html"], 1);
    let gone = tide.saying("").await;
    let right = tide.saying("Quite").await;
    assert_eq!((right.account_id, right.parent_id), (ann.id, Some(gone.id)));
    assert!(!right.body_html.contains("<img"));
    let deepest = tide.saying("By a guest").await;
    assert_eq!(
        (deepest.parent_id, deepest.thread_id),
        (Some(right.id), Some(gone.id))
    );
    tide.seen()
        .await
        .says("The writer has deleted this comment.")
        .does_not_say("Unwise")
        .does_not_say("Never answered");
}

#[tokio::test]
async fn issos_database_is_read_as_it_is() {
    let tide = Tide::start().await;
    let (_, ann) = tide.app.reader("Ann").await;
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("comments.db");
    let url = format!("sqlite://{}?mode=rwc", file.display());
    let mut db = SqliteConnection::connect(&url).await.expect("a database");
    let sql = include_str!("../../data/comments.isso.sql");
    db.execute(sql).await.expect("Isso’s tables");
    db.close().await.expect("closed");
    let said = tide.import_twice(&file, "isso").await;
    assert_eq!(counts(&said), [6, 1, 5, 1]);
    assert_eq!(said["left_out"], json!({ "deleted": 1 }));
    assert_eq!(said["hearts"], 3);
    assert_eq!(said["not_kept"], json!({ "votes_against": 2 }));
    assert_eq!(said["unknown_articles"]["/blog/gone/"], 1);
    let first = tide.saying("<strong>true</strong>").await;
    assert_eq!(first.account_id, ann.id);
    assert_eq!(first.created_at.timestamp_millis(), 1_500_000_000_250);
    assert_eq!(first.hearts, 3);
    assert!(first.body_html.contains("&lt;script&gt;"));
    let answer = tide.saying("An answer").await;
    assert_eq!(answer.parent_id, Some(first.id));
    assert!(answer.edited_at.is_some());
    assert!(tide.saying("Not looked over").await.held_at.is_some());
    // Isso calls those who gave no name so.
    for words in ["one", "two", "three"] {
        let nameless = tide.saying(&format!("Nameless {words}")).await;
        assert_eq!(nameless.guest_name.as_deref(), Some("Anonymous"), "{words}");
        let page = tide.seen().await;
        let shown = super::part(&page, nameless.id);
        assert!(shown.contains("<bdi>Anonymous</bdi>") && shown.contains(">guest</span>"));
    }
}

#[tokio::test]
async fn remark42s_backup_is_read_gzipped_or_not() {
    let tide = Tide::start().await;
    let (_, ann) = tide.app.reader("Ann").await;
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("backup.gz");
    let packed = std::fs::File::create(&file).expect("a file");
    let mut packed = flate2::write::GzEncoder::new(packed, flate2::Compression::fast());
    packed
        .write_all(include_bytes!("../../data/comments.remark42.jsonl"))
        .expect("written");
    packed.finish().expect("written");
    let said = tide.import_twice(&file, "remark42").await;
    assert_eq!(counts(&said), [3, 0, 3, 0]);
    assert_eq!(said["hearts"], 4);
    let lost = json!({ "votes_against": 1, "pins": 1, "marks": 1 });
    assert_eq!(said["not_kept"], lost, "the mark was a picture");
    let first = tide.saying("<strong>true</strong>").await;
    assert_ne!(first.account_id, ann.id, "no address, no match");
    assert_eq!(first.guest_name.as_deref(), Some("Ann of old"));
    assert_eq!(first.hearts, 2, "the score, where votes were not kept");
    let last = tide.saying("Still here").await;
    assert_eq!(last.thread_id, Some(first.id));
    assert_eq!(last.hearts, 2);
    assert_eq!(last.parent_id, Some(tide.saying("").await.id));
    let plain = tide
        .import(&data("comments.remark42.jsonl"), "remark42")
        .await;
    assert_eq!(plain["known"], 3);
}

#[tokio::test]
async fn what_goes_out_comes_in_again_as_it_was() {
    let tide = Tide::start().await;
    let (ann, ben) = (tide.reader("Ann").await, tide.reader("Ben").await);
    let (olivia, _) = tide.app.owner().await;
    tide.import(&data("comments.wxr.xml"), "wxr").await;
    let id = tide
        .comment(&ann, "A *question* with https://x.example")
        .await;
    let answer = tide.reply(&ben, id, "שלום <b>").await;
    tide.reply(&ann, answer, "Deeper").await;
    let rude = tide.comment(&ben, "Rude").await;
    ben.submit(&act(id, "heart"), &[]).await;
    tide.matthew.submit(&act(id, "pick"), &[]).await;
    tide.matthew.submit(&act(answer, "pin"), &[]).await;
    olivia.submit(&act(rude, "hide"), &[]).await;
    let gone = tide.comment(&ann, "Gone").await;
    tide.reply(&ben, gone, "Why?").await;
    ann.submit(&act(gone, "delete"), &[]).await;
    let page = tide.seen().await.body;
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("comments.json");
    let path = file.display().to_string();
    tide.app
        .plaudit(&["comments", "export", &path])
        .await
        .done();
    let before = std::fs::read_to_string(&file).expect("written");
    let db = &tide.app.app.db;
    for table in ["heart", "comment"] {
        let all = format!("DELETE FROM {table}");
        db.execute_unprepared(&all).await.expect("emptied");
    }
    let said = tide.import_twice(&file, "plaudit").await;
    assert_eq!(said["added"], 9, "{said}");
    let after = tide.app.plaudit(&["comments", "export", "-"]).await.done();
    assert_eq!(after, before.trim());
    assert_eq!(tide.app.browser().get(TIDE).await.body, page);
}

#[tokio::test]
async fn a_file_of_another_kind_is_refused_in_one_line() {
    let tide = Tide::start().await;
    for (name, format) in [
        ("comments.wxr.xml", "disqus"),
        ("comments.disqus.xml", "wxr"),
        ("comments.disqus.xml", "remark42"),
        ("comments.wxr.xml", "isso"),
        ("comments.remark42.jsonl", "plaudit"),
        ("comments.isso.sql", "wxr"),
        ("nowhere", "wxr"),
    ] {
        let file = data(name).display().to_string();
        let said = tide
            .app
            .plaudit(&["comments", "import", &file, "--format", format])
            .await;
        let said = said.refused();
        assert_eq!(said.lines().count(), 1, "{said}");
    }
    assert!(tide.rows().await.is_empty());
}
