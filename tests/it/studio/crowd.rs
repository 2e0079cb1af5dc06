//! Many patrons: who is found among them, and who is named.

use plaudit::entities::{
    Role, account, author, supporter,
    visibility::{self, Choice},
};
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set, EntityTrait as _};
use uuid::Uuid;

use crate::support::TestApp;

/// So many patrons of this author, all glad to be named: Émile 1, Émile 2, …
async fn patrons(app: &TestApp, author: &author::Model, number: usize) {
    let now = app.app.clock.now();
    let ids: Vec<Uuid> = (0..number).map(|_| Uuid::now_v7()).collect();
    let accounts = ids
        .iter()
        .zip(1..)
        .map(|(id, number)| account::ActiveModel {
            id: Set(*id),
            email: Set(Some(format!("patron{number}@example.org"))),
            name: Set(format!("Émile {number}")),
            role: Set(Role::Reader),
            language: Set("en".to_owned()),
            created_at: Set(now),
            ..Default::default()
        });
    let supporters = ids.iter().map(|id| supporter::ActiveModel {
        author_id: Set(author.id),
        account_id: Set(*id),
        is_patron: Set(true),
        standing: Set("patron".to_owned()),
        yearly: Set(3600),
        first_at: Set(now),
        reckoned_at: Set(Some(now)),
        ..Default::default()
    });
    let choices = ids.iter().map(|id| visibility::ActiveModel {
        account_id: Set(*id),
        author_id: Set(author.id),
        choice: Set(Choice::Public),
        updated_at: Set(now),
    });
    let db = &app.app.db;
    let kept = account::Entity::insert_many(accounts).exec(db).await;
    kept.expect("accounts");
    let kept = supporter::Entity::insert_many(supporters).exec(db).await;
    kept.expect("supporters");
    let kept = visibility::Entity::insert_many(choices).exec(db).await;
    kept.expect("choices");
}

#[tokio::test]
async fn of_very_many_who_want_to_be_named_some_are_and_the_rest_is_counted() {
    let app = TestApp::start().await;
    let (_, matthew) = app.author("Matthew Smith").await;
    patrons(&app, &matthew, 203).await;
    let page = app.browser().get("/authors/matthew-smith").await;
    page.says("<bdi>Émile 1</bdi>").says("and 3 more");
    assert_eq!(page.body.matches("<bdi>Émile ").count(), 200);
}

#[tokio::test]
async fn a_long_address_breaks_behind_its_signs_and_not_within_a_word() {
    let app = TestApp::start().await;
    let (owner, _) = app.owner().await;
    let (matthew, author) = app.author("Matthew Smith").await;
    patrons(&app, &author, 1).await;
    for (browser, room) in [(&owner, "/admin/people"), (&matthew, "/studio/supporters")] {
        let page = String::from_utf8(browser.bytes(room).await).expect("text");
        assert!(page.contains(">patron1@<wbr>example.<wbr>org<"), "{page}");
    }
}

#[tokio::test]
async fn somebody_is_found_among_many_whatever_the_case_of_her_letters() {
    let app = TestApp::start().await;
    let (owner, _) = app.owner().await;
    let (matthew, author) = app.author("Matthew Smith").await;
    patrons(&app, &author, 12).await;
    for typed in [
        "émile 12",
        "Émile 12",
        "ÉMILE 12",
        "emile 12",
        "E\u{301}mile 12",
        "Patron12@Example",
    ] {
        let typed = url::form_urlencoded::byte_serialize(typed.as_bytes()).collect::<String>();
        for (browser, room) in [(&owner, "/admin/people"), (&matthew, "/studio/supporters")] {
            let found = browser.get(&format!("{room}?q={typed}")).await;
            found
                .says("One person")
                .says("patron12@example.org")
                .does_not_say("patron1@example.org");
        }
    }
    let (_, angstrom) = app.reader("Anders").await;
    let mut row: account::ActiveModel = angstrom.into();
    row.name = Set("Ångström [Øre] 100%".to_owned());
    row.update(&app.app.db).await.expect("renamed");
    for typed in ["angstrom", "ÅNGSTRÖM", "[ore", "100%25", "m%20[", "strom"] {
        let found = owner.get(&format!("/admin/people?q={typed}")).await;
        found
            .says("anders@example.org")
            .does_not_say("patron12@example.org");
    }
    for typed in ["angstrum", "%5Bx", "*", "_", ".%2B", "10%25"] {
        let found = owner.get(&format!("/admin/people?q={typed}")).await;
        found.does_not_say("anders@example.org");
    }
    let long = "a%".repeat(2_000);
    let long = url::form_urlencoded::byte_serialize(long.as_bytes()).collect::<String>();
    owner
        .get(&format!("/admin/people?q={long}"))
        .await
        .says("Nobody is like that.");
    let found = owner.get("/admin/people?q=%25%25").await;
    found
        .says("Nobody is like that.")
        .says("Show everybody")
        .does_not_say("patron12@example.org");
}
