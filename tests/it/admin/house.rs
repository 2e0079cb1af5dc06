//! The owner's house: who is invited, what the publication is called, what was done, what waits.

use plaudit::entities::{
    Role, account, author,
    errand::{self, Kind, State},
    outbox,
};
use reqwest::StatusCode;
use sea_orm::{ActiveModelTrait as _, EntityTrait as _, IntoActiveModel as _};
use uuid::Uuid;

use crate::{
    membership::World,
    support::{Browser, TestApp},
};

fn link(app: &TestApp, letter: &outbox::Model) -> String {
    let lines = letter.body_text.lines();
    let mut found = lines.filter_map(|line| line.strip_prefix(app.url.as_str()));
    let path = found.find(|path| path.contains("/invitations/"));
    path.expect("a link").to_owned()
}

async fn invites(owner: &Browser, email: &str, role: &str) -> StatusCode {
    let form = [("email", email), ("name", "Nora"), ("role", role)];
    owner.post("/admin/invitations", &form).await.status
}

#[tokio::test]
async fn who_is_invited_to_write_has_a_page_and_a_studio_after_one_press() {
    let app = TestApp::start().await;
    let (owner, _) = app.owner().await;
    let status = invites(&owner, "Nora@Example.org", "author").await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    owner
        .get("/admin/people")
        .await
        .says("nora@example.org")
        .says("Send again");
    let letter = app.letters("nora@example.org").await.remove(0);
    assert_eq!(letter.subject, "Would you write for Plaudit?");
    let path = link(&app, &letter);
    let nora = app.browser();
    nora.get(&path)
        .await
        .says("Olivia invites you")
        .says("value=\"Nora\"");
    let nobody = account::Entity::by_email("nora@example.org").one(&app.app.db);
    assert!(nobody.await.expect("asked").is_none(), "looking is free");
    let unnamed = nora.post(&path, &[("name", " ")]).await;
    assert_eq!(unnamed.status, StatusCode::UNPROCESSABLE_ENTITY);
    let in_she_is = nora.post(&path, &[("name", "Nora Falk")]).await;
    assert_eq!(in_she_is.location(), "/studio");
    nora.get("/studio")
        .await
        .says("Your place of work".to_lowercase().as_str());
    nora.get("/authors/nora-falk").await.says("Nora Falk");
    assert_eq!(app.browser().get(&path).await.status, StatusCode::GONE);
    owner
        .get("/admin/people")
        .await
        .does_not_say("Send again")
        .says("Nora Falk");
    owner
        .get("/admin/audit?q=nora%40example.org")
        .await
        .says("Invited somebody")
        .says("Olivia");
    let accepted = owner.get("/admin/audit?q=accept").await;
    accepted.says("Accepted an invitation").says("Nora Falk");
}

#[tokio::test]
async fn an_invitation_is_sent_again_and_taken_back_and_its_links_end() {
    let app = TestApp::start().await;
    let (owner, _) = app.owner().await;
    let (ann, before) = app.reader("Ann").await;
    invites(&owner, "ann@example.org", "author").await;
    let first = link(&app, &app.letters("ann@example.org").await[0]);
    let id = async || {
        let open = plaudit::entities::invitation::Entity::open();
        let open = open.one(&app.app.db).await.expect("asked");
        open.expect("an invitation").id
    };
    let again = format!("/admin/invitations/{}/again", id().await);
    owner.post(&again, &[]).await;
    assert_eq!(ann.get(&first).await.status, StatusCode::GONE);
    let second = link(&app, &app.letters("ann@example.org").await[1]);
    ann.get(&second).await.says("Olivia invites you");
    let withdraw = format!("/admin/invitations/{}/withdraw", id().await);
    owner.submit(&withdraw, &[]).await.says("is taken back");
    assert_eq!(ann.post(&second, &[]).await.status, StatusCode::GONE);
    let row = account::Entity::find_by_id(before.id)
        .one(&app.app.db)
        .await;
    assert_eq!(row.expect("asked").expect("Ann").role, Role::Reader);
    owner.submit(&withdraw, &[]).await.says("not open any more");
    // Not even the owner's mail is asked twice, and nobody else may ask.
    for (email, words) in [("olivia@example.org", "is that already"), ("not one", "@")] {
        let form = [("email", email), ("role", "author")];
        let page = owner.post("/admin/invitations", &form).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        page.says(email).says(words);
    }
    let status = invites(&ann, "eve@example.org", "owner").await;
    assert_ne!(status, StatusCode::SEE_OTHER);
    assert!(app.letters("eve@example.org").await.is_empty());
}

#[tokio::test]
async fn an_invitation_runs_out_and_a_reader_who_accepts_keeps_what_she_has() {
    let app = TestApp::start().await;
    let (owner, _) = app.owner().await;
    let (_, ann) = app.reader("Ann").await;
    invites(&owner, "ann@example.org", "owner").await;
    let path = link(&app, &app.letters("ann@example.org").await[0]);
    app.app.clock.advance(chrono::Duration::days(15));
    assert_eq!(app.browser().get(&path).await.status, StatusCode::GONE);
    let owner = app.the_owner().await;
    owner.get("/admin/people").await.says("run out");
    invites(&owner, "ann@example.org", "owner").await;
    let path = link(
        &app,
        app.letters("ann@example.org")
            .await
            .last()
            .expect("a letter"),
    );
    app.browser().submit(&path, &[]).await.says("Welcome");
    let row = account::Entity::find_by_id(ann.id).one(&app.app.db).await;
    let row = row.expect("asked").expect("Ann");
    assert_eq!((row.role, row.name.as_str()), (Role::Owner, "Ann"));
}

#[tokio::test]
async fn a_role_is_given_with_a_page_and_taken_and_noted() {
    let app = TestApp::start().await;
    let (owner, _) = app.owner().await;
    let (bob, account) = app.reader("Bob").await;
    let path = format!("/admin/people/{}", account.id);
    owner
        .submit(&path, &[("role", "author")])
        .await
        .says("Changed");
    bob.get("/studio").await.says("Patrons");
    let page = author::Entity::of_account(account.id)
        .one(&app.app.db)
        .await;
    assert_eq!(page.expect("asked").expect("a page").slug, "bob");
    owner
        .submit(&path, &[("role", "reader")])
        .await
        .says("Changed");
    assert_ne!(bob.get("/studio").await.status, StatusCode::OK);
    let log = owner.get("/admin/audit").await;
    log.says("Changed a role").says("to: reader").says("Bob");
}

#[tokio::test]
async fn what_the_owner_calls_it_stands_on_pages_mails_and_receipts() {
    let world = World::new().await;
    let app = &world.app;
    let replica = app.replica().await;
    let stranger = app.browser();
    stranger.get("/").await.says("Plaudit");
    let owner = app.the_owner().await;
    let form = [
        ("name", "The Tarrow Post"),
        ("tagline", "News \u{202e}from\r\nthe\u{2066} quay"),
        ("address", "1 Fish Quay\r\nTarrow"),
        ("legal_name", "Tarrow \u{202d}Post Ltd"),
        ("vat_id", "DE123"),
        ("accent", "#0044CC"),
    ];
    owner
        .submit("/admin/publication", &form)
        .await
        .says("Readers see it within seconds")
        .says("value=\"#0044cc\"");
    let front = stranger.get("/").await;
    front
        .says("The Tarrow Post")
        .says("News from the quay")
        .does_not_say("\u{202e}")
        .says("/brand/0044cc.css");
    let css = stranger.get("/brand/0044cc.css").await;
    assert_eq!(css.header("content-type"), "text/css; charset=utf-8");
    css.says("light-dark(#0044cc, #");
    let strange = stranger.get("/brand/red;}.css").await;
    assert_eq!(strange.status, StatusCode::NOT_FOUND);
    replica
        .app
        .house
        .refresh(&replica.app.db)
        .await
        .expect("read");
    assert_eq!(replica.app.house.now().name, "The Tarrow Post");
    world.subscribe(plaudit::sandbox::stripe::Card::Good).await;
    world.all_arrive().await;
    let receipt = world.browser.get("/account/receipts/1").await;
    receipt
        .says("Tarrow Post Ltd")
        .says("1 Fish Quay")
        .says("DE123");
    let letters = app.letters("ann@example.org").await;
    let welcome = letters.iter().find(|letter| letter.kind == "welcome");
    let welcome = welcome.expect("a welcome");
    assert!(welcome.body_text.contains("The Tarrow Post"));
    for (field, wrong) in [("accent", "reddish"), ("name", &*"x".repeat(101))] {
        let page = owner.post("/admin/publication", &[(field, wrong)]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        page.says(wrong).says("Nothing was saved");
    }
    owner.submit("/admin/publication", &[("name", "")]).await;
    let front = stranger.get("/").await;
    front.says("Plaudit").does_not_say("/brand/");
}

#[tokio::test]
async fn what_stripe_would_not_do_is_seen_and_tried_again() {
    let app = TestApp::start().await;
    let (owner, _) = app.owner().await;
    owner.get("/admin/jobs").await.says("Nothing waits");
    let now = app.app.clock.now();
    let row = errand::Model {
        id: Uuid::now_v7(),
        key: "expire:cs_1".to_owned(),
        kind: Kind::ExpireSession,
        subject: "cs_1".to_owned(),
        state: State::Failed,
        attempts: 9,
        run_at: now,
        locked_until: None,
        error: Some("no such <b>session</b>".to_owned()),
        created_at: now - chrono::Duration::days(4),
        done_at: None,
    };
    let id = row.id;
    let row = row.into_active_model().reset_all();
    row.insert(&app.app.db).await.expect("an errand");
    owner
        .get("/admin/jobs")
        .await
        .says("Could not be done")
        .says("Close a checkout")
        .says("no such &lt;b&gt;session");
    let again = format!("/admin/jobs/{id}/retry");
    owner.submit(&again, &[]).await.says("tried again at once");
    app.work().await;
    let row = errand::Entity::find_by_id(id).one(&app.app.db).await;
    assert_eq!(row.expect("asked").expect("kept").state, State::Done);
    assert_eq!(owner.post(&again, &[]).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_was_done_is_paged_and_searched() {
    let app = TestApp::start().await;
    let (owner, account) = app.owner().await;
    owner
        .get("/admin/audit")
        .await
        .says("Nothing was changed yet");
    for number in 0..60 {
        let now = app.app.clock.now();
        let detail = serde_json::json!({ "number": number });
        let subject = format!("evt_{number:02}");
        let done = plaudit::entities::audit_entry::Entity::note(
            &app.app.db,
            now,
            Some(account.id),
            "discard",
            &subject,
            &detail,
        );
        done.await.expect("noted");
        app.app.clock.advance(chrono::Duration::seconds(1));
    }
    let page = owner.get("/admin/audit").await;
    page.says("evt_59")
        .says("evt_10")
        .does_not_say("evt_09")
        .says("rel=\"next\"");
    let next = page
        .body
        .split("rel=\"next\" href=\"")
        .nth(1)
        .expect("a link");
    let next = next.split('"').next().expect("an address");
    owner.get(next).await.says("evt_09").does_not_say("evt_10");
    owner
        .get("/admin/audit?q=evt_31")
        .await
        .says("evt_31")
        .does_not_say("evt_30");
    let percent = owner.get("/admin/audit?q=%25").await;
    percent.says("Nothing that was done has");
}
