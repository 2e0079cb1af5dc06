//! Leaving an author's notices: by one press in a mail program, by the page behind the link, by one's own.

use plaudit::{
    entities::{Frequency, account, following, outbox},
    mail::unsubscribe::{self, Scope},
};
use reqwest::StatusCode;
use sea_orm::{ActiveModelTrait, EntityTrait, PaginatorTrait, Set};
use uuid::Uuid;

use super::{letters, publish};
use crate::support::{Page, TestApp};

/// What is written down about this reader and author.
async fn wants(app: &TestApp, reader: Uuid, author: Uuid) -> Option<bool> {
    let row = following::Entity::find_by_id((reader, author)).one(&app.app.db);
    let row = row.await.expect("the database");
    row.map(|row| row.frequency != Frequency::None)
}

#[tokio::test]
async fn one_press_in_the_mail_program_stops_notices_without_signing_in() {
    let app = TestApp::start().await;
    let (_, matthew) = app.author("Matthew Smith").await;
    let (ann, account) = app.reader("Ann").await;
    ann.submit("/authors/matthew-smith/follow", &[]).await;
    let token = unsubscribe::token(&app.app.key, account.id, Scope::Author(matthew.id));
    let path = format!("/unsubscribe/{token}");
    let stranger = app.browser();
    stranger
        .get(&path)
        .await
        .says("Shall we stop writing to you");
    let row = async || wants(&app, account.id, matthew.id).await == Some(true);
    assert!(row().await, "a GET changes nothing");
    let request = stranger
        .raw()
        .post(stranger.address(&path))
        .form(&[("List-Unsubscribe", "One-Click")]);
    assert_eq!(Page::of(request).await.status, StatusCode::OK);
    assert!(!row().await);
    let page = stranger.get(&path).await;
    page.says("Done. You get no more e-mails");
    stranger
        .post(&path, &[("undo", "yes")])
        .await
        .says("You will hear");
    assert!(row().await);
    let strange = stranger.get("/unsubscribe/00ff").await;
    assert_eq!(strange.status, StatusCode::NOT_FOUND);
    ann.post(
        "/account/notices",
        &[("author", &matthew.id.to_string()), ("wants", "no")],
    )
    .await;
    assert!(!row().await);
    ann.get("/account/notices")
        .await
        .says("Matthew Smith")
        .says("Not at all");
}

#[tokio::test]
async fn a_mail_program_may_send_either_type_of_form() {
    let app = TestApp::start().await;
    let (_, matthew) = app.author("Matthew Smith").await;
    let (ann, account) = app.reader("Ann").await;
    ann.submit("/authors/matthew-smith/follow", &[]).await;
    let token = unsubscribe::token(&app.app.key, account.id, Scope::Author(matthew.id));
    let stranger = app.browser();
    let body = "--x\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--x--\r\n";
    let request = stranger
        .raw()
        .post(stranger.address(&format!("/unsubscribe/{token}")))
        .header("content-type", "multipart/form-data; boundary=x")
        .body(body);
    assert_eq!(Page::of(request).await.status, StatusCode::OK);
    assert_eq!(wants(&app, account.id, matthew.id).await, Some(false));
}

#[tokio::test]
async fn a_link_of_an_account_that_became_part_of_another_still_works() {
    let app = TestApp::start().await;
    let (_, matthew) = app.author("Matthew Smith").await;
    let (_, ann) = app.reader("Ann").await;
    let (_, payer) = app.reader("Payer").await;
    app.patron(payer.id, &matthew).await;
    let draft = app.draft_with(&matthew, "News", |_| {}).await;
    publish(&app, draft.id).await;
    app.work().await;
    let token = unsubscribe::token(&app.app.key, payer.id, Scope::Author(matthew.id));
    // As merging leaves it: the mails are Ann's, and the payer is no more.
    let mail = outbox::Entity::find().one(&app.app.db).await;
    let mut mail: outbox::ActiveModel = mail.expect("the database").expect("a mail").into();
    mail.account_id = Set(Some(ann.id));
    mail.update(&app.app.db).await.expect("handed over");
    forget(&app, &payer, &ann).await;
    app.browser()
        .post(&format!("/unsubscribe/{token}"), &[])
        .await
        .says("Done");
    assert_eq!(wants(&app, ann.id, matthew.id).await, Some(false));
}

/// Hands the membership over and removes the account.
async fn forget(app: &TestApp, from: &account::Model, to: &account::Model) {
    use plaudit::entities::membership;
    use sea_orm::{ColumnTrait, QueryFilter, sea_query::Expr};
    membership::Entity::update_many()
        .col_expr(membership::Column::AccountId, Expr::value(to.id))
        .filter(membership::Column::AccountId.eq(from.id))
        .exec(&app.app.db)
        .await
        .expect("handed over");
    account::Entity::delete_by_id(from.id)
        .exec(&app.app.db)
        .await
        .expect("removed");
}

#[tokio::test]
async fn who_leaves_gets_nothing_that_was_on_its_way() {
    let app = TestApp::start().await;
    let (_, matthew) = app.author("Matthew Smith").await;
    let (ann, _) = app.reader("Ann").await;
    let (bob, _) = app.reader("Bob").await;
    for reader in [&ann, &bob] {
        reader.submit("/authors/matthew-smith/follow", &[]).await;
    }
    let draft = app.draft_with(&matthew, "News", |_| {}).await;
    publish(&app, draft.id).await;
    plaudit::notices::fan_out(&app.app).await.expect("a batch");
    let count = outbox::Entity::find().count(&app.app.db).await;
    assert_eq!(count.expect("a count"), 2);
    ann.submit("/authors/matthew-smith/follow", &[("wants", "no")])
        .await;
    app.work().await;
    let mails = letters(&app);
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].0, "bob@example.org");
}
