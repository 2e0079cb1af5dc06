//! The reader's own pages: her profile, her data, and leaving.

use plaudit::entities::{MembershipState, account, outbox, payment, session, token};
use reqwest::StatusCode;
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::Value;

use super::strangers::{membership, stranger};
use crate::support::TestApp;

#[tokio::test]
async fn a_reader_changes_her_name_and_language() {
    let app = TestApp::start().await;
    let (ann, _) = app.reader("Ann").await;
    ann.get("/account")
        .await
        .says("ann@example.org")
        .says("href=\"/account/notices\"")
        .says("action=\"/sign-out\"");
    ann.submit("/account", &[("name", " Ann Merrow "), ("language", "en")])
        .await
        .says("Your changes are kept.")
        .says("Signed in as Ann Merrow");
    for (name, language, says) in [
        (" ", "en", "Please tell us a name."),
        ("\u{200b}\u{200b}", "en", "Please tell us a name."),
        ("Ann & Bob", "tlh", "do not speak that language"),
    ] {
        let page = ann
            .post("/account", &[("name", name), ("language", language)])
            .await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        page.says(says);
    }
    let page = ann
        .post("/account", &[("name", &"x".repeat(81)), ("language", "de")])
        .await;
    page.says("80")
        .says(&"x".repeat(81))
        .says("value=\"de\" lang=\"de\" selected");
    ann.get("/account").await.says("Signed in as Ann Merrow");
    // What would turn the words after it round is left out.
    let turned = [("name", "Ann\u{202e} Merrow"), ("language", "en")];
    let page = ann.submit("/account", &turned).await;
    page.says("Signed in as Ann Merrow")
        .does_not_say("\u{202e}");
}

#[tokio::test]
async fn a_reader_downloads_everything_kept_about_her() {
    let app = TestApp::start().await;
    let (_, matthew) = app.author("Matthew Smith").await;
    let (ann, account) = app.reader("Ann").await;
    membership(&app, &account, &matthew, "sub_9", MembershipState::Active).await;
    ann.submit("/sign-in/link", &[("email", "ann@example.org")])
        .await;
    let answer = ann.get("/account/export").await;
    assert_eq!(answer.header("cache-control"), "no-store");
    assert!(
        answer
            .header("content-disposition")
            .starts_with("attachment")
    );
    let document: Value = serde_json::from_str(&answer.body).expect("JSON");
    assert_eq!(document["account"]["profile"]["email"], "ann@example.org");
    assert_eq!(
        document["account"]["profile"]["sessions"][0]["is_current"],
        true
    );
    assert_eq!(document["memberships"][0]["author"], "Matthew Smith");
    assert_eq!(document["memberships"][0]["amount"], 500);
    assert_eq!(document["mails"][0]["kind"], "sign_in");
    assert!(!answer.body.contains("token"), "{}", answer.body);
    assert_eq!(
        app.browser().get("/account/export").await.status,
        StatusCode::SEE_OTHER
    );
}

#[tokio::test]
async fn a_reader_who_leaves_takes_her_traces_along_and_leaves_the_books() {
    let app = TestApp::start().await;
    let (_, matthew) = app.author("Matthew Smith").await;
    stranger(&app, &matthew, "ann@example.org", 1).await;
    let ann = app.browser();
    ann.submit("/sign-in/link", &[("email", "ann@example.org")])
        .await;
    let link = app.mailed_link("ann@example.org").await;
    ann.submit(&link, &[]).await;
    ann.get("/account/delete")
        .await
        .says("Cancel your memberships first")
        .does_not_say("<form");
    let refused = ann.post("/account/delete", &[]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    refused.says("Cancel your memberships first");

    let db = &app.app.db;
    let account = app.account_of("ann@example.org").await.expect("still here");
    end_memberships(&app).await;
    ann.submit("/sign-in/link", &[("email", "ann@example.org")])
        .await;
    ann.get("/account/delete")
        .await
        .says("This cannot be undone");
    assert_eq!(ann.post("/account/delete", &[]).await.location(), "/");
    assert_eq!(ann.get("/account").await.status, StatusCode::SEE_OTHER);

    let row = account::Entity::find_by_id(account.id).one(db).await;
    let row = row.expect("an answer").expect("kept for the books");
    assert_eq!(row.name, "Deleted reader");
    assert_eq!(
        (row.email, row.contact_email, row.password_hash),
        (None, None, None)
    );
    assert!(row.deleted_at.is_some());
    assert_eq!(
        session::Entity::find().count(db).await.expect("a count"),
        1,
        "Matthew's"
    );
    assert_eq!(token::Entity::find().count(db).await.expect("a count"), 0);
    assert_eq!(outbox::Entity::find().count(db).await.expect("a count"), 0);
    let payments = payment::Entity::find().all(db).await.expect("rows");
    assert_eq!(payments[0].account_id, account.id);
    assert!(app.account_of("ann@example.org").await.is_none());

    ann.submit("/join", &[("name", "Ann"), ("email", "ann@example.org")])
        .await;
    let link = app.mailed_link("ann@example.org").await;
    ann.submit(&link, &[("name", "Ann")]).await;
    let again = app
        .account_of("ann@example.org")
        .await
        .expect("joined again");
    assert_ne!(again.id, account.id);
}

async fn end_memberships(app: &TestApp) {
    use plaudit::entities::membership::{Column, Entity};
    use sea_orm::sea_query::Expr;
    Entity::update_many()
        .col_expr(Column::State, Expr::value(MembershipState::Cancelling))
        .exec(&app.app.db)
        .await
        .expect("ended");
}

#[tokio::test]
async fn who_publishes_does_not_vanish_by_a_press() {
    let app = TestApp::start().await;
    let (matthew, author) = app.author("Matthew Smith").await;
    matthew
        .get("/account")
        .await
        .does_not_say("/account/delete");
    let page = matthew.post("/account/delete", &[]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    page.says("You publish here");
    let row = account::Entity::find_by_id(author.account_id)
        .one(&app.app.db)
        .await;
    assert_eq!(
        row.expect("an answer").expect("there").name,
        "Matthew Smith"
    );
}
