//! No event is acknowledged before it is on disk, whatever breaks in between; and none is handled twice.

use std::{process::Command, time::Duration};

use plaudit::{
    entities::{MembershipState as State, stripe_event},
    payments::sign,
    sandbox::stripe::Card,
};
use reqwest::StatusCode;
use sea_orm::{ConnectionTrait as _, EntityTrait as _, PaginatorTrait as _};
use tokio::io::AsyncWriteExt as _;

use super::{webhook::inbox, world::World};
use crate::support::{Page, Running, TestApp, WEBHOOK_SECRET};

impl World {
    /// The world of today, for what runs in a process of its own and has no other clock.
    pub async fn today() -> Self {
        Self::around(TestApp::start().await).await
    }
}

#[tokio::test]
async fn s92_without_the_database_the_answer_is_not_now_and_a_retry_succeeds() {
    let world = World::today().await;
    let subscription = world.subscribe(Card::Good).await;
    let event = world.event("invoice.paid", &subscription);
    let replica = world.app.replica().await;
    let (body, signature) = world.app.stripe.signed(&event).expect("signed");
    replica.close_database().await;
    let request = reqwest::Client::new()
        .post(format!("{}/webhooks/stripe", replica.url))
        .header("stripe-signature", &signature)
        .body(body);
    let answer = Page::of(request).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(inbox(&world).await.is_empty());
    world.arrive(&event).await;
    assert_eq!(world.memberships().await[0].state, State::Active);
}

/// As if the database died after the insert: every commit that holds an event fails.
const BREAKING_SQLITE: [&str; 3] = [
    "CREATE TABLE rest (id INTEGER PRIMARY KEY)",
    "CREATE TABLE dust (id INTEGER REFERENCES rest (id) DEFERRABLE INITIALLY DEFERRED)",
    "CREATE TRIGGER breaking AFTER INSERT ON stripe_event \
     BEGIN INSERT INTO dust (id) VALUES (1); END",
];
const BREAKING_POSTGRES: [&str; 2] = [
    "CREATE FUNCTION breaking() RETURNS trigger LANGUAGE plpgsql AS \
     $$ BEGIN RAISE EXCEPTION 'gone'; END $$",
    "CREATE CONSTRAINT TRIGGER breaking AFTER INSERT ON stripe_event \
     DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION breaking()",
];

#[tokio::test]
async fn s93_when_the_commit_fails_the_answer_is_not_now_and_a_retry_makes_one_row() {
    let world = World::today().await;
    let subscription = world.subscribe(Card::Good).await;
    let event = world.event("invoice.paid", &subscription);
    let db = &world.app.app.db;
    let (breaking, mending): (&[&str], _) = match plaudit::db::is_postgres(db) {
        true => (&BREAKING_POSTGRES, "DROP TRIGGER breaking ON stripe_event"),
        false => (&BREAKING_SQLITE, "DROP TRIGGER breaking"),
    };
    for statement in breaking {
        db.execute_unprepared(statement).await.expect(statement);
    }
    let answer = world.post(&event).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(inbox(&world).await.is_empty());
    db.execute_unprepared(mending).await.expect(mending);
    world.arrive(&event).await;
    world.arrive(&event).await;
    assert_eq!(inbox(&world).await.len(), 1);
    assert_eq!(world.memberships().await[0].state, State::Active);
    assert_eq!(world.mails().await, "R W");
}

/// A web process without a worker, over the world's database.
fn served(command: &mut Command) -> &mut Command {
    command
        .env("PLAUDIT__SERVER__LISTEN", "127.0.0.1:0")
        .env("PLAUDIT__STRIPE__WEBHOOK_SECRETS", WEBHOOK_SECRET)
        .env("PLAUDIT__MAIL__TRANSPORT", "memory")
}

#[tokio::test]
async fn s94_killed_after_the_commit_the_retry_is_seen_and_the_work_done_once() {
    let world = World::today().await;
    let subscription = world.subscribe(Card::Good).await;
    let event = world.event("invoice.paid", &subscription);
    let (body, signature) = world.app.stripe.signed(&event).expect("signed");
    let mut command = world.app.command(&["serve", "--no-worker"]);
    let mut service = Running::start(served(&mut command));
    let url = service.says("listening on ").await;
    let host = url.trim_start_matches("http://");
    let stream = tokio::net::TcpStream::connect(host).await;
    let mut stream = stream.expect("a connection");
    let request = format!(
        "POST /webhooks/stripe HTTP/1.1\r\nHost: {host}\r\nStripe-Signature: {signature}\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).await.expect("sent");
    while inbox(&world).await.is_empty() {
        tokio::task::yield_now().await;
    }
    // With SIGKILL; nobody has read the answer.
    drop(service);
    drop(stream);
    world.arrive(&event).await;
    world.app.work().await;
    assert_eq!(inbox(&world).await.len(), 1);
    assert_eq!(world.memberships().await.len(), 1);
    assert_eq!(world.mails().await, "R W");
}

#[tokio::test]
async fn s95_killed_before_its_commit_the_work_is_done_once_by_another() {
    let world = World::today().await;
    let subscription = world.subscribe(Card::Good).await;
    let event = world.event("invoice.paid", &subscription);
    assert_eq!(world.post(&event).await.status, StatusCode::OK);
    world.app.stripe.answer_after(Duration::from_secs(60));
    let mut command = world.app.command(&["work"]);
    let worker = Running::start(served(&mut command));
    while inbox(&world).await[0].locked_until.is_none() {
        tokio::task::yield_now().await;
    }
    // With SIGKILL, before it could write anything.
    drop(worker);
    world.app.stripe.answer_after(Duration::ZERO);
    assert!(world.memberships().await.is_empty());
    world.app.app.clock.advance(chrono::Duration::minutes(2));
    world.app.work().await;
    assert_eq!(world.memberships().await.len(), 1);
    assert_eq!(world.mails().await, "R W");
}

#[tokio::test]
async fn s96_killed_between_the_membership_and_its_letters_they_are_sent_after_all() {
    let world = World::today().await;
    let subscription = world.subscribe(Card::Good).await;
    let event = world.event("invoice.paid", &subscription);
    assert_eq!(world.post(&event).await.status, StatusCode::OK);
    // A relay that never says a word.
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port");
    let relay = format!("smtp://{}", silent.local_addr().expect("an address"));
    let mut command = world.app.command(&["work"]);
    served(&mut command)
        .env("PLAUDIT__MAIL__TRANSPORT", "smtp")
        .env("PLAUDIT__MAIL__SMTP_URL", relay);
    let worker = Running::start(&mut command);
    while world.memberships().await.is_empty() {
        tokio::task::yield_now().await;
    }
    drop(worker);
    assert_eq!(world.memberships().await.len(), 1);
    assert!(world.app.mails().is_empty());
    world.app.app.clock.advance(chrono::Duration::minutes(2));
    world.app.work().await;
    // Hers, and the one to the author.
    let sent = world.app.mails().len();
    assert_eq!((sent, world.mails().await.as_str()), (3, "R W"));
}

#[tokio::test]
async fn s105_on_a_full_disk_nothing_is_acknowledged_that_is_not_kept() {
    let world = World::today().await;
    let folder = tempfile::tempdir().expect("a folder");
    let database = format!("sqlite://{}/full.db", folder.path().display());
    let own = world.app.command(&["serve", "--no-worker"]);
    // No file may grow beyond this; the signal that tells of it is ignored, as on a full disk.
    let limited = "trap '' XFSZ; ulimit -f 6000; exec \"$0\" \"$@\"";
    let mut command = Command::new("sh");
    command.args(["-c", limited]).arg(own.get_program());
    command.args(own.get_args());
    command.envs(
        own.get_envs()
            .filter_map(|(name, value)| Some((name, value?))),
    );
    served(&mut command).env("PLAUDIT__DATABASE__URL", &database);
    let mut service = Running::start(&mut command);
    let url = service.says("listening on ").await;
    let event = |number: usize| {
        let weight = "x".repeat(200_000);
        format!(r#"{{"id":"evt_{number:03}","type":"moon.full","data":{{"weight":"{weight}"}}}}"#)
    };
    let post = async |url: &str, body: String| {
        let now = world.app.app.clock.now();
        let signature = sign(body.as_bytes(), WEBHOOK_SECRET, now);
        let request = reqwest::Client::new()
            .post(format!("{url}/webhooks/stripe"))
            .header("stripe-signature", signature)
            .body(body);
        Page::of(request).await.status
    };
    let mut taken = 0;
    while post(&url, event(taken)).await == StatusCode::OK {
        taken += 1;
        assert!(taken < 200, "the disk never filled");
    }
    assert_eq!(
        post(&url, event(taken)).await,
        StatusCode::SERVICE_UNAVAILABLE
    );
    drop(service);
    let mut command = world.app.command(&["serve", "--no-worker"]);
    served(&mut command).env("PLAUDIT__DATABASE__URL", &database);
    let mut service = Running::start(&mut command);
    let url = service.says("listening on ").await;
    let db = plaudit::db::connect(&database).await.expect("the database");
    let kept = stripe_event::Entity::find().count(&db).await;
    assert_eq!(kept.expect("a count"), taken as u64);
    assert!(taken > 0);
    assert_eq!(post(&url, event(taken)).await, StatusCode::OK);
    let kept = stripe_event::Entity::find().count(&db).await;
    assert_eq!(kept.expect("a count"), taken as u64 + 1);
}
