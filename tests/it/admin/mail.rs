//! `/admin/mail`: what could not go is tried again or set aside, by a press.

use plaudit::{
    entities::{
        audit_entry,
        outbox::{self, State},
    },
    mail::Letter,
};
use sea_orm::{ActiveModelTrait as _, EntityTrait as _, QueryOrder as _, Set};

use crate::{mail::an_end, support::TestApp};

/// A dead letter to Ann.
async fn dead_letter(app: &TestApp) -> outbox::Model {
    let (_, ann) = app.reader("Ann").await;
    let letter = Letter {
        key: "ended:1".to_owned(),
        kind: "ended",
        to: &ann,
        values: an_end(),
    };
    let tx = plaudit::db::begin(&app.app.db).await.expect("begun");
    let now = app.app.clock.now();
    let written = app.app.outbox.enqueue(&tx, now, letter).await;
    assert!(written.expect("written"));
    tx.commit().await.expect("committed");
    let row = outbox::Entity::find().one(&app.app.db).await;
    let mut row: outbox::ActiveModel = row.expect("read").expect("a row").into();
    row.state = Set(State::Dead);
    row.error = Set(Some("554 unwanted".to_owned()));
    row.attempts = Set(3);
    row.update(&app.app.db).await.expect("dead")
}

#[tokio::test]
async fn a_dead_letter_is_set_aside_and_tried_again_by_the_owner_alone() {
    let app = TestApp::start().await;
    let (owner, _) = app.owner().await;
    let (author, _) = app.author("Matthew Smith").await;
    let mail = dead_letter(&app).await;
    let path = format!("/admin/mail/{}", mail.id);
    let state = async || {
        let row = outbox::Entity::find_by_id(mail.id).one(&app.app.db).await;
        row.expect("read").expect("a row").state
    };
    owner.get("/admin/mail").await.says("554 unwanted");
    let only = async |state: &str| owner.get(&format!("/admin/mail?state={state}")).await;
    only("dead").await.says("554 unwanted");
    let others = only("waiting").await;
    others
        .says("no mails of this kind")
        .does_not_say("554 unwanted");
    for act in ["retry", "discard"] {
        let answer = author.post(&format!("{path}/{act}"), &[]).await;
        assert!(answer.status.is_client_error(), "{}", answer.status);
    }
    assert_eq!(state().await, State::Dead);
    owner.submit(&format!("{path}/discard"), &[]).await;
    assert_eq!(state().await, State::Discarded);
    app.work().await;
    assert!(app.mails().is_empty());
    owner.submit(&format!("{path}/retry"), &[]).await;
    app.work().await;
    assert_eq!(state().await, State::Sent);
    assert_eq!(app.mails().len(), 1);
    for act in ["retry", "discard"] {
        owner.submit(&format!("{path}/{act}"), &[]).await;
        assert_eq!(state().await, State::Sent, "what has gone stays gone");
    }
    let noted = audit_entry::Entity::find().order_by_asc(audit_entry::Column::At);
    let noted = noted.all(&app.app.db).await.expect("entries");
    let acts: Vec<&str> = noted.iter().map(|entry| entry.act.as_str()).collect();
    assert_eq!(acts, ["discard", "retry"]);
}

#[tokio::test]
async fn letters_are_called_by_what_they_are_in_the_owners_language() {
    let app = TestApp::start().await;
    let (owner, _) = app.owner().await;
    let mail = dead_letter(&app).await;
    let path = format!("/admin/mail/{}", mail.id);
    let link = |name: &str| format!("href=\"{path}\">{name}</a>");
    for list in ["/admin/mail", "/admin/mail?state=dead"] {
        owner.get(list).await.says(&link("The support has ended"));
    }
    let page = owner.get(&path).await;
    page.says("<title>The support has ended ");
    let german = [("name", "Olivia"), ("language", "de")];
    owner.post("/account", &german).await;
    let page = owner.get("/admin/mail").await;
    page.says(&link("Unterstützung zu Ende"));
    // Of a version whose letters were others.
    let mut row: outbox::ActiveModel = mail.into();
    row.kind = Set("lantern".to_owned());
    row.update(&app.app.db).await.expect("another kind");
    let page = owner.get("/admin/mail").await;
    page.says(&link("Eine andere E-Mail"));
}
