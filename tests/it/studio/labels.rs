//! The words an author sorts his supporters by, from the time when `Press` and `press` were two.

use plaudit::entities::supporter_label;
use sea_orm::{ActiveValue::Set, ConnectionTrait as _, EntityTrait as _};
use uuid::Uuid;

use crate::support::TestApp;

/// Gives these labels as they were given before.
async fn given(app: &TestApp, labels: &[(Uuid, &str, Uuid)]) {
    let rows = labels
        .iter()
        .map(|(author, label, account)| supporter_label::ActiveModel {
            author_id: Set(*author),
            label: Set((*label).to_owned()),
            account_id: Set(*account),
        });
    let kept = supporter_label::Entity::insert_many(rows);
    kept.exec_without_returning(&app.app.db)
        .await
        .expect("labels");
}

/// Migrates a database in which labels were two by their case.
async fn migrated(app: &TestApp) {
    let db = &app.app.db;
    let forgotten = "DELETE FROM seaql_migrations WHERE version = 'm0041_labels'";
    let done = db.execute_unprepared(forgotten).await.expect("forgotten");
    assert_eq!(done.rows_affected(), 1);
    plaudit::db::migrate(db).await.expect("migrated");
}

#[tokio::test]
async fn labels_that_were_two_by_their_case_are_one_and_everybody_counts_once() {
    let app = TestApp::start().await;
    let (studio, matthew) = app.author("Matthew Smith").await;
    let (others, ada) = app.author("Ada").await;
    let mut ids = Vec::new();
    for name in ["Ann", "Bob", "Cleo"] {
        let (_, account) = app.reader(name).await;
        app.patron(account.id, &matthew).await;
        ids.push(account.id);
    }
    app.patron(ids[0], &ada).await;
    app.work().await;
    let (ann, bob, cleo) = (ids[0], ids[1], ids[2]);
    given(
        &app,
        &[
            (matthew.id, "Press", ann),
            (matthew.id, "press", ann),
            (matthew.id, "press", bob),
            (matthew.id, "PRESS", cleo),
            (matthew.id, "ÜBERSEE", ann),
            (matthew.id, "Übersee", bob),
            (matthew.id, "Choir", bob),
            (ada.id, "PRESS", ann),
        ],
    )
    .await;
    migrated(&app).await;
    let page = studio.get("/studio/supporters").await;
    // The one that most have; of equals the one in smaller letters.
    for (label, people) in [("press", 3), ("Übersee", 2), ("Choir", 1)] {
        let badge = format!("<span class=\"badge\">{label}</span>");
        assert_eq!(page.body.matches(&badge).count(), people, "{label}");
        assert_eq!(
            page.body.matches(&format!("<option>{label}<")).count(),
            1,
            "{label}: {}",
            page.body
        );
    }
    page.does_not_say("Press")
        .does_not_say("PRESS")
        .does_not_say("ÜBERSEE");
    // An address that somebody kept means the same label, however it was written then.
    for typed in ["press", "PRESS", "Press"] {
        let path = format!("/studio/supporters?label={typed}");
        let found = studio.get(&path).await;
        found
            .says("3 people")
            .says("<option selected>press</option>")
            .says("All 3");
        let file = format!("/studio/supporters.csv?label={typed}");
        let file = studio.get(&file).await;
        assert_eq!(file.body.matches("@example.org").count(), 3);
    }
    let found = studio.get("/studio/supporters?label=%C3%BCBERSEE").await;
    found.says("2 people").does_not_say("cleo@example.org");
    // Whoever has an old page open takes off the label that is meant.
    let path = format!("/studio/supporters/{cleo}/labels/delete");
    studio.submit(&path, &[("label", "PRESS")]).await;
    let found = studio.get("/studio/supporters?label=press").await;
    found.says("2 people").does_not_say("cleo@example.org");
    others
        .get("/studio/supporters")
        .await
        .says("<span class=\"badge\">PRESS</span>");
}
