//! A notice to very many: what it costs the database.

use plaudit::{
    db,
    entities::{Frequency, Role, account, author, following, outbox},
};
use sea_orm::{ConnectionTrait, DbBackend, EntityTrait, PaginatorTrait, Set, Statement};
use uuid::Uuid;

use super::publish;
use crate::support::TestApp;

/// How many readers follow.
const READERS: usize = 10_000;
/// 60 MB for a hundred thousand.
const BYTES_A_LETTER: i64 = 600;

async fn followed_by_many(app: &TestApp, matthew: &author::Model) {
    let now = app.app.clock.now();
    let tx = db::begin(&app.app.db).await.expect("begun");
    for batch in 0..READERS / 1_000 {
        let ids: Vec<Uuid> = (0..1_000).map(|_| Uuid::now_v7()).collect();
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
    followed_by_many(&app, &matthew).await;
    let draft = app.draft_with(&matthew, "News", |_| {}).await;
    publish(&app, draft.id).await;
    let before = size(&app).await;
    while plaudit::notices::fan_out(&app.app).await.expect("a batch") > 0 {}
    let each = (size(&app).await - before) / READERS as i64;
    let rows = outbox::Entity::find().count(&app.app.db).await;
    assert_eq!(rows.expect("rows"), READERS as u64);
    assert!(each < BYTES_A_LETTER, "{each} bytes a letter");
}
