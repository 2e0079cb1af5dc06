//! A notice to very many: what it costs the database, and when its letters go.

use chrono::Duration;
use plaudit::{
    articles, db,
    entities::{Frequency, Role, account, author, following, outbox},
    notices,
};
use sea_orm::{ConnectionTrait, DbBackend, EntityTrait, PaginatorTrait, Set, Statement};
use uuid::Uuid;

use super::publish;
use crate::support::TestApp;

/// How many readers a fan-out reaches at once.
const BATCH: usize = 1_000;
/// How many follow, in batches.
const BATCHES: usize = 10;
/// 60 MB for a hundred thousand.
const BYTES_A_LETTER: i64 = 600;

async fn followed_by_many(app: &TestApp, matthew: &author::Model, batches: usize) {
    let now = app.app.clock.now();
    let tx = db::begin(&app.app.db).await.expect("begun");
    for batch in 0..batches {
        let ids: Vec<Uuid> = (0..BATCH).map(|_| Uuid::now_v7()).collect();
        let accounts = ids
            .iter()
            .enumerate()
            .map(|(number, id)| account::ActiveModel {
                id: Set(*id),
                email: Set(Some(format!("reader.{batch}.{number}@mailbox.example.org"))),
                name: Set(format!("Reader Number {number}")),
                role: Set(Role::Reader),
                language: Set("en".to_owned()),
                created_at: Set(now),
                ..Default::default()
            });
        let follows = ids.iter().map(|id| following::ActiveModel {
            account_id: Set(*id),
            author_id: Set(matthew.id),
            frequency: Set(Frequency::AtOnce),
            previous: Set(None),
            left_article_id: Set(None),
            created_at: Set(now),
            updated_at: Set(now),
        });
        let accounts = account::Entity::insert_many(accounts);
        accounts.exec(&tx).await.expect("people");
        let follows = following::Entity::insert_many(follows);
        follows.exec(&tx).await.expect("follows");
    }
    tx.commit().await.expect("committed");
}

/// Bytes of the whole database.
async fn size(app: &TestApp) -> i64 {
    let db = &app.app.db;
    let query = match db.get_database_backend() {
        DbBackend::Postgres => "SELECT pg_database_size(current_database()) AS size",
        _ => "SELECT page_count * page_size AS size FROM pragma_page_count(), pragma_page_size()",
    };
    let statement = Statement::from_string(db.get_database_backend(), query);
    let row = db.query_one_raw(statement).await.expect("the size");
    row.expect("a row").try_get("", "size").expect("a number")
}

#[tokio::test]
async fn a_letter_to_one_of_very_many_takes_little_room() {
    let app = TestApp::start().await;
    let (_, matthew) = app.author("Matthew Smith").await;
    followed_by_many(&app, &matthew, BATCHES).await;
    let draft = app.draft_with(&matthew, "News", |_| {}).await;
    publish(&app, draft.id).await;
    let before = size(&app).await;
    while notices::fan_out(&app.app).await.expect("a batch") > 0 {}
    let readers = BATCHES * BATCH;
    let each = (size(&app).await - before) / readers as i64;
    assert_eq!(written(&app).await, readers as u64);
    assert!(each < BYTES_A_LETTER, "{each} bytes a letter");
}

async fn written(app: &TestApp) -> u64 {
    let rows = outbox::Entity::find().count(&app.app.db).await;
    rows.expect("rows")
}

/// Followed by three batches of readers, with letters written to the first.
async fn midway() -> (TestApp, Uuid) {
    let app = TestApp::start().await;
    let (_, matthew) = app.author("Matthew Smith").await;
    followed_by_many(&app, &matthew, 3).await;
    let draft = app.draft_with(&matthew, "News", |_| {}).await;
    publish(&app, draft.id).await;
    let reached = notices::fan_out(&app.app).await.expect("a batch");
    assert_eq!((reached, written(&app).await), (BATCH, BATCH as u64));
    (app, draft.id)
}

/// Delivers what may go now, and nothing else is done. Returns how many went.
async fn delivered(app: &TestApp) -> usize {
    let app = &app.app;
    let voices = |rows| notices::voices(app, rows);
    let sent = app.delivery.deliver_due(&app.db, &app.clock, voices).await;
    sent.expect("delivered")
}

#[tokio::test]
async fn letters_go_when_all_of_them_are_written_and_what_somebody_waits_for_goes_meanwhile() {
    let (app, _) = midway().await;
    assert_eq!(delivered(&app).await, 0);
    let form = [("email", "bob@example.org")];
    app.browser().post("/sign-in/link", &form).await;
    assert_eq!(delivered(&app).await, 1);
    assert_eq!(app.mails()[0].to, "bob@example.org");
    while notices::fan_out(&app.app).await.expect("a batch") > 0 {}
    assert_eq!(written(&app).await, 3 * BATCH as u64 + 1);
    assert!(delivered(&app).await > 1);
}

#[tokio::test]
async fn letters_whose_rest_is_never_written_wait_half_a_minute_and_no_longer() {
    let (app, _) = midway().await;
    app.app.clock.advance(Duration::seconds(29));
    assert_eq!(delivered(&app).await, 0);
    app.app.clock.advance(Duration::seconds(2));
    assert!(delivered(&app).await > 1);
}

#[tokio::test]
async fn an_article_taken_back_while_its_letters_are_written_reaches_nobody() {
    let (app, article) = midway().await;
    let back = articles::unpublish(&app.app, article, None).await;
    back.expect("taken back");
    assert_eq!(written(&app).await, 0);
    app.app.clock.advance(Duration::minutes(1));
    app.work().await;
    assert!(app.mails().is_empty());
}
