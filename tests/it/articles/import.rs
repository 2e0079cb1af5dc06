//! `plaudit article import` and `article list`, run as a program of its own beside the service.

use std::path::Path;

use plaudit::entities::{Audience, Gate, article};
use reqwest::StatusCode;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use tempfile::TempDir;

use crate::support::{Said, TestApp};

const TIDE: &str = "---\ntitle: What the Tide Leaves\nslug: tide\nstandfirst: A walk.\n\
                    author: matthew-smith\ndate: 2026-03-01\naudience: readers\ncomments: closed\n\
                    ---\nIt leaves \"wood\".\n";

#[tokio::test]
async fn a_file_becomes_a_draft_and_then_an_article() {
    let app = TestApp::start().await;
    app.author("Matthew Smith").await;
    let folder = tempfile::tempdir().expect("a folder");
    let file = written(&folder, "tide.md", TIDE);
    let output = app.plaudit(&["article", "import", &file]).await;
    succeeded(&output, "added /articles/tide (draft)");
    let page = app.browser().get("/articles/tide").await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);

    let output = app
        .plaudit(&["article", "import", &file, "--publish", "--quiet"])
        .await;
    succeeded(&output, "updated /articles/tide (published 2026-03-01)");
    let row = row(&app, "tide").await;
    assert_eq!(row.audience, Audience::Readers);
    assert_eq!(row.gate, Gate::Closed);
    assert_eq!(row.standfirst, "A walk.");
    assert_eq!(row.body_html, "<p>It leaves “wood”.</p>\n");

    let output = app.plaudit(&["article", "import", &file]).await;
    succeeded(&output, "updated /articles/tide (published 2026-03-01)");
    let again = self::row(&app, "tide").await;
    assert_eq!(again, row, "an unchanged file changes nothing");

    written(&folder, "tide.md", &TIDE.replace("wood", "glass"));
    succeeded(&app.plaudit(&["article", "import", &file]).await, "updated");
    let changed = self::row(&app, "tide").await;
    assert!(changed.body_html.contains("glass") && changed.id == row.id);
    assert_eq!(changed.published_at, row.published_at);
}

#[tokio::test]
async fn a_broken_file_is_named_and_the_others_go_in() {
    let app = TestApp::start().await;
    app.author("Matthew Smith").await;
    app.author("Ada Merrow").await;
    let folder = tempfile::tempdir().expect("a folder");
    let good = written(&folder, "good.md", TIDE);
    let broken = TIDE
        .replace("tide\n", "broken\n")
        .replace("readers", "everyone");
    let broken = written(&folder, "broken.md", &broken);
    let nobody = TIDE
        .replace("tide\n", "nobody\n")
        .replace("matthew-smith", "nobody");
    let nobody = written(&folder, "nobody.md", &nobody);
    let others = written(
        &folder,
        "others.md",
        &TIDE.replace("matthew-smith", "ada-merrow"),
    );
    let missing = folder.path().join("missing.md").display().to_string();
    let slugless = TIDE
        .replace("slug: tide", "slug: Not a slug")
        .replace("Leaves", "Takes");
    let slugless = written(&folder, "slugless.md", &slugless);
    let output = app
        .plaudit(&[
            "article", "import", &broken, &nobody, &good, &others, &missing, &slugless,
        ])
        .await;
    assert_eq!(output.code, Some(1));
    let errors = output.err;
    for expected in [
        &format!("{broken}: line 7, audience: “everyone” is none of public"),
        &format!("{nobody}: line 5, author: there is no author “nobody”"),
        &format!("{others}: line 3, slug: belongs to an article of another author"),
        &format!("{missing}: could not be read"),
        &format!("{slugless}: line 3, slug: the slug may hold"),
        "plaudit: 5 of 6 files not imported",
    ] {
        assert!(errors.contains(expected), "no “{expected}” in:\n{errors}");
    }
    let all = article::Entity::find()
        .all(&app.app.db)
        .await
        .expect("rows");
    let slugs: Vec<&str> = all.iter().map(|article| article.slug.as_str()).collect();
    assert_eq!(slugs, ["tide"]);
}

#[tokio::test]
async fn the_author_can_be_given_for_files_that_name_none() {
    let app = TestApp::start().await;
    app.author("Ada Merrow").await;
    let folder = tempfile::tempdir().expect("a folder");
    let file = written(
        &folder,
        "short.md",
        "---\ntitle: Short & Sweet\n---\nYes.\n",
    );
    let output = app.plaudit(&["article", "import", &file]).await;
    assert_eq!(output.code, Some(1));
    let errors = output.err;
    assert!(errors.contains("author: is missing"), "{errors}");
    let output = app
        .plaudit(&[
            "article",
            "import",
            &file,
            "--author",
            "ada-merrow",
            "--publish",
        ])
        .await;
    succeeded(&output, "added /articles/short-sweet (published ");
    assert_eq!(row(&app, "short-sweet").await.gate, Gate::Patrons);

    let listed = app.plaudit(&["article", "list"]).await;
    succeeded(&listed, "Short & Sweet");
    let listed = app.plaudit(&["article", "list", "--json"]).await;
    let json: serde_json::Value = serde_json::from_str(&listed.out).expect("JSON");
    assert_eq!(json[0]["slug"], "short-sweet");
    assert_eq!(json[0]["author"], "ada-merrow");
    assert_eq!(json[0]["comments"], "patrons");
}

#[tokio::test]
async fn bad_usage_is_told_apart_from_failure() {
    let app = TestApp::start().await;
    assert_eq!(app.plaudit(&["article", "import"]).await.code, Some(2));
}

#[track_caller]
fn succeeded(said: &Said, expected: &str) {
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(
        said.out.contains(expected),
        "no “{expected}” in:\n{}",
        said.out
    );
}

fn written(folder: &TempDir, name: &str, text: &str) -> String {
    let path: &Path = folder.path();
    let file = path.join(name);
    std::fs::write(&file, text).expect("written");
    file.display().to_string()
}

async fn row(app: &TestApp, slug: &str) -> article::Model {
    let found = article::Entity::find()
        .filter(article::Column::Slug.eq(slug))
        .one(&app.app.db)
        .await;
    found.expect("a query").expect("the article")
}
